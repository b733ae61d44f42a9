"""A glTF document whose every number has been checked on paper: nothing of it is decoded yet."""

from dataclasses import dataclass

from geodata.ingest.accessors import Accessor, read_accessors
from geodata.ingest.buffers import BufferView, read_buffer_views
from geodata.ingest.container import Container
from geodata.ingest.extensions import QUANTIZATION, check_extensions, required_extensions
from geodata.ingest.fields import JsonObject, objects
from geodata.ingest.images import check_images, check_materials
from geodata.ingest.limits import Limits
from geodata.ingest.meshes import Mesh, read_meshes
from geodata.ingest.scene import Instance, read_instances


@dataclass(frozen=True)
class Document:
    """The parts of a checked document; `instances` is what its shown scene draws."""

    json: JsonObject
    views: list[BufferView]
    accessors: list[Accessor]
    meshes: list[Mesh]
    instances: list[Instance]
    extensions: frozenset[str]
    required: frozenset[str]

    @property
    def nodes(self) -> list[JsonObject]:
        """The nodes of all scenes, as described."""
        return objects(self.json, "nodes")


def read_document(container: Container, limits: Limits) -> Document:
    """Check a document against the format and the limits; raises ModelRejected."""
    json = container.document
    extensions = check_extensions(json)
    views = read_buffer_views(json, container.binary)
    check_images(json, views, limits)
    materials = check_materials(json, limits)
    accessors = read_accessors(json, views, limits)
    meshes = read_meshes(json, accessors, QUANTIZATION in extensions, materials)
    instances = read_instances(json, len(meshes), limits)
    return Document(json, views, accessors, meshes, instances, extensions, required_extensions(json))
