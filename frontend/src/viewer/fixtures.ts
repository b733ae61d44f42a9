/** A scene document for tests: a bench of 6 m with a tower behind it. */

import type { SceneDocument } from "./document";

export const SCENE: SceneDocument = {
    version: 1,
    model: { url: "/model.glb", position: [0, 0, 0], rotation_y: 0, scale: 1 },
    surroundings: { url: "/surroundings.glb" },
    size_m: [6, 3.2, 2.4],
    bounds: { min: [-3, 0, -1.2], max: [3, 3.2, 1.2] },
    cameras: [
        { name: "people", position: [-4, 1.6, 10.8], target: [0, 2.5, 0], fov_deg: 42 },
        { name: "approach", position: [12, 1.6, 10.4], target: [0, 2.7, 0], fov_deg: 46 },
        { name: "overview", position: [-2.9, 11.5, 12.9], target: [0, 2, 0], fov_deg: 34 },
    ],
    sun: { direction: [-0.68, 0.57, 0.46], color: "#ffe7c4", intensity: 3.1 },
    sky: { zenith: "#6fa3d6", horizon: "#e3ecf0", ground: "#b3a791" },
    haze: { color: "#dbe6ec", near_m: 40, far_m: 1500 },
    solids: [{ min: [-20, 0, -30], max: [20, 100, -8] }],
};
