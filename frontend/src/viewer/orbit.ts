/** Where the camera is: on a sphere around what it looks at. Pure; angles in radians. */

import type { CameraPart } from "./document";
import type { Box, Vector } from "./vectors";
import { between, clamp, entry, length, minus } from "./vectors";

/** Azimuth is clockwise from north as seen from above, elevation is up from the horizon. */
export interface Orbit {
    readonly target: Vector;
    readonly azimuth: number;
    readonly elevation: number;
    readonly distance: number;
    readonly fovDeg: number;
}

/** What the camera may do: how low it may come, how near and how far, and the buildings it may not enter. */
export interface Limits {
    readonly lowest: number;
    readonly nearest: number;
    readonly farthest: number;
    readonly solids: readonly Box[];
}

const STEEPEST = (85 * Math.PI) / 180;
const LOWEST_M = 0.5;
const NEAREST_M = 1.5;
const FARTHEST_M = 60;
const WALL_M = 0.5;
const PICTURE_ASPECT = 4 / 3;
const WIDEST_DEG = 80;

/** The orbit of a camera of the document. */
export function orbitOf(camera: CameraPart): Orbit {
    const away = minus(camera.position, camera.target);
    const distance = length(away);
    return {
        target: camera.target,
        azimuth: Math.atan2(away[0], -away[2]),
        elevation: Math.asin(away[1] / distance),
        distance,
        fovDeg: camera.fov_deg,
    };
}

/** The limits for a set of given cameras, each of which stays allowed. */
export function limitsFor(cameras: readonly CameraPart[], size: Vector, solids: readonly Box[]): Limits {
    const distances = cameras.map((camera) => orbitOf(camera).distance);
    return {
        lowest: Math.min(LOWEST_M, ...cameras.map((camera) => camera.position[1])),
        nearest: Math.min(Math.max(NEAREST_M, length(size) / 2), ...distances),
        farthest: Math.max(FARTHEST_M, 1.5 * Math.max(...distances)),
        // A box around a slanting building may reach over a free view that the server has made sure of.
        solids: solids.filter((solid) => cameras.every((camera) => isFree(camera, solid))),
    };
}

/** Where the camera stands. */
export function positionOf(orbit: Orbit): Vector {
    const flat = orbit.distance * Math.cos(orbit.elevation);
    return [
        orbit.target[0] + flat * Math.sin(orbit.azimuth),
        orbit.target[1] + orbit.distance * Math.sin(orbit.elevation),
        orbit.target[2] - flat * Math.cos(orbit.azimuth),
    ];
}

/** Turned around the target, kept within the limits. */
export function turned(orbit: Orbit, azimuth: number, elevation: number, limits: Limits): Orbit {
    return kept(
        { ...orbit, azimuth: orbit.azimuth + azimuth, elevation: orbit.elevation + elevation },
        limits,
    );
}

/** Nearer (factor < 1) or farther, kept within the limits. */
export function zoomed(orbit: Orbit, factor: number, limits: Limits): Orbit {
    return kept({ ...orbit, distance: orbit.distance * factor }, limits);
}

/** The orbit on the way from one to another, around the shorter side. */
export function blended(from: Orbit, to: Orbit, share: number): Orbit {
    const mix = (a: number, b: number): number => a + (b - a) * share;
    const turn = Math.atan2(Math.sin(to.azimuth - from.azimuth), Math.cos(to.azimuth - from.azimuth));
    return {
        target: between(from.target, to.target, share),
        azimuth: from.azimuth + turn * share,
        elevation: mix(from.elevation, to.elevation),
        distance: mix(from.distance, to.distance),
        fovDeg: mix(from.fovDeg, to.fovDeg),
    };
}

/** Where a camera of this orbit may stand: before the first building between it and what it looks at. */
export function standpoint(orbit: Orbit, limits: Limits): Vector {
    const position = positionOf(orbit);
    const shares = limits.solids.map((solid) => entry(orbit.target, position, solid) ?? 1);
    const free = Math.min(1, ...shares);
    return free < 1
        ? between(orbit.target, position, Math.max(free - WALL_M / orbit.distance, 0.05))
        : position;
}

/** The vertical field of view for a frame that may be narrower than the pictures: as much is seen in width. */
export function fieldOfView(fovDeg: number, aspect: number): number {
    const half = Math.tan((fovDeg * Math.PI) / 360) * Math.max(1, PICTURE_ASPECT / aspect);
    return Math.min((Math.atan(half) * 360) / Math.PI, Math.max(WIDEST_DEG, fovDeg));
}

function kept(orbit: Orbit, limits: Limits): Orbit {
    const distance = clamp(orbit.distance, limits.nearest, limits.farthest);
    const floor = Math.asin(clamp((limits.lowest - orbit.target[1]) / distance, -1, 1));
    return { ...orbit, distance, elevation: clamp(orbit.elevation, Math.min(floor, STEEPEST), STEEPEST) };
}

function isFree(camera: CameraPart, solid: Box): boolean {
    const inside = camera.target.every((value, axis) => {
        return value >= (solid.min[axis] ?? 0) && value <= (solid.max[axis] ?? 0);
    });
    return !inside && entry(camera.target, camera.position, solid) === null;
}
