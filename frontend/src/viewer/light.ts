/** The light of the pictures: warm sun with one soft shadow, sky light, haze, and the sky behind everything. */

import {
    BackSide,
    BufferAttribute,
    Color,
    DirectionalLight,
    Fog,
    HemisphereLight,
    Mesh,
    MeshBasicMaterial,
    SphereGeometry,
    Vector3,
    type Scene,
} from "three";
import type { SceneDocument } from "./document";
import { length, type Vector } from "./vectors";

// The pictures (geodata/pictures) add light as albedo × (sun + sky); three.js divides every light by π.
const PER_LIGHT = Math.PI;
const SKY_LIGHT = 1.25 * PER_LIGHT;
// What a lit neighbourhood sends back into the shade, and how much of the sky it hides.
const NEIGHBOURHOOD = "#a29b8f";
const HIDDEN = 0.5;
const SKY_RADIUS_M = 2000;
const SHADOW_PX = 2048;
const SHADOW_MARGIN_M = 14;

/** How far anything is drawn. */
export const FARTHEST_M = SKY_RADIUS_M * 1.2;

/** Put sun, sky and haze of a document into a scene. */
export function lightUp(scene: Scene, document: SceneDocument): void {
    const { sky, haze } = document;
    scene.fog = new Fog(haze.color, haze.near_m, haze.far_m);
    const above = new Color(sky.zenith).lerp(new Color(NEIGHBOURHOOD), HIDDEN);
    scene.add(new HemisphereLight(above, sky.ground, SKY_LIGHT), skyDome(sky), ...sunOver(document));
}

/** The sun, with its target; its shadow covers the proposal and what stands close around it, and is drawn once. */
function sunOver({ sun, model, size_m }: SceneDocument): [DirectionalLight, DirectionalLight["target"]] {
    const light = new DirectionalLight(sun.color, sun.intensity * PER_LIGHT);
    const reach = length(size_m) / 2 + SHADOW_MARGIN_M;
    const middle: Vector = [model.position[0], model.position[1] + size_m[1] / 2, model.position[2]];
    light.target.position.set(...middle);
    light.position
        .copy(new Vector3(...sun.direction))
        .multiplyScalar(2 * reach)
        .add(light.target.position);
    light.castShadow = true;
    light.shadow.mapSize.set(SHADOW_PX, SHADOW_PX);
    light.shadow.radius = 3;
    light.shadow.bias = -0.0005;
    light.shadow.normalBias = (3 * reach) / SHADOW_PX;
    light.shadow.autoUpdate = false;
    light.shadow.needsUpdate = true;
    const { camera } = light.shadow;
    [camera.left, camera.right, camera.bottom, camera.top] = [-reach, reach, -reach, reach];
    [camera.near, camera.far] = [reach * 0.5, reach * 4];
    return [light, light.target];
}

/** A sphere coloured by height as the pictures' sky (without its clouds): horizon at the sides, zenith above. */
function skyDome(sky: SceneDocument["sky"]): Mesh {
    const geometry = new SphereGeometry(SKY_RADIUS_M, 24, 48);
    const [horizon, zenith] = [new Color(sky.horizon), new Color(sky.zenith)];
    const places = geometry.getAttribute("position");
    const colors = new Float32Array(places.count * 3);
    for (let at = 0; at < places.count; at++) {
        const height = Math.max(0, places.getY(at) / SKY_RADIUS_M);
        new Color().lerpColors(zenith, horizon, (1 - height) ** 4).toArray(colors, at * 3);
    }
    geometry.setAttribute("color", new BufferAttribute(colors, 3));
    const material = new MeshBasicMaterial({
        vertexColors: true,
        side: BackSide,
        fog: false,
        toneMapped: false,
    });
    return new Mesh(geometry, material);
}
