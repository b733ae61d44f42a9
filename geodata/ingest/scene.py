"""The node tree: which meshes the shown scene draws, and where each one stands."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.ingest.errors import reject
from geodata.ingest.extensions import check_own_extensions
from geodata.ingest.fields import JsonObject, numbers, objects, reference, references
from geodata.ingest.limits import Limits
from geodata.ingest.transforms import Matrix, local_matrix


@dataclass(frozen=True)
class Instance:
    """One mesh drawn once: its index, the node that draws it, and the matrix (4, 4) from mesh to scene."""

    mesh: int
    node: int
    matrix: NDArray[np.float64]


def read_instances(document: JsonObject, mesh_count: int, limits: Limits) -> list[Instance]:
    """List what the default scene draws (scene 0 when none is named), as the browser's loader does.

    The whole forest is checked, also the nodes of other scenes. Cameras, lights and animations are passed
    over: the model is measured and shown at rest.
    """
    nodes = objects(document, "nodes")
    if len(nodes) > limits.nodes:
        reject("too_many_nodes", count=len(nodes), limit=limits.nodes)
    children = [references(node, "children", f"nodes[{i}]", len(nodes)) for i, node in enumerate(nodes)]
    parents = parents_of(children)
    order = _top_down(children, parents, limits.node_depth)
    shown = _shown_roots(document, parents)
    matrices = _world_matrices(nodes, order, parents)
    drawn = _descendants(shown, children)
    meshes = [_mesh_of(node, f"nodes[{i}]", mesh_count) for i, node in enumerate(nodes)]
    return [Instance(mesh, i, matrices[i]) for i, mesh in enumerate(meshes) if i in drawn and mesh is not None]


def parents_of(children: list[list[int]]) -> list[int | None]:
    """Give each node's parent, None for a root; refuses a node with two."""
    parents: list[int | None] = [None] * len(children)
    for parent, own in enumerate(children):
        for child in own:
            if parents[child] is not None:
                reject("node_two_parents", where=f"nodes[{child}]")
            parents[child] = parent
    return parents


def _top_down(children: list[list[int]], parents: list[int | None], most: int) -> list[int]:
    """Order all nodes parents first; a node never reached from a root is part of a circle."""
    order: list[int] = []
    level = [i for i, parent in enumerate(parents) if parent is None]
    for _ in range(most):
        if not level:
            break
        order += level
        level = [child for node in level for child in children[node]]
    if level:
        reject("nodes_too_deep", limit=most)
    if len(order) < len(parents):
        reject("node_cycle")
    return order


def _shown_roots(document: JsonObject, parents: list[int | None]) -> list[int]:
    scenes = objects(document, "scenes")
    if not scenes:
        reject("no_scene")
    all_roots = [references(scene, "nodes", f"scenes[{i}]", len(parents)) for i, scene in enumerate(scenes)]
    for i, roots in enumerate(all_roots):
        if len(set(roots)) < len(roots) or any(parents[root] is not None for root in roots):
            reject("node_two_parents", where=f"scenes[{i}]")
    return all_roots[reference(document, "scene", "", len(scenes)) or 0]


def _descendants(roots: list[int], children: list[list[int]]) -> set[int]:
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        found.add(node)
        waiting += children[node]
    return found


def _world_matrices(nodes: list[JsonObject], order: list[int], parents: list[int | None]) -> dict[int, Matrix]:
    matrices: dict[int, Matrix] = {}
    with np.errstate(over="ignore", invalid="ignore"):  # infinities are refused where they reach a corner
        for i in order:
            local, parent = local_matrix(nodes[i], f"nodes[{i}]"), parents[i]
            matrices[i] = local if parent is None else matrices[parent] @ local
    return matrices


def _mesh_of(node: JsonObject, where: str, mesh_count: int) -> int | None:
    check_own_extensions(node, where)
    if "skin" in node:
        reject("skinned")
    refuse_active_morphs(node, where)
    return reference(node, "mesh", where, mesh_count)


def refuse_active_morphs(described: JsonObject, where: str) -> None:
    """Refuse a node or mesh whose morph targets bend the shape away from the stored corners."""
    weights = described.get("weights", [])
    if not isinstance(weights, list) or numbers(weights, len(weights)) is None:
        reject("json_structure", where=f"{where}.weights")
    if any(weights):
        reject("morphed")
