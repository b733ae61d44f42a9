/** Points and directions in the scene's frame: metres, x = east, y = up, z = south. */
export type Vector = readonly [number, number, number];

/** Axis-aligned box. */
export interface Box {
    readonly min: Vector;
    readonly max: Vector;
}

/** One point minus another. */
export function minus(a: Vector, b: Vector): Vector {
    return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** The point on the way from a to b; 0 gives a, 1 gives b. */
export function between(a: Vector, b: Vector, share: number): Vector {
    const to = minus(b, a);
    return [a[0] + to[0] * share, a[1] + to[1] * share, a[2] + to[2] * share];
}

/** Length in metres. */
export function length(a: Vector): number {
    return Math.hypot(...a);
}

/** The nearest value inside the limits. */
export function clamp(value: number, low: number, high: number): number {
    return Math.min(Math.max(value, low), high);
}

/** The share of the way from a to b at which a box begins; null when the way misses it, or starts inside it. */
export function entry(a: Vector, b: Vector, box: Box): number | null {
    let [first, last] = [0, 1];
    let startsInside = true;
    for (const axis of [0, 1, 2] as const) {
        const [from, step] = [a[axis], b[axis] - a[axis]];
        startsInside &&= from >= box.min[axis] && from <= box.max[axis];
        if (step === 0 && (from < box.min[axis] || from > box.max[axis])) return null;
        if (step === 0) continue;
        const crossings = [(box.min[axis] - from) / step, (box.max[axis] - from) / step];
        first = Math.max(first, Math.min(...crossings));
        last = Math.min(last, Math.max(...crossings));
    }
    return startsInside || first > last ? null : first;
}
