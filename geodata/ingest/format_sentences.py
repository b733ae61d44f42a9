"""What is said about formats other than GLB: what we found, and the steps in that program that lead to GLB."""

from geodata.ingest.sentence import Sentence

_READ_JA = "読めるのは GLB、glTF、OBJ、STL、PLY です。"
_READ_EN = "We read GLB, glTF, OBJ, STL and PLY."

FORMAT_SENTENCES: dict[str, Sentence] = {
    # formats with another way out
    "format_unknown": Sentence(
        "3Dモデルのファイルとして読めません。"
        f"{_READ_JA}お使いの3Dソフトで「glTF 2.0（.glb）」を選んで書き出してください。",
        f"This does not read as a 3D model. {_READ_EN} Please export “glTF 2.0 (.glb)” from your 3D software.",
    ),
    "format_fbx": Sentence(
        "FBX 形式は読めません。Blender で「ファイル → インポート → FBX」で開き、"
        "「ファイル → エクスポート → glTF 2.0（.glb）」で書き出してください。"
        "Maya・3ds Max・Unity からは、glTF の書き出し機能か OBJ を使えます。",
        "We cannot read FBX. In Blender: File → Import → FBX, then File → Export → glTF 2.0 (.glb). "
        "From Maya, 3ds Max or Unity you can also use their glTF exporter or OBJ.",
    ),
    "format_usd": Sentence(
        "USD（USDZ）形式は読めません。スキャンアプリなら書き出しで GLB か OBJ を選んでください。"
        "ほかは Blender で「ファイル → インポート → USD」、「ファイル → エクスポート → glTF 2.0（.glb）」です。",
        "We cannot read USD (USDZ). In a scanning app choose GLB or OBJ when exporting. "
        "Otherwise in Blender: File → Import → USD, then File → Export → glTF 2.0 (.glb).",
    ),
    "format_skp": Sentence(
        "SketchUp（.skp）形式は読めません。SketchUp で「ファイル → エクスポート → 3Dモデル」を開き、"
        "「glTF（.glb）」を選んで書き出してください。",
        "We cannot read SketchUp files (.skp). In SketchUp: File → Export → 3D Model, then choose glTF (.glb).",
    ),
    "format_ifc": Sentence(
        "IFC（BIM）形式は読めません。Blender の拡張機能 Bonsai で開き、"
        "「ファイル → エクスポート → glTF 2.0（.glb）」で書き出してください。"
        "BIMソフトから OBJ で書き出しても使えます。",
        "We cannot read IFC (BIM). Open it in Blender with the Bonsai extension, then File → Export → "
        "glTF 2.0 (.glb). OBJ from your BIM software works too.",
    ),
    "format_blend": Sentence(
        "Blender の作業ファイル（.blend）です。"
        "Blender で「ファイル → エクスポート → glTF 2.0（.glb）」を選んで書き出してください。",
        "This is a Blender working file (.blend). In Blender: File → Export → glTF 2.0 (.glb).",
    ),
    "format_3ds": Sentence(
        "3DS 形式は読めません。3ds Max では「ファイル → 書き出し」で glTF か OBJ を選んで書き出してください。",
        "We cannot read 3DS. In 3ds Max: File → Export, then choose glTF or OBJ.",
    ),
    "format_dae": Sentence(
        "COLLADA（.dae）形式は読めません。作ったソフトで glTF 2.0（.glb）か OBJ を選んで書き出してください。"
        "SketchUp では「ファイル → エクスポート → 3Dモデル」です。",
        "We cannot read COLLADA (.dae). Please export glTF 2.0 (.glb) or OBJ from the program that made it; "
        "in SketchUp: File → Export → 3D Model.",
    ),
    "format_3dm": Sentence(
        "Rhino（.3dm）形式は読めません。Rhino で「ファイル → 選択オブジェクトをエクスポート」を開き、"
        "「glTF（.glb）」か「OBJ」を選んで書き出してください。",
        "We cannot read Rhino files (.3dm). In Rhino: File → Export Selected, then choose glTF (.glb) or OBJ.",
    ),
    "format_max": Sentence(
        "3ds Max の作業ファイル（.max）です。"
        "3ds Max で「ファイル → 書き出し」から glTF か OBJ を選んで書き出してください。",
        "This is a 3ds Max working file (.max). In 3ds Max: File → Export, then choose glTF or OBJ.",
    ),
    "format_vox": Sentence(
        "MagicaVoxel（.vox）形式は読めません。MagicaVoxel の「Export」で「obj」を選び、"
        "できた .obj・.mtl・.png を一つの zip にして送ってください。",
        "We cannot read MagicaVoxel files (.vox). In MagicaVoxel choose Export → obj, "
        "then send the .obj, .mtl and .png in one zip.",
    ),
    "format_schem": Sentence(
        "マインクラフトの保存形式は読めません。Mineways などで OBJ に書き出し、"
        "できたファイルを一つの zip にして送ってください。",
        "We cannot read Minecraft files. Export OBJ with a tool such as Mineways, then send its files in one zip.",
    ),
    "format_step": Sentence(
        "STEP・IGES（CAD）形式は読めません。"
        "CAD ソフトで STL か OBJ（面の形）として書き出し、単位を選んで送ってください。",
        "We cannot read STEP or IGES (CAD). Please export STL or OBJ (a mesh) from your CAD program, "
        "and choose the unit when sending.",
    ),
    "format_dwg": Sentence(
        "DWG・DXF（CAD）形式は読めません。AutoCAD では「書き出し」で STL を選び、単位を選んで送ってください。",
        "We cannot read DWG or DXF (CAD). In AutoCAD choose Export → STL, and choose the unit when sending.",
    ),
    "format_3mf": Sentence(
        "3MF 形式は読めません。3Dプリント用のソフトで「STL」を選んで書き出し、単位 mm を選んで送ってください。",
        "We cannot read 3MF. Please export STL from your 3D "
        "printing program, and choose the unit mm when sending.",
    ),
    # units
    "units_fixed": Sentence(
        "GLB・glTF の単位はいつもメートル、上は y 軸です。単位と上の向きを選ばずに送ってください。"
        "大きさが違うときは、3Dソフトでメートル単位にして書き出し直してください。",
        "GLB and glTF are always in metres with y up. Please send it without choosing a unit or an up axis. "
        "If its size is wrong, set your software to metres and export again.",
    ),
    # zip
    "zip_broken": Sentence(
        "zip ファイルを読めません。もう一度 zip にまとめて送ってください。",
        "The zip file cannot be read. Please zip the files again.",
    ),
    "zip_too_many_files": Sentence(
        "zip に {count} 個のファイルがあります。"
        "{limit} 個までにしてください。モデルとその画像だけを入れてください。",
        "The zip holds {count} files; the limit is {limit}. Please put in only the model and its pictures.",
    ),
    "zip_bomb": Sentence(
        "zip を広げると大きくなりすぎます（{limit_mb} MB まで）。モデルとその画像だけを入れて作り直してください。",
        "The zip unfolds to too much (the limit is {limit_mb} MB). Please zip only the model and its pictures.",
    ),
    "zip_name": Sentence(
        "zip の中のファイル名（{name}）が使えません。"
        "同じ名前や、上のフォルダを指す名前をなくして作り直してください。",
        "A name in the zip ({name}) cannot be used. Please zip again without equal names or names "
        "that point outside their folder.",
    ),
    "zip_encrypted": Sentence(
        "zip にパスワードがかかっています。パスワードなしで作り直してください。",
        "The zip is locked with a password. Please make it without one.",
    ),
    "zip_method": Sentence(
        "zip の圧縮方法が特別なため読めません。パソコンの標準の機能で zip を作り直してください。",
        "The zip uses an unusual compression. Please make it with your computer's own zip function.",
    ),
    "zip_nested": Sentence(
        "zip の中にさらに圧縮ファイル（{name}）があります。広げてから、一つの zip にまとめてください。",
        "The zip holds another archive ({name}). Please unpack it and put everything into one zip.",
    ),
    "zip_no_model": Sentence(
        "zip の中に3Dモデルがありません。.obj と .mtl と画像を入れてください。",
        "There is no 3D model in the zip. Please put in the .obj, its .mtl and its pictures.",
    ),
    "zip_several_models": Sentence(
        "zip の中に3Dモデルが {count} 個あります。一つだけにしてください。",
        "The zip holds {count} 3D models. Please leave only one.",
    ),
    "file_missing": Sentence(
        "モデルが使うファイル（{name}）が zip にありません。一緒に入れて作り直してください。",
        "The model uses {name}, which is not in the zip. Please put it in and zip again.",
    ),
    # what stands in the files
    "data_uri_invalid": Sentence(
        "{where} に埋め込まれたデータ（data:）を読めません。「glTF 2.0（.glb）」で書き出してください。",
        "The data embedded in {where} (a data: address) cannot be read. Please export “glTF 2.0 (.glb)”.",
    ),
    "text_line_too_long": Sentence(
        "一行が {limit} 文字を超えています。ファイルが壊れているようです。書き出し直してください。",
        "A line is longer than {limit} characters. The file seems broken; please export it again.",
    ),
    "text_number": Sentence(
        "数であるはずのところ（{where}）が数ではありません。"
        "ファイルが壊れているようです。書き出し直してください。",
        "Something that should be a number ({where}) is not. The file seems broken; please export it again.",
    ),
    "text_invalid": Sentence(
        "ファイルの中の書き方（{where}）が形式の決まりと違います。書き出し直すか、GLB で書き出してください。",
        "What stands at “{where}” is not what the format asks for. Please export it again, or export GLB.",
    ),
    "obj_call": Sentence(
        "OBJ がほかのファイルを呼び出しています（call）。一つの OBJ にまとめて書き出してください。",
        "The OBJ calls another file (call). Please export everything as one OBJ.",
    ),
    "obj_curves": Sentence(
        "OBJ に曲面（NURBS など）が入っています。メッシュ（面の集まり）に変えてから書き出してください。",
        "The OBJ holds curved surfaces (such as NURBS). Please turn them into meshes, then export again.",
    ),
    "mtl_too_large": Sentence(
        "材質のファイル（MTL）が {limit_mb} MB を超えています。使っていない材質を消して書き出してください。",
        "The material file (MTL) is over {limit_mb} MB. Please remove unused materials and export again.",
    ),
    "ply_header": Sentence(
        "PLY の初めの説明を読めません。PLY を書き出し直すか、GLB で書き出してください。",
        "The head of the PLY cannot be read. Please export the PLY again, or export GLB.",
    ),
    "ply_list": Sentence(
        "PLY の面の書き方が正しくありません。PLY を書き出し直すか、GLB で書き出してください。",
        "The faces of the PLY are not written correctly. Please export the PLY again, or export GLB.",
    ),
}
