"""Broken or tricky scenes and meshes, each with the code it must be refused with."""

import json

from glb_builder import Glb, box, pack_glb, shape
from hostile_cases import bent, hostile

# --- the scene --------------------------------------------------------------------------------------------


@hostile("too_many_nodes")
def thirty_thousand_nodes_in_a_chain():
    chain = [{"children": [i + 1]} for i in range(29_999)]
    return bent(lambda doc: doc.update(nodes=[*chain, {"mesh": 0}]))


@hostile("nodes_too_deep")
def a_chain_of_65():
    chain = [{"children": [i + 1]} for i in range(64)]
    return bent(lambda doc: doc.update(nodes=[*chain, {"mesh": 0}]))


@hostile("node_cycle")
def a_circle_of_nodes():
    return bent(lambda doc: doc.update(nodes=[{"mesh": 0}, {"children": [2]}, {"children": [1]}]))


@hostile("node_cycle")
def its_own_child():
    return bent(lambda doc: doc.update(nodes=[{"mesh": 0}, {"children": [1]}]))


@hostile("node_two_parents")
def a_shared_child():
    nodes = [{"children": [1, 2]}, {"children": [3]}, {"children": [3]}, {"mesh": 0}]
    return bent(lambda doc: doc.update(nodes=nodes))


@hostile("node_two_parents")
def doubling_graph_of_60_levels():
    nodes = [{"children": [i + 1, i + 1]} for i in range(60)]
    return bent(lambda doc: doc.update(nodes=[*nodes, {"mesh": 0}]))


@hostile("node_two_parents")
def scene_naming_a_child():
    return bent(lambda doc: doc.update(nodes=[{"children": [1]}, {"mesh": 0}], scenes=[{"nodes": [0, 1]}]))


@hostile("node_two_parents")
def scene_naming_a_root_twice():
    return bent(lambda doc: doc.update(scenes=[{"nodes": [0, 0]}]))


@hostile("reference_invalid")
def child_that_does_not_exist():
    return bent(lambda doc: doc["nodes"][0].update(children=[5]))


@hostile("no_scene")
def no_scenes():
    return bent(lambda doc: [doc.pop("scenes"), doc.pop("scene")])


@hostile("reference_invalid")
def default_scene_that_does_not_exist():
    return bent(lambda doc: doc.update(scene=4))


@hostile("transform_invalid")
def matrix_and_scale_together():
    matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    return bent(lambda doc: doc["nodes"][0].update(matrix=matrix, scale=[1, 1, 1]))


@hostile("transform_invalid")
def perspective_matrix():
    matrix = [1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    return bent(lambda doc: doc["nodes"][0].update(matrix=matrix))


@hostile("transform_invalid")
def sheared_matrix():
    matrix = [1, 0, 0, 0, 3, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    return bent(lambda doc: doc["nodes"][0].update(matrix=matrix))


@hostile("transform_invalid")
def rotation_that_is_none():
    return bent(lambda doc: doc["nodes"][0].update(rotation=[0, 0, 0, 0]))


@hostile("transform_invalid")
def scale_of_1e999():
    document = {"asset": {"version": "2.0"}, "scenes": [{"nodes": [0]}], "nodes": [{"scale": [7, 1, 1]}]}
    return pack_glb(json.dumps(document).replace("7", "1e999").encode())


@hostile("not_finite")
def scales_that_multiply_to_infinity():
    chain = [{"children": [i + 1], "scale": [1e100, 1e100, 1e100]} for i in range(5)]
    return bent(lambda doc: doc.update(nodes=[*chain, {"mesh": 0}]))


# --- meshes -----------------------------------------------------------------------------------------------


@hostile("too_many_triangles")
def four_hundred_fifty_million_triangles_by_instancing():
    glb = box()
    one = glb.doc["meshes"][0]["primitives"][0]
    glb.doc["meshes"] = [{"primitives": [one] * 7500}]  # 90,000 triangles
    glb.doc["nodes"] = [{"mesh": 0}] * 1999
    glb.doc["scenes"] = [{"nodes": list(range(1999))}]
    return glb.pack()


@hostile("too_many_triangles")
def one_triangle_over():
    glb = Glb()
    corners = glb.accessor([(0, 0, 0), (1, 0, 0), (0, 0, 1)])
    indices = glb.view(bytes(3 * 500_001))
    glb.doc["accessors"].append(
        {"bufferView": indices, "componentType": 5121, "count": 3 * 500_001, "type": "SCALAR"}
    )
    glb.mesh({"attributes": {"POSITION": corners}, "indices": 1})
    return glb.pack()


@hostile("too_many_primitives")
def eleven_thousand_draws():
    glb = box()
    glb.doc["meshes"][0]["primitives"] *= 11
    glb.doc["nodes"] = [{"mesh": 0}] * 1000
    glb.doc["scenes"] = [{"nodes": list(range(1000))}]
    return glb.pack()


@hostile("too_many_vertices")
def corners_that_no_face_uses():
    glb = Glb()
    view = glb.view(bytes(4 * 1_500_001), byteStride=4)
    glb.doc["accessors"] = [{"bufferView": view, "componentType": 5120, "count": 1_500_001, "type": "VEC3"}]
    glb.doc["extensionsUsed"] = ["KHR_mesh_quantization"]
    glb.mesh({"attributes": {"POSITION": 0}, "indices": glb.accessor([0, 1, 2], "H")})
    return glb.pack()


@hostile("no_triangles")
def only_points():
    return shape([(0, 0, 0), (1, 0, 0), (0, 1, 0)], mode=0).pack()


@hostile("no_triangles")
def only_lines():
    return shape([(0, 0, 0), (1, 0, 0), (0, 1, 0)], mode=3).pack()


@hostile("no_triangles")
def empty_scene():
    return bent(lambda doc: doc.update(scenes=[{}]))


@hostile("no_triangles")
def two_corners():
    return shape([(0, 0, 0), (1, 0, 0)], mode=5).pack()


@hostile("primitive_invalid")
def mode_seven():
    return shape([(0, 0, 0), (1, 0, 0), (0, 1, 0)], mode=7).pack()


@hostile("primitive_invalid")
def no_positions():
    return bent(lambda doc: doc["meshes"][0]["primitives"][0].update(attributes={}))


@hostile("primitive_invalid")
def fewer_normals_than_corners():
    glb = box()
    normals = glb.accessor([(0, 1, 0)] * 3)
    glb.doc["meshes"][0]["primitives"][0]["attributes"]["NORMAL"] = normals
    return glb.pack()


@hostile("primitive_invalid")
def fewer_morph_targets_than_corners():
    glb = box()
    target = glb.accessor([(0, 1, 0)] * 3)
    glb.doc["meshes"][0]["primitives"][0]["targets"] = [{"POSITION": target}]
    return glb.pack()


@hostile("primitive_invalid")
def mesh_without_primitives():
    return bent(lambda doc: doc["meshes"].append({"primitives": []}))


@hostile("skinned")
def moved_by_bones():
    return bent(lambda doc: doc["nodes"][0].update(skin=0))


@hostile("morphed")
def bent_by_a_shape_key():
    return bent(lambda doc: doc["meshes"][0].update(weights=[0.0, 1.0]))
