/** The scene document of a placement, as the server writes it: metres, y up, origin at the placement. */

import type { Box, Vector } from "./vectors";

export const CAMERA_NAMES = ["people", "approach", "overview"] as const;
export type CameraName = (typeof CAMERA_NAMES)[number];

/** A pinhole: `fov_deg` is the vertical field of view in a frame of 4:3. */
export interface CameraPart {
    readonly name: CameraName;
    readonly position: Vector;
    readonly target: Vector;
    readonly fov_deg: number;
}

/** Everything the 3D view needs to know; colours are `#rrggbb`, directions unit vectors. */
export interface SceneDocument {
    readonly version: 1;
    readonly model: {
        readonly url: string;
        readonly position: Vector;
        readonly rotation_y: number;
        readonly scale: number;
    };
    readonly surroundings: { readonly url: string };
    /** Width, height and depth of the placed model, along its own axes. */
    readonly size_m: Vector;
    readonly bounds: Box;
    readonly cameras: readonly CameraPart[];
    readonly sun: { readonly direction: Vector; readonly color: string; readonly intensity: number };
    readonly sky: { readonly zenith: string; readonly horizon: string; readonly ground: string };
    readonly haze: { readonly color: string; readonly near_m: number; readonly far_m: number };
    /** Buildings around, which no camera may enter. */
    readonly solids: readonly Box[];
}

/** Fetch a document. Throws when there is none, or one of another version. */
export async function fetchScene(url: string, signal: AbortSignal): Promise<SceneDocument> {
    const answer = await fetch(url, { signal });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    const document = (await answer.json()) as Partial<SceneDocument>;
    if (document.version !== 1) throw new Error(`${url}: not a scene of version 1`);
    return document as SceneDocument;
}

/** Fetch a file. Throws when there is none. */
export async function fetchBytes(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
    const answer = await fetch(url, { signal });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.arrayBuffer();
}
