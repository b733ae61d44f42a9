import { describe, expect, it } from "vitest";
import { between, clamp, entry } from "./vectors";

const BOX = { min: [2, -1, -1], max: [4, 1, 1] } as const;

describe("the way into a box", () => {
    it("is the share at its near side", () => {
        expect(entry([0, 0, 0], [8, 0, 0], BOX)).toBeCloseTo(0.25);
        expect(entry([8, 0, 0], [0, 0, 0], BOX)).toBeCloseTo(0.5);
    });

    it("is none when the box is missed, behind, or not reached", () => {
        expect(entry([0, 5, 0], [8, 5, 0], BOX)).toBeNull();
        expect(entry([0, 0, 0], [-8, 0, 0], BOX)).toBeNull();
        expect(entry([0, 0, 0], [1.5, 0, 0], BOX)).toBeNull();
        expect(entry([0, 0, 0], [8, 8, 0], BOX)).toBeNull();
    });

    it("is none from inside", () => {
        expect(entry([3, 0, 0], [8, 0, 0], BOX)).toBeNull();
    });
});

it("a way has its ends", () => {
    expect(between([1, 2, 3], [5, 6, 7], 0)).toEqual([1, 2, 3]);
    expect(between([1, 2, 3], [5, 6, 7], 1)).toEqual([5, 6, 7]);
    expect(clamp(7, 0, 5)).toBe(5);
    expect(clamp(-7, 0, 5)).toBe(0);
});
