/** The drawn scene: a WebGL canvas that draws only when something has changed. */

import { PCFShadowMap, PerspectiveCamera, Scene, WebGLRenderer, type Vector3 } from "three";
import { comparison } from "./comparison";
import { fetchBytes, fetchScene, type CameraName, type SceneDocument } from "./document";
import { developAsFilm } from "./film";
import type { Label, Project } from "./labels";
import { FARTHEST_M, lightUp } from "./light";
import { disposeOf, placeModel, readModel } from "./models";
import {
    blended,
    fieldOfView,
    limitsFor,
    orbitOf,
    standpoint,
    turned,
    zoomed,
    type Limits,
    type Orbit,
} from "./orbit";

const SHARPEST = 2;
const FLIGHT_MS = 700;
const NEAREST_M = 0.15;

/** Told after each drawn frame: the texts that stand in the scene now, and how to find their places. */
export type AfterFrame = (labels: readonly Label[], project: Project) => void;

/** Fetch everything and draw the first frame. Throws when a file is missing or there is no WebGL. */
export async function openStage(
    canvas: HTMLCanvasElement,
    url: string,
    signal: AbortSignal,
    afterFrame: AfterFrame,
): Promise<Stage> {
    const document = await fetchScene(url, signal);
    const files = [document.model.url, document.surroundings.url];
    const bytes = await Promise.all(files.map((file) => fetchBytes(file, signal)));
    const [model, surroundings] = await Promise.all(bytes.map(readModel));
    signal.throwIfAborted();
    const scene = new Scene();
    if (model) scene.add(placeModel(model, document.model));
    if (surroundings) scene.add(surroundings);
    lightUp(scene, document);
    return new Stage(canvas, document, scene, afterFrame);
}

/** One canvas with its scene, camera and light. */
export class Stage {
    readonly #renderer: WebGLRenderer;
    readonly #camera = new PerspectiveCamera();
    readonly #limits: Limits;
    #orbit: Orbit;
    #frame = 0;
    #comparison: ReturnType<typeof comparison> | null = null;

    constructor(
        readonly canvas: HTMLCanvasElement,
        readonly document: SceneDocument,
        readonly scene: Scene,
        private readonly afterFrame: AfterFrame,
    ) {
        this.#renderer = rendererOn(canvas);
        this.#limits = limitsFor(document.cameras, document.size_m, document.solids);
        this.#orbit = this.#orbitNamed("people");
        [this.#camera.near, this.#camera.far] = [NEAREST_M, FARTHEST_M];
        this.fit();
        this.#draw();
    }

    /** Take the canvas' size on the page. */
    fit(): void {
        const { clientWidth, clientHeight } = this.canvas;
        if (clientWidth === 0 || clientHeight === 0) return;
        this.#renderer.setPixelRatio(Math.min(window.devicePixelRatio, SHARPEST));
        this.#renderer.setSize(clientWidth, clientHeight, false);
        this.#camera.aspect = clientWidth / clientHeight;
        this.invalidate();
    }

    /** Draw once more, with the next frame of the screen. */
    invalidate(): void {
        this.#frame ||= requestAnimationFrame(() => {
            this.#draw();
        });
    }

    /** Walk around the proposal; radians. */
    turn(azimuth: number, elevation: number): void {
        this.#move(turned(this.#orbit, azimuth, elevation, this.#limits));
    }

    /** Nearer (factor < 1) or farther; whether that was possible. */
    zoom(factor: number): boolean {
        const { distance } = this.#orbit;
        this.#move(zoomed(this.#orbit, factor, this.#limits));
        return this.#orbit.distance !== distance;
    }

    /** Fly to a camera of the pictures; at once when the reader wants no motion. */
    goTo(name: CameraName): void {
        const goal = this.#orbitNamed(name);
        const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
        if (still) this.#move(goal);
        else this.#fly(this.#orbit, goal, performance.now());
    }

    /** Show the measured box and a person beside it, or take them away; `person` is the figure's text. */
    compare(person: string | null): void {
        if (this.#comparison) {
            this.scene.remove(this.#comparison.group);
            disposeOf(this.#comparison.group);
        }
        this.#comparison = person === null ? null : comparison(this.document, person);
        if (this.#comparison) this.scene.add(this.#comparison.group);
        this.invalidate();
    }

    /** Free the graphics card. The canvas cannot be used again. */
    dispose(): void {
        cancelAnimationFrame(this.#frame);
        disposeOf(this.scene);
        this.#renderer.dispose();
        this.#renderer.forceContextLoss();
    }

    #orbitNamed(name: CameraName): Orbit {
        const { cameras } = this.document;
        const camera = cameras.find((one) => one.name === name) ?? cameras[0];
        if (!camera) throw new Error("a scene without a camera");
        return orbitOf(camera);
    }

    /** A hand on the view ends a flight. */
    #move(orbit: Orbit): void {
        cancelAnimationFrame(this.#frame);
        this.#frame = 0;
        this.#orbit = orbit;
        this.invalidate();
    }

    #fly(from: Orbit, to: Orbit, since: number): void {
        cancelAnimationFrame(this.#frame);
        this.#frame = requestAnimationFrame((now) => {
            const share = Math.min(1, Math.max(0, now - since) / FLIGHT_MS);
            this.#orbit = blended(from, to, share * share * (3 - 2 * share));
            this.#draw();
            if (share < 1) this.#fly(from, to, since);
        });
    }

    #draw(): void {
        this.#frame = 0;
        this.#camera.position.set(...standpoint(this.#orbit, this.#limits));
        this.#camera.fov = fieldOfView(this.#orbit.fovDeg, this.#camera.aspect);
        this.#camera.lookAt(...this.#orbit.target);
        this.#camera.updateProjectionMatrix();
        this.#renderer.render(this.scene, this.#camera);
        this.afterFrame(this.#comparison?.labels ?? [], (place) => this.#project(place));
    }

    #project(place: Vector3): readonly [number, number] | null {
        const { x, y, z } = place.clone().project(this.#camera);
        if (z > 1) return null;
        return [((1 + x) / 2) * this.canvas.clientWidth, ((1 - y) / 2) * this.canvas.clientHeight];
    }
}

function rendererOn(canvas: HTMLCanvasElement): WebGLRenderer {
    const renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: "high-performance" });
    renderer.shadowMap.enabled = true;
    renderer.shadowMap.type = PCFShadowMap;
    renderer.debug.checkShaderErrors = false; // waits for the card, and the shaders are three's own
    developAsFilm(renderer);
    return renderer;
}
