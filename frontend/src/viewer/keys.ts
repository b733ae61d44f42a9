/** What a key does on the focused view. */

import type { CameraName } from "./document";

export type Command =
    | { readonly kind: "turn"; readonly azimuth: number; readonly elevation: number }
    | { readonly kind: "zoom"; readonly factor: number }
    | { readonly kind: "camera"; readonly name: CameraName }
    | { readonly kind: "leave" };

const STEP = Math.PI / 36;
const NEARER = 0.85;

const COMMANDS: Readonly<Record<string, Command>> = {
    // The camera walks to the side that the arrow shows.
    ArrowLeft: { kind: "turn", azimuth: STEP, elevation: 0 },
    ArrowRight: { kind: "turn", azimuth: -STEP, elevation: 0 },
    ArrowUp: { kind: "turn", azimuth: 0, elevation: STEP },
    ArrowDown: { kind: "turn", azimuth: 0, elevation: -STEP },
    "+": { kind: "zoom", factor: NEARER },
    ";": { kind: "zoom", factor: NEARER }, // + without Shift on a Japanese keyboard
    "=": { kind: "zoom", factor: NEARER }, // … and on an American one
    "-": { kind: "zoom", factor: 1 / NEARER },
    "1": { kind: "camera", name: "people" },
    "2": { kind: "camera", name: "approach" },
    "3": { kind: "camera", name: "overview" },
    Home: { kind: "camera", name: "people" },
    Escape: { kind: "leave" },
};

/** The command of a key press; null for a key that stays the browser's. */
export function commandOf(event: KeyboardEvent): Command | null {
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    return COMMANDS[event.key] ?? null;
}
