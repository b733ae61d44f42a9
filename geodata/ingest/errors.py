"""Every sentence the model gate can say, by its stable code. A code never changes its meaning."""

from typing import Any, NoReturn

from geodata.ingest.format_sentences import FORMAT_SENTENCES
from geodata.ingest.sentence import Sentence


class ModelRejected(ValueError):
    """A model was refused; carries a stable code, a sentence in each language and the facts known so far."""

    def __init__(self, code: str, message_ja: str, message_en: str, known: dict[str, Any]) -> None:
        super().__init__(f"{code}: {message_en}")
        self.code = code
        self.message_ja = message_ja
        self.message_en = message_en
        self.known = known

    def as_json(self) -> dict[str, Any]:
        """Give the answer of `civic model check`; `facts` holds what became known."""
        said = {"code": self.code, "message_ja": self.message_ja, "message_en": self.message_en}
        return {"verdict": "reject", **said, "facts": self.known}


def reject(code: str, known: dict[str, Any] | None = None, **values: Any) -> NoReturn:
    """Refuse the model with the sentence of this code; raises ModelRejected."""
    sentence = SENTENCES[code].filled(values)
    raise ModelRejected(code, sentence.ja, sentence.en, known or {})


_EXPORT_JA = "お使いのソフトで、もう一度 GLB（glTF 2.0）に書き出してください。"
_EXPORT_EN = "Please export it again as GLB (glTF 2.0) from your 3D software."

