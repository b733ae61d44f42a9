/**
 * `<civic-viewer>`: the 3D view of a proposal in its place. From the server it holds a picture and a button; until
 * the button is tapped nothing of WebGL is loaded, and whenever something is missing the picture stays.
 *
 *     <civic-viewer data-scene="/files/scenes/3.json" data-label="…" …><img …><button>3Dで見る</button></civic-viewer>
 *
 * Texts come as data attributes: frontend/templates/viewer.html writes them all.
 */

import type { View } from "./view";

export class CivicViewer extends HTMLElement {
    #view: View | null = null;
    #life: AbortController | null = null;
    readonly #status = document.createElement("p");

    connectedCallback(): void {
        this.#status.className = "viewer-status";
        this.#status.setAttribute("role", "status");
        this.append(this.#status);
        this.querySelector("button")?.addEventListener("click", this.#toggle);
    }

    disconnectedCallback(): void {
        this.querySelector("button")?.removeEventListener("click", this.#toggle);
        this.#close();
        this.#status.remove();
    }

    readonly #toggle = (): void => {
        if (this.#life) this.#close();
        else void this.#open();
    };

    async #open(): Promise<void> {
        const life = new AbortController();
        this.#life = life;
        this.#say(this.dataset.loading);
        try {
            if (!hasWebGL()) throw new NoWebGL();
            const { openView } = await import("./view");
            this.#view = await openView(this, life.signal, (text) => this.#say(text));
            this.#say("");
        } catch (error) {
            if (life.signal.aborted) return;
            this.#close();
            this.#say(error instanceof NoWebGL ? this.dataset.unsupported : this.dataset.failed);
        }
    }

    #close(): void {
        this.#life?.abort();
        this.#life = null;
        this.#view?.dispose();
        this.#view = null;
        this.#say("");
    }

    #say(text = ""): void {
        this.#status.textContent = text;
    }
}

class NoWebGL extends Error {}

function hasWebGL(): boolean {
    return document.createElement("canvas").getContext("webgl2") !== null;
}
