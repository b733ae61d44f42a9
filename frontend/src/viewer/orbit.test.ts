import { describe, expect, it } from "vitest";
import { SCENE } from "./fixtures";
import {
    blended,
    fieldOfView,
    limitsFor,
    orbitOf,
    positionOf,
    standpoint,
    turned,
    zoomed,
    type Orbit,
} from "./orbit";
import { length, minus, type Vector } from "./vectors";

const LIMITS = limitsFor(SCENE.cameras, SCENE.size_m, SCENE.solids);
const [PEOPLE, , OVERVIEW] = SCENE.cameras.map(orbitOf) as [Orbit, Orbit, Orbit];

function close(a: Vector, b: Vector): void {
    expect(length(minus(a, b))).toBeLessThan(1e-9);
}

it("an orbit stands where its camera stands", () => {
    for (const camera of SCENE.cameras) close(positionOf(orbitOf(camera)), camera.position);
});

it("azimuth is counted from north, clockwise", () => {
    const away = { target: [0, 0, 0], elevation: 0, distance: 10, fovDeg: 40 } as const;
    close(positionOf({ ...away, azimuth: 0 }), [0, 0, -10]);
    close(positionOf({ ...away, azimuth: Math.PI / 2 }), [10, 0, 0]);
});

describe("the limits", () => {
    it("let every given camera be, and start outside every building", () => {
        for (const camera of SCENE.cameras)
            close(standpoint(turned(orbitOf(camera), 0, 0, LIMITS), LIMITS), camera.position);
    });

    it("keep the camera above the ground", () => {
        for (const orbit of [PEOPLE, OVERVIEW]) {
            const low = turned(orbit, 0, -9, LIMITS);
            expect(positionOf(low)[1]).toBeGreaterThanOrEqual(0.5 - 1e-9);
            expect(positionOf(zoomed(low, 99, LIMITS))[1]).toBeGreaterThanOrEqual(0.5 - 1e-9);
        }
    });

    it("keep it from standing on its head", () => {
        expect(turned(PEOPLE, 0, 9, LIMITS).elevation).toBeLessThan(Math.PI / 2);
    });

    it("keep the distance", () => {
        expect(zoomed(PEOPLE, 1e-6, LIMITS).distance).toBe(LIMITS.nearest);
        expect(zoomed(PEOPLE, 1e6, LIMITS).distance).toBe(LIMITS.farthest);
        expect(LIMITS.nearest).toBeGreaterThan(1);
    });

    it("stop before a building", () => {
        const behind = turned(PEOPLE, Math.PI, 0, LIMITS);
        expect(positionOf(behind)[2]).toBeLessThan(-8);
        expect(standpoint(behind, LIMITS)[2]).toBeGreaterThan(-8);
    });

    it("leave out a box that a given camera looks through or the proposal stands in", () => {
        const around = { min: [-50, 0, -50], max: [50, 9, 50] } as const;
        const across = { min: [-9, 0, 4], max: [9, 9, 5] } as const;
        expect(limitsFor(SCENE.cameras, SCENE.size_m, [around, across]).solids).toEqual([]);
    });
});

describe("a flight", () => {
    it("begins and ends where it should", () => {
        close(positionOf(blended(PEOPLE, OVERVIEW, 0)), positionOf(PEOPLE));
        close(positionOf(blended(PEOPLE, OVERVIEW, 1)), positionOf(OVERVIEW));
    });

    it("takes the shorter way around", () => {
        const half = blended({ ...PEOPLE, azimuth: 3 }, { ...PEOPLE, azimuth: -3 }, 0.5);
        expect(Math.abs(half.azimuth)).toBeCloseTo(Math.PI);
    });
});

describe("the field of view", () => {
    it("is the camera's own in a frame like the pictures, or wider", () => {
        expect(fieldOfView(42, 4 / 3)).toBeCloseTo(42);
        expect(fieldOfView(42, 16 / 9)).toBeCloseTo(42);
    });

    it("shows the same width in a narrow frame, as far as that looks natural", () => {
        const width = (deg: number, aspect: number): number => Math.tan((deg * Math.PI) / 360) * aspect;
        expect(width(fieldOfView(42, 1), 1)).toBeCloseTo(width(42, 4 / 3));
        expect(fieldOfView(42, 0.3)).toBe(80);
    });
});
