/** GLB files as three.js objects, with materials that a phone draws fast. */

import {
    Color,
    FrontSide,
    Group,
    Mesh,
    MeshLambertMaterial,
    type Material,
    type MeshStandardMaterial,
    type Object3D,
} from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import type { SceneDocument } from "./document";

/** How sharp a paving stays that is seen from its side: samples a pixel, where the card can. */
const GRAZING = 4;

/** Read a GLB; its textures are decoded by the browser from blob: addresses. */
export async function readModel(bytes: ArrayBuffer): Promise<Group> {
    const { scene } = await new GLTFLoader().parseAsync(bytes, "");
    const mattes = new Map<Material, Material>();
    scene.traverse((child) => {
        if (child instanceof Mesh) dress(child as Mesh, mattes);
    });
    return scene;
}

/** Stand a model where the document says. */
export function placeModel(model: Group, { position, rotation_y, scale }: SceneDocument["model"]): Group {
    model.position.set(...position);
    model.rotation.y = rotation_y;
    model.scale.setScalar(scale);
    return model;
}

/** What stands in many places shares its material. */
function dress(mesh: Mesh, mattes: Map<Material, Material>): void {
    const material = mesh.material as Material;
    const known = mattes.get(material) ?? matte(material);
    mattes.set(material, known);
    mesh.material = known;
    mesh.castShadow = mesh.receiveShadow = true;
}

/** Give geometry, materials and textures of an object back to the graphics card. */
export function disposeOf(object: Object3D): void {
    object.traverse((child) => {
        if ("geometry" in child) (child as Mesh).geometry.dispose();
        if ("material" in child) [(child as Mesh).material].flat().forEach(disposeOfMaterial);
    });
}

function disposeOfMaterial(material: Material): void {
    (material as Partial<MeshLambertMaterial>).map?.dispose();
    material.dispose();
}

/** The material without gloss: there is nothing here that a metal could mirror. */
function matte(material: Material): Material {
    const known = material as Partial<MeshStandardMaterial> & Material;
    if (known.map) known.map.anisotropy = GRAZING;
    return new MeshLambertMaterial({
        color: known.color ?? new Color("white"),
        map: known.map ?? null,
        emissive: known.emissive ?? new Color("black"),
        vertexColors: material.vertexColors,
        flatShading: known.flatShading ?? false,
        transparent: material.transparent,
        opacity: material.opacity,
        alphaTest: material.alphaTest,
        depthWrite: material.depthWrite,
        side: material.side,
        shadowSide: material.side === FrontSide ? null : FrontSide,
    });
}
