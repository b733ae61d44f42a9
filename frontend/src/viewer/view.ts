/** The opened 3D view: canvas, buttons and labels in the element, and the stage that draws. */

import { CAMERA_NAMES } from "./document";
import { listenToGestures } from "./gestures";
import { commandOf, type Command } from "./keys";
import { Labels } from "./labels";
import { openStage, type Stage } from "./stage";

/** Build the view inside the element; the picture is covered when the first frame is drawn. Throws as the stage. */
export async function openView(
    host: HTMLElement,
    signal: AbortSignal,
    say: (text: string) => void,
): Promise<View> {
    const layer = wrapped(part(host, "img"));
    const canvas = document.createElement("canvas");
    layer.append(canvas);
    const labels = new Labels(layer);
    try {
        const stage = await openStage(canvas, host.dataset["scene"] ?? "", signal, (shown, project) =>
            labels.show(shown, project),
        );
        return new View(host, layer, stage, signal, say);
    } catch (error) {
        unwrap(layer);
        throw error;
    }
}

/** Listens for as long as the signal allows. */
export class View {
    readonly #canvas: HTMLCanvasElement;
    readonly #tools = document.createElement("div");
    readonly #opener: HTMLElement;
    readonly #openerText: string | null;

    constructor(
        private readonly host: HTMLElement,
        private readonly layer: HTMLElement,
        private readonly stage: Stage,
        private readonly signal: AbortSignal,
        private readonly say: (text: string) => void,
    ) {
        this.#canvas = stage.canvas;
        this.#opener = part(host, "button");
        this.#openerText = this.#opener.textContent;
        this.#opener.textContent = this.#text("close");
        this.#makeCanvasReachable();
        this.#addTools();
        this.#listen();
        host.toggleAttribute("data-open", true);
        this.#canvas.focus({ preventScroll: true });
    }

    /** Take everything away again; the picture is left. */
    dispose(): void {
        this.stage.dispose();
        this.#tools.remove();
        unwrap(this.layer);
        this.host.removeAttribute("data-open");
        this.#opener.textContent = this.#openerText;
        if (document.fullscreenElement === this.host) void document.exitFullscreen();
    }

    #text(name: string): string {
        return this.host.dataset[name] ?? "";
    }

    #makeCanvasReachable(): void {
        this.#canvas.tabIndex = 0;
        this.#canvas.setAttribute("role", "application");
        this.#canvas.setAttribute("aria-label", this.#text("label"));
    }

    #addTools(): void {
        this.#tools.className = "viewer-tools";
        this.#tools.setAttribute("role", "group");
        this.#tools.setAttribute("aria-label", this.#text("tools"));
        for (const name of CAMERA_NAMES) {
            this.#tool(name, () => {
                this.stage.goTo(name);
            });
        }
        this.#toggle("compare", (on) => {
            this.stage.compare(on ? this.#text("person") : null);
        });
        if (document.fullscreenEnabled) {
            this.#tool("fullscreen", () => {
                void toggleFullscreen(this.host);
            });
        }
        this.#opener.before(this.#tools);
    }

    #tool(name: string, act: () => void): HTMLButtonElement {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = this.#text(name);
        button.addEventListener("click", act);
        this.#tools.append(button);
        return button;
    }

    #toggle(name: string, act: (on: boolean) => void): void {
        const button = this.#tool(name, () => {
            const on = button.getAttribute("aria-pressed") !== "true";
            button.setAttribute("aria-pressed", String(on));
            act(on);
        });
        button.setAttribute("aria-pressed", "false");
    }

    #listen(): void {
        const { stage, signal } = this;
        const canvas = this.#canvas;
        listenToGestures(canvas, stage, signal);
        const resized = new ResizeObserver(() => {
            stage.fit();
        });
        resized.observe(canvas);
        signal.addEventListener("abort", () => {
            resized.disconnect();
        });
        canvas.addEventListener(
            "keydown",
            (event) => {
                this.#onKey(event);
            },
            { signal },
        );
        canvas.addEventListener(
            "webglcontextlost",
            () => {
                this.#onContext(false);
            },
            { signal },
        );
        canvas.addEventListener(
            "webglcontextrestored",
            () => {
                this.#onContext(true);
            },
            { signal },
        );
    }

    #onKey(event: KeyboardEvent): void {
        const command = commandOf(event);
        if (!command) return;
        event.preventDefault();
        this.#obey(command);
    }

    #obey(command: Command): void {
        if (command.kind === "turn") this.stage.turn(command.azimuth, command.elevation);
        else if (command.kind === "zoom") this.stage.zoom(command.factor);
        else if (command.kind === "camera") this.stage.goTo(command.name);
        else this.#opener.focus();
    }

    /** The phone takes the graphics card away, or gives it back: the picture stands in meanwhile. */
    #onContext(here: boolean): void {
        this.#canvas.hidden = !here;
        this.say(here ? "" : this.#text("lost"));
        if (here) this.stage.fit();
    }
}

function part(host: HTMLElement, selector: string): HTMLElement {
    const found = host.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`civic-viewer without ${selector}`);
    return found;
}

/** A box that is as large as the picture, around it; canvas and labels stand in it too. */
function wrapped(picture: HTMLElement): HTMLElement {
    const layer = document.createElement("div");
    layer.className = "viewer-stage";
    picture.replaceWith(layer);
    layer.append(picture);
    return layer;
}

function unwrap(layer: HTMLElement): void {
    layer.replaceWith(part(layer, "img"));
}

async function toggleFullscreen(host: HTMLElement): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await host.requestFullscreen();
}
