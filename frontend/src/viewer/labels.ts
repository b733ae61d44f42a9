/** Texts over the canvas, each at a place of the scene. */

import type { Vector3 } from "three";

/** A text at a place in the scene. */
export interface Label {
    readonly text: string;
    readonly place: Vector3;
}

/** Where a place is seen on the canvas, in CSS pixels; null behind the camera. */
export type Project = (place: Vector3) => readonly [number, number] | null;

/** Keeps one element a label at the place where it is seen. */
export class Labels {
    readonly #elements = new Map<Label, HTMLElement>();

    constructor(private readonly layer: HTMLElement) {}

    /** Show these labels where they are now; others go away. */
    show(labels: readonly Label[], project: Project): void {
        for (const [label, element] of this.#elements) {
            if (labels.includes(label)) continue;
            element.remove();
            this.#elements.delete(label);
        }
        for (const label of labels) put(this.#elementOf(label), project(label.place));
    }

    #elementOf(label: Label): HTMLElement {
        const known = this.#elements.get(label);
        if (known) return known;
        const element = document.createElement("span");
        element.className = "viewer-label";
        element.textContent = label.text;
        this.layer.append(element);
        this.#elements.set(label, element);
        return element;
    }
}

function put(element: HTMLElement, at: readonly [number, number] | null): void {
    element.hidden = at === null;
    if (!at) return;
    const [x, y] = at;
    element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
}
