import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listenToGestures } from "./gestures";

let canvas: HTMLCanvasElement;
let life: AbortController;
const turn = vi.fn();
const zoom = vi.fn(() => true);

beforeEach(() => {
    canvas = document.body.appendChild(document.createElement("canvas"));
    canvas.tabIndex = 0;
    canvas.setPointerCapture = vi.fn();
    life = new AbortController();
    listenToGestures(canvas, { turn, zoom }, life.signal);
});

afterEach(() => {
    life.abort();
    canvas.remove();
    vi.clearAllMocks();
});

function finger(kind: string, pointerId: number, clientX: number, clientY: number): void {
    canvas.dispatchEvent(new PointerEvent(kind, { pointerId, clientX, clientY }));
}

function wheel(deltaY: number, ctrlKey = false): boolean {
    const event = new Event("wheel", { cancelable: true });
    return canvas.dispatchEvent(Object.assign(event, { deltaY, ctrlKey }));
}

it("one finger walks around, as far as it moved", () => {
    finger("pointerdown", 1, 100, 100);
    finger("pointermove", 1, 110, 100);
    finger("pointermove", 1, 110, 95);
    expect(turn.mock.calls).toEqual([
        [expect.closeTo(0.06), 0],
        [0, expect.closeTo(-0.03)],
    ]);
});

it("a moving mouse without a pressed button does nothing", () => {
    finger("pointermove", 1, 110, 100);
    finger("pointerdown", 1, 100, 100);
    finger("pointerup", 1, 100, 100);
    finger("pointermove", 1, 150, 100);
    expect(turn).not.toHaveBeenCalled();
});

it("two fingers going apart come nearer", () => {
    finger("pointerdown", 1, 100, 100);
    finger("pointerdown", 2, 200, 100);
    finger("pointermove", 2, 300, 100);
    expect(zoom).toHaveBeenCalledWith(0.5);
    expect(turn).not.toHaveBeenCalled();
});

it("the wheel scrolls the page, unless Ctrl is held or the view has the focus", () => {
    expect(wheel(100)).toBe(true);
    expect(zoom).not.toHaveBeenCalled();
    expect(wheel(100, true)).toBe(false);
    canvas.focus();
    expect(wheel(-100)).toBe(false);
    expect(zoom).toHaveBeenCalledTimes(2);
});

it("at the end of the zoom the wheel is the page's again", () => {
    zoom.mockReturnValueOnce(false);
    expect(wheel(100, true)).toBe(true);
});

it("nothing is heard after the end", () => {
    life.abort();
    wheel(100, true);
    expect(zoom).not.toHaveBeenCalled();
});