SENTENCES: dict[str, Sentence] = {
    # accepted
    "ok": Sentence("この3Dモデルは使えます。", "This 3D model can be used."),
    "unit_suspect": Sentence(
        "使えますが、大きさが {w}×{d} m、高さ {h} m と読めました。単位が違うようです。"
        "メートル単位で書き出したかどうかを確かめてください。大きさはこちらでは変えません。",
        "Accepted, but it measures {w} × {d} m and is {h} m high, which looks like another unit. "
        "Please check that it was exported in metres. We never rescale it for you.",
    ),
    # the file
    "empty_file": Sentence(
        "ファイルの中身がありません。もう一度選んで送ってください。",
        "The file is empty. Please choose it and send it again.",
    ),
    "file_too_large": Sentence(
        "ファイルが {size_mb} MB あります。{limit_mb} MB までにしてください。"
        "画像を小さくするか、面の数を減らすと軽くなります。",
        "The file is {size_mb} MB; the limit is {limit_mb} MB. Smaller textures or fewer faces make it lighter.",
    ),
    "not_glb": Sentence(
        "GLB ファイルではありません。3Dソフトの書き出しで「glTF 2.0（.glb）」を選んでください。",
        "This is not a GLB file. Choose “glTF 2.0 (.glb)” when exporting from your 3D software.",
    ),
    "gltf_text": Sentence(
        "テキスト形式の .gltf です。画像と形を一つにまとめた「.glb」で書き出してください。",
        "This is a text .gltf. Please export it as one “.glb” file that contains everything.",
    ),
    "unsupported_version": Sentence(
        f"glTF 2.0 ではない版です。{_EXPORT_JA}",
        f"This is another version than glTF 2.0. {_EXPORT_EN}",
    ),
    "truncated": Sentence(
        "ファイルが途中で切れています。もう一度送るか、書き出し直してください。",
        "The file is cut short. Please send it again or export it again.",
    ),
    "trailing_bytes": Sentence(
        f"モデルの終わりより後ろに余分なデータがあります。{_EXPORT_JA}",
        f"There is extra data after the end of the model. {_EXPORT_EN}",
    ),
    "chunks_invalid": Sentence(
        f"GLB の区切り（チャンク）が正しくありません。{_EXPORT_JA}",
        f"The parts (chunks) of this GLB are not in order. {_EXPORT_EN}",
    ),
    # its JSON
    "json_too_large": Sentence(
        "モデルの説明部分（JSON）が {limit_mb} MB を超えています。部品をまとめて数を減らしてください。",
        "The model's description (JSON) is over {limit_mb} MB. Please join parts so that there are fewer.",
    ),
    "json_too_deep": Sentence(
        f"モデルの説明部分（JSON）の入れ子が深すぎます。{_EXPORT_JA}",
        f"The model's description (JSON) is nested too deeply. {_EXPORT_EN}",
    ),
    "json_nan": Sentence(
        f"モデルの説明部分（JSON）に数ではない値（NaN、Infinity）があります。{_EXPORT_JA}",
        f"The model's description (JSON) holds NaN or Infinity instead of a number. {_EXPORT_EN}",
    ),
    "json_invalid": Sentence(
        f"モデルの説明部分（JSON）を読めません。{_EXPORT_JA}",
        f"The model's description (JSON) cannot be read. {_EXPORT_EN}",
    ),
    "json_structure": Sentence(
        f"モデルの説明部分（JSON）の {{where}} が glTF 2.0 の決まりと違います。{_EXPORT_JA}",
        f"In the model's description (JSON), {{where}} is not what glTF 2.0 asks for. {_EXPORT_EN}",
    ),
    "reference_invalid": Sentence(
        f"{{where}} が、無いものを指しています。{_EXPORT_JA}",
        f"{{where}} points to something that does not exist. {_EXPORT_EN}",
    ),
    # extensions and outside files
    "draco_compressed": Sentence(
        "Draco で圧縮されています。書き出しの「圧縮（Draco）」を外してください。",
        "It is compressed with Draco. Please switch off “Compression (Draco)” when exporting.",
    ),
    "draco_invalid": Sentence(
        "Draco で圧縮された形（{where}）を元に戻せません。書き出しの「圧縮（Draco）」を外してください。",
        "The Draco-compressed shape {where} cannot be decoded. "
        "Please switch off “Compression (Draco)” when exporting.",
    ),
    "meshopt_compressed": Sentence(
        "meshopt で圧縮されています。圧縮なしで書き出してください。",
        "It is compressed with meshopt. Please export it without compression.",
    ),
    "ktx2_textures": Sentence(
        "画像が KTX2（Basis）形式です。PNG か JPEG の画像で書き出してください。",
        "Its textures are KTX2 (Basis). Please export them as PNG or JPEG.",
    ),
    "gpu_instancing": Sentence(
        "同じ形をまとめて並べる拡張（EXT_mesh_gpu_instancing）が使われています。実際の形に変えてから書き出してください。",
        "It uses EXT_mesh_gpu_instancing. Please turn the instances into real objects before exporting.",
    ),
    "extension_required": Sentence(
        "表示に拡張機能 {name} が必要なモデルです。標準の glTF 2.0 で書き出してください。",
        "The model cannot be shown without the extension {name}. Please export it as plain glTF 2.0.",
    ),
    "external_uri": Sentence(
        "モデルが外のファイル（{where}）を参照しています。画像と形をすべて埋め込んだ .glb で書き出してください。",
        "The model refers to an outside file ({where}). Please export a .glb with everything embedded.",
    ),
    "data_uri": Sentence(
        "データが文字列（data: の {where}）で入っています。画像と形を GLB の中に埋め込んで書き出してください。",
        "Data is written as text (a data: address in {where}). Please embed it in the GLB itself when exporting.",
    ),
    # data
    "buffer_invalid": Sentence(
        f"形のデータの入れ物（{{where}}）の大きさが合いません。{_EXPORT_JA}",
        f"The size of a data block ({{where}}) does not fit the file. {_EXPORT_EN}",
    ),
    "accessor_invalid": Sentence(
        f"形のデータの読み方（{{where}}）が glTF 2.0 の決まりと違います。{_EXPORT_JA}",
        f"The description of the data in {{where}} is not what glTF 2.0 asks for. {_EXPORT_EN}",
    ),
    "accessor_misaligned": Sentence(
        f"形のデータ（{{where}}）の位置が決まりの区切りに合っていません。{_EXPORT_JA}",
        f"The data of {{where}} does not start on the boundary glTF 2.0 asks for. {_EXPORT_EN}",
    ),
    "accessor_out_of_bounds": Sentence(
        f"形のデータ（{{where}}）がファイルの範囲をはみ出しています。{_EXPORT_JA}",
        f"The data of {{where}} lies outside the file. {_EXPORT_EN}",
    ),
    "accessor_no_data": Sentence(
        f"形のデータ（{{where}}）の中身がありません。{_EXPORT_JA}",
        f"{{where}} describes data that is not there. {_EXPORT_EN}",
    ),
    "too_much_data": Sentence(
        f"ファイルの大きさに比べて、広げたときのデータが多すぎます。{_EXPORT_JA}",
        f"It unfolds to far more data than the file holds. {_EXPORT_EN}",
    ),
    "index_out_of_range": Sentence(
        f"面が、無い頂点を指しています（{{where}}）。{_EXPORT_JA}",
        f"A face points to a corner that does not exist ({{where}}). {_EXPORT_EN}",
    ),
    "not_finite": Sentence(
        "頂点の位置に数ではない値があります（{where}）。3Dソフトで壊れた形を消してから書き出してください。",
        "A corner's position is not a number ({where}). Please remove the broken shape, then export again.",
    ),
    # scene
    "no_scene": Sentence(
        f"表示する場面（シーン）がありません。{_EXPORT_JA}",
        f"There is no scene to show. {_EXPORT_EN}",
    ),
    "too_many_nodes": Sentence(
        "部品が {count} 個あります。{limit} 個までにしてください。部品を結合すると減らせます。",
        "It has {count} parts; the limit is {limit}. Joining parts brings the number down.",
    ),
    "nodes_too_deep": Sentence(
        "部品の親子関係が {limit} 段を超えています。親子関係を外すか、部品を結合してください。",
        "Parts are nested more than {limit} deep. Please flatten or join them.",
    ),
    "node_cycle": Sentence(
        f"部品の親子関係が輪になっています。{_EXPORT_JA}",
        f"Parts contain each other in a circle. {_EXPORT_EN}",
    ),
    "node_two_parents": Sentence(
        f"一つの部品（{{where}}）が二か所に属しています。{_EXPORT_JA}",
        f"One part ({{where}}) belongs to two places. {_EXPORT_EN}",
    ),
    "transform_invalid": Sentence(
        "部品（{where}）の位置・回転・拡大の値が正しくありません。変形を「適用」してから書き出してください。",
        "The position, rotation or scale of {where} is not valid. Please apply transforms, then export again.",
    ),
    # meshes
    "primitive_invalid": Sentence(
        f"形（{{where}}）の作りが glTF 2.0 の決まりと違います。{_EXPORT_JA}",
        f"The shape {{where}} is not built as glTF 2.0 asks for. {_EXPORT_EN}",
    ),
    "skinned": Sentence(
        "骨（アーマチュア）で動く形が入っています。ポーズを「適用」して、骨なしで書き出してください。",
        "It contains a shape moved by bones. Please apply the pose and export it without an armature.",
    ),
    "morphed": Sentence(
        "変形（シェイプキー）が効いた形が入っています。変形を「適用」してから書き出してください。",
        "It contains a shape bent by morph targets (shape keys). Please apply them, then export again.",
    ),
    "too_many_primitives": Sentence(
        "描く回数が {count} 回になります。{limit} 回までにしてください。部品や材質をまとめてください。",
        "It takes {count} draws; the limit is {limit}. Please join parts and materials.",
    ),
    "too_many_triangles": Sentence(
        "三角形が {count} 枚あります。{limit} 枚までにしてください。3Dソフトの「面を減らす」機能が使えます。",
        "It has {count} triangles; the limit is {limit}. A “decimate” function in your software reduces them.",
    ),
    "too_many_vertices": Sentence(
        "頂点が {count} 個あります。{limit} 個までにしてください。使っていない頂点を消すと減ります。",
        "It has {count} vertices; the limit is {limit}. Removing unused vertices brings the number down.",
    ),
    "no_triangles": Sentence(
        "面のある形が一つもありません。点や線だけでなく、面のある形を入れて書き出してください。",
        "It holds no surface at all. Please export shapes with faces, not only points or lines.",
    ),
    "zero_size": Sentence(
        "大きさがありません。形の拡大率が 0 になっていないか確かめてください。",
        "It has no size. Please check that no scale is 0.",
    ),
    "too_large": Sentence(
        "大きさが {extent} m と読めました。{limit} m を超えるものは扱えません。"
        "単位をメートルにして書き出してください。",
        "It measures {extent} m; over {limit} m cannot be handled. Please export it in metres.",
    ),
    "too_small": Sentence(
        "大きさが {extent} m と読めました。{limit} m より小さいものは扱えません。"
        "単位をメートルにして書き出してください。",
        "It measures {extent} m; under {limit} m cannot be handled. Please export it in metres.",
    ),
    # pictures on surfaces
    "too_many_materials": Sentence(
        "材質が {count} 個あります。{limit} 個までにしてください。同じ色の材質をまとめてください。",
        "It has {count} materials; the limit is {limit}. Please merge materials of the same colour.",
    ),
    "too_many_images": Sentence(
        "画像が {count} 枚あります。{limit} 枚までにしてください。",
        "It has {count} textures; the limit is {limit}.",
    ),
    "image_unreadable": Sentence(
        "貼られた画像（{where}）が PNG、JPEG、WebP のどれでもありません。画像を入れ替えて書き出してください。",
        "The texture {where} is neither PNG, JPEG nor WebP. Please replace it and export again.",
    ),
    "image_broken": Sentence(
        "貼られた画像（{where}）が壊れていて開けません。画像を入れ替えて書き出してください。",
        "The texture {where} is broken and cannot be opened. Please replace it and export again.",
    ),
    "image_too_large": Sentence(
        "貼られた画像（{where}）が大きすぎます。一辺 {limit} 画素、合計 {limit_mpx} メガ画素までです。",
        "The texture {where} is too large: at most {limit} pixels a side and {limit_mpx} megapixels in all.",
    ),
    # the reader itself
    "reader_out_of_memory": Sentence(
        "このモデルを調べるには、記憶（メモリー）が足りません。面の数か画像を減らしてから送ってください。",
        "There is not enough memory to examine this model. Please send it with fewer faces or smaller textures.",
    ),
    "reader_too_slow": Sentence(
        "このモデルを調べるのに時間がかかりすぎました。面の数か画像を減らしてから送ってください。",
        "It took too long to examine this model. Please send it with fewer faces or smaller textures.",
    ),
    "reader_died": Sentence(
        f"このモデルを調べている途中で、読み取りが止まりました。{_EXPORT_JA}",
        f"Reading this model broke off half way. {_EXPORT_EN}",
    ),
} | FORMAT_SENTENCES
