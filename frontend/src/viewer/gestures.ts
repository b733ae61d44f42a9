/** Fingers, mouse and wheel on the canvas. The page keeps its scrolling: upright swipes and the plain wheel. */

/** What the gestures ask for; angles in radians. `zoom` answers whether anything changed. */
export interface Handler {
    turn(azimuth: number, elevation: number): void;
    zoom(factor: number): boolean;
}

const TURN_PER_PX = 0.006;
const ZOOM_PER_PX = 0.0015;

/** Listen until the signal ends it. */
export function listenToGestures(canvas: HTMLElement, handler: Handler, signal: AbortSignal): void {
    const fingers = new Map<number, PointerEvent>();

    const lift = (event: PointerEvent): void => {
        fingers.delete(event.pointerId);
    };
    const move = (event: PointerEvent): void => {
        const before = fingers.get(event.pointerId);
        if (!before) return;
        const other = [...fingers.values()].find((finger) => finger.pointerId !== event.pointerId);
        fingers.set(event.pointerId, event);
        if (other) {
            handler.zoom(apart(before, other) / apart(event, other));
        } else {
            const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
            handler.turn(dx * TURN_PER_PX, dy * TURN_PER_PX);
        }
    };

    canvas.addEventListener(
        "pointerdown",
        (event) => {
            fingers.set(event.pointerId, event);
            canvas.setPointerCapture(event.pointerId);
        },
        { signal },
    );
    canvas.addEventListener("pointermove", move, { signal });
    canvas.addEventListener("pointerup", lift, { signal });
    canvas.addEventListener("pointercancel", lift, { signal });
    canvas.addEventListener(
        "wheel",
        (event) => {
            onWheel(canvas, handler, event);
        },
        { signal, passive: false },
    );
}

function onWheel(canvas: HTMLElement, handler: Handler, event: WheelEvent): void {
    if (!event.ctrlKey && document.activeElement !== canvas) return;
    if (handler.zoom(Math.exp(event.deltaY * ZOOM_PER_PX))) event.preventDefault();
}

function apart(a: PointerEvent, b: PointerEvent): number {
    return Math.max(1, Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY));
}
