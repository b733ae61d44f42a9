"""Every sentence the readers of buildings can say, by its stable code. A code never changes its meaning."""

from typing import Any, NoReturn


class _Told(ValueError):
    """A stable code with its sentence in each language."""

    def __init__(self, code: str, **values: Any) -> None:
        self.code = code
        self.message_ja, self.message_en = (sentence.format(**values) for sentence in SENTENCES[code])
        super().__init__(f"{code}: {self.message_en}")


class FileRefused(_Told):
    """A file cannot be read, or not to its end; what was read before stands."""


class BuildingRejected(_Told):
    """One building cannot be used; the others of its file can."""


def refuse_file(code: str, **values: Any) -> NoReturn:
    """Refuse the file with the sentence of this code; raises FileRefused."""
    raise FileRefused(code, **values)


def reject_building(code: str, **values: Any) -> NoReturn:
    """Reject one building with the sentence of this code; raises BuildingRejected."""
    raise BuildingRejected(code, **values)


SENTENCES: dict[str, tuple[str, str]] = {
    # files
    "unknown_kind": (
        "読めない種類のファイルです。CityGML（.gml、.xml）、GeoJSON（.geojson、.json）、"
        "またはそれらの zip を指定してください。",
        "This kind of file is not read; give CityGML (.gml, .xml), GeoJSON (.geojson, .json) or a zip of them.",
    ),
    "unreadable": (
        "ファイルを開けません（{reason}）。場所と読み取りの権限を確かめてください。",
        "The file cannot be opened ({reason}); please check where it is and who may read it.",
    ),
    "too_large": (
        "ファイルが大きすぎます（上限 {limit_mb} MB）。区域を分けて取り込んでください。",
        "The file is too large (limit {limit_mb} MB); please import it in several parts.",
    ),
    "object_too_large": (
        "一つの地物が {limit_mb} MB を超えています。ファイルを確かめてください。",
        "A single object is larger than {limit_mb} MB; please check the file.",
    ),
    "doctype": (
        "DOCTYPE のある XML は読みません。DOCTYPE を消したファイルを指定してください。",
        "XML with a DOCTYPE is not read; please give a file without it.",
    ),
    "not_citygml": (
        "CityGML 2.0 の CityModel ではありません。PLATEAU の建築物（bldg）のファイルを指定してください。",
        "This is not a CityModel of CityGML 2.0; please give a building (bldg) file of PLATEAU.",
    ),
    "broken_xml": (
        "XML が壊れているか、途中で切れています（{line} 行目：{reason}）。ダウンロードし直してください。",
        "The XML is broken or cut off (line {line}: {reason}); please download it again.",
    ),
    "unsupported_crs": (
        "座標系が {crs} です。JGD2011 の緯度経度（EPSG:6697、EPSG:6668）に変換してください。",
        "The coordinates are in {crs}; please convert them to JGD2011 degrees (EPSG:6697 or EPSG:6668).",
    ),
    "not_geojson": (
        "GeoJSON の FeatureCollection として読めません。UTF-8 の GeoJSON で書き出し直してください。",
        "This is not a readable GeoJSON FeatureCollection; please export it again as GeoJSON in UTF-8.",
    ),
    "zip_broken": (
        "zip が壊れているか、暗号化されています。ダウンロードし直してください。",
        "The zip is broken or encrypted; please download it again.",
    ),
    "zip_bomb": (
        "展開すると異常に大きくなる zip です（{unpacked_mb} MB、ファイル {members} 個）。"
        "必要な建築物ファイルだけを入れ直してください。",
        "The zip grows out of proportion when unpacked ({unpacked_mb} MB, {members} files); "
        "please pack only the building files that are needed.",
    ),
    "zip_without_buildings": (
        "zip に CityGML も GeoJSON も入っていません。建築物（bldg）のファイルを入れてください。",
        "The zip holds neither CityGML nor GeoJSON; please put building (bldg) files into it.",
    ),
    # buildings
    "no_id": ("使える ID がありません。", "It has no id that can be used."),
    "no_footprint": (
        "平面の形がありません（LOD0、LOD1、LOD2 のどれからも読めません）。",
        "It has no footprint: none can be read from LOD0, LOD1 or LOD2.",
    ),
    "bad_position": (
        "座標が数の組として読めないか、輪郭が閉じていません。",
        "Its positions are not readable numbers, or an outline is not closed.",
    ),
    "outside_japan": (
        "座標（緯度 {lat}、経度 {lon}）が日本の範囲にありません。",
        "Its position (latitude {lat}, longitude {lon}) is not in Japan.",
    ),
    "too_wide": (
        "平面の形が {limit} 度より広く、一つの建物とは考えられません。",
        "Its footprint is wider than {limit} degrees: that is no single building.",
    ),
}
