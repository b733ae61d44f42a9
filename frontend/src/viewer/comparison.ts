/** "How large is it?": the edges of the measured box, and a person of 165 cm beside it. */

import {
    BoxGeometry,
    CapsuleGeometry,
    EdgesGeometry,
    Group,
    LineBasicMaterial,
    LineSegments,
    Mesh,
    MeshLambertMaterial,
    SphereGeometry,
    Vector3,
} from "three";
import type { SceneDocument } from "./document";
import type { Label } from "./labels";

const PERSON_M = 1.65;
const HEAD_M = 0.115;
const COLOR = "#0017c1";

/** The box and the person as one object, and the texts that belong to them; `person` is that of the figure. */
export function comparison(document: SceneDocument, person: string): { group: Group; labels: Label[] } {
    const [width, height, depth] = document.size_m;
    const figure = personOf165cm();
    figure.position.set(width / 2 + 0.8, 0, depth / 2 + 0.2);
    const group = new Group();
    group.add(edges(width, height, depth), figure);
    group.position.set(...document.model.position);
    group.rotation.y = document.model.rotation_y;
    group.updateMatrixWorld();
    const label = (text: string, x: number, y: number, z: number): Label => {
        return { text, place: group.localToWorld(new Vector3(x, y, z)) };
    };
    const labels = [
        label(metres(width), 0, height, depth / 2),
        label(metres(depth), -width / 2, height, 0),
        label(metres(height), -width / 2, height / 2, depth / 2),
        label(person, figure.position.x, PERSON_M + 0.25, figure.position.z),
    ];
    return { group, labels };
}

function metres(value: number): string {
    return `${value.toFixed(1)} m`;
}

function edges(width: number, height: number, depth: number): LineSegments {
    const box = new BoxGeometry(width, height, depth).translate(0, height / 2, 0);
    return new LineSegments(new EdgesGeometry(box), new LineBasicMaterial({ color: COLOR, fog: false }));
}

/** A plain standing person, 165 cm from the soles to the top of the head. */
function personOf165cm(): Group {
    const material = new MeshLambertMaterial({ color: COLOR });
    const limb = (radius: number, low: number, high: number, aside: number): Mesh => {
        const mesh = new Mesh(new CapsuleGeometry(radius, high - low - 2 * radius, 4, 12), material);
        mesh.position.set(aside, (low + high) / 2, 0);
        return mesh;
    };
    const head = new Mesh(new SphereGeometry(HEAD_M, 16, 12), material);
    head.position.y = PERSON_M - HEAD_M;
    const trunk = limb(0.16, 0.7, 1.4, 0);
    trunk.scale.z = 0.65;
    const limbs = [-1, 1].flatMap((side) => [
        limb(0.08, 0, 0.85, side * 0.09),
        limb(0.05, 0.7, 1.35, side * 0.21),
    ]);
    return new Group().add(head, trunk, ...limbs);
}
