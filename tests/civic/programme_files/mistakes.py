"""Every kind of mistake in a programme file: how to make it, where it must be told, and what to write instead.

``CASES[name] = (spoil, place, ja, en)``: ``spoil(document, files)`` bends the small programme, or returns the
bytes of the whole file; ``place`` is the key path (empty for the whole file), ``ja`` and ``en`` are parts of the
sentences.
"""

import copy
import json

from support.small_programme import box_glb, rectangle, small_document

CASES = {}


def case(name, place, ja, en):
    def keep(spoil):
        CASES[name] = (spoil, place, ja, en)
        return spoil

    return keep


def at(document, *path):
    for step in path:
        document = document[step]
    return document


def setting(name, place, path, value, ja, en):
    """The commonest mistake: one value that is wrong."""

    def spoil(document, _files):
        at(document, *path[:-1])[path[-1]] = value

    CASES[name] = (spoil, place, ja, en)


def polygon(name, data, ja, en):
    """The boundary of the first site is another file content."""

    def spoil(_document, files):
        files["plaza.geojson"] = data if isinstance(data, bytes) else json.dumps(data).encode()

    CASES[name] = (spoil, "sites[0].boundary", ja, en)


P, S, B, T = ("proposals", 0), ("sites", 0), ("ballots", 0), ("stages", 0)
PLACE = (*P, "placements", 0)

# Keys and types
setting("unknown key", "programme.colour", ("programme", "colour"), "red", "知らないキー", "")
setting("unknown part", "polls", ("polls",), [], "知らないキー", "")
setting("text for a number", "sites[0].ground_m", (*S, "ground_m"), "33", "数を", "")
setting("number for a text", "proposals[0].licence", (*P, "licence"), 1, "文字列", "")
setting("fraction for an integer", "ballots[0].max_approvals", (*B, "max_approvals"), 1.5, "整数", "")
setting("text for true", "proposals[0].consent.publish", (*P, "consent", "publish"), "yes", "true", "true")
setting("mapping for a list", "sites", ("sites",), {"slug": "x"}, "並び", "")
setting("list for a mapping", "programme", ("programme",), ["small"], "キー: 値", "")
setting("infinite number", "sites[0].ground_m", (*S, "ground_m"), float("inf"), "有限", "")
setting("no number", "proposals[0].placements[0].lon", (*PLACE, "lon"), float("nan"), "", "")
setting("unknown level", "sites[0].level", (*S, "level"), "roof", "'ground', 'deck'", "'ground', 'deck'")
setting("unknown stage", "stages[0].kind", (*T, "kind"), "party", "'intake'", "'intake'")
setting("unknown method", "ballots[0].method", (*B, "method"), "borda", "'site_winner'", "'site_winner'")
setting("option of a method", "ballots[0].method_options", (*B, "method_options"), {"x": 1}, "method_options", "")
setting("negative cost", "proposals[0].placements[0].cost_yen", (*PLACE, "cost_yen"), -1, "0 以上", "0")
setting("no approval allowed", "ballots[0].max_approvals", (*B, "max_approvals"), 0, "1 以上", "1")
setting("scale of nothing", "proposals[0].placements[0].scale", (*PLACE, "scale"), 0.0, "0", "0")
setting("endless grace", "ballots[0].late_grace_s", (*B, "late_grace_s"), 90_000, "86400", "86400")
setting("ballot without options", "ballots[0].options", (*B, "options"), [], "少なくとも 1 つ", "")
setting("proposal without a place", "proposals[0].placements", (*P, "placements"), [], "少なくとも 1 つ", "")
setting("too long a title", "programme.title.ja", ("programme", "title", "ja"), "あ" * 201, "200", "200")

# Texts and names
setting("title without Japanese", "programme.title", ("programme", "title"), {"en": "x"}, "日本語（ja）", "")
setting("blank Japanese", "programme.title", ("programme", "title"), {"ja": " "}, "日本語（ja）", "")
setting(
    "unknown language", "programme.title", ("programme", "title"), {"ja": "題", "fr": "t"}, "ja@easy", "ja@easy"
)
setting("slug with capitals", "sites[0].slug", (*S, "slug"), "Plaza", "a-z", "a-z")
setting("slug of Japanese", "proposals[0].slug", (*P, "slug"), "ベンチ", "a-z", "a-z")
setting("slug too long", "ballots[0].slug", (*B, "slug"), "a" * 65, "64", "64")
setting("NUL in a text", "proposals[0].licence", (*P, "licence"), "a\0b", "NUL", "NUL")
setting("NUL in a title", "sites[0].title", (*S, "title"), {"ja": "a\0b"}, "NUL", "NUL")

# Times
setting("time without a zone", "ballots[0].opens_at", (*B, "opens_at"), "2026-10-01T09:00", "+09:00", "+09:00")
setting("only a date", "ballots[0].closes_at", (*B, "closes_at"), "2026-10-14", "2026-10-01T09:00+09:00", "+09:00")
setting("a day that is none", "stages[0].opens_at", (*T, "opens_at"), "2026-13-01T09:00+09:00", "時刻", "")
setting("24 o'clock", "ballots[0].closes_at", (*B, "closes_at"), "2026-10-14T24:00+09:00", "時刻", "")
setting("before all clocks", "stages[0].opens_at", (*T, "opens_at"), "0001-01-01T00:00+09:00", "時刻", "")
setting("after all clocks", "stages[0].closes_at", (*T, "closes_at"), "9999-12-31T23:59-09:00", "時刻", "")
setting(
    "a date that is none", "workshops[0].date", ("workshops", 0, "date"), "2026-02-30", "2026-07-05", "2026-07-05"
)
setting("stage ends first", "stages[0].closes_at", (*T, "closes_at"), "2026-09-01T09:00+09:00", "終わり", "")
setting("ballot ends first", "ballots[0].closes_at", (*B, "closes_at"), "2026-10-01T09:00+09:00", "終わり", "")
setting(
    "ballot after its stage",
    "ballots[0].opens_at",
    (*B, "closes_at"),
    "2026-10-15T00:01+09:00",
    "kind: ballot",
    "kind: ballot",
)
setting("stage of another kind", "ballots[0].opens_at", (*T, "kind"), "review", "kind: ballot", "kind: ballot")

# References
setting("unknown group", "proposals[0].group", (*P, "group"), "table-z", "table-a, table-b", "table-a, table-b")
setting("unknown site", "proposals[0].placements[0].site", (*PLACE, "site"), "park", "deck, plaza", "deck, plaza")
setting("unknown option", "ballots[0].options[1]", (*B, "options", 1), "tower", "bench, mist", "bench, mist")
setting(
    "option without consent", "ballots[0].options[0]", (*P, "consent"), {"publish": False}, "consent", "consent"
)


@case("consent missing", "proposals[0].consent", "必要", "")
def _(document, _files):
    del document["proposals"][0]["consent"]


@case("no programme", "programme", "必要", "")
def _(document, _files):
    del document["programme"]


# Slugs that stand twice
def twice(name, place, *path):
    def spoil(document, _files):
        at(document, *path[:-1]).append(copy.deepcopy(at(document, *path)))

    CASES[name] = (spoil, place, "2 回", "2")


twice("site twice", "sites[2].slug", *S)
twice("proposal twice", "proposals[4].slug", *P)
twice("ballot twice", "ballots[2].slug", *B)
twice("option twice", "ballots[0].options[4]", *B, "options", 0)
twice("site of a proposal twice", "proposals[0].placements[1].site", *PLACE)
twice("group twice", "workshops[0].groups[2].slug", "workshops", 0, "groups", 0)


@case("workshop twice", "workshops[1].slug", "2 回", "2")
def _(document, _files):
    document["workshops"].append({"slug": "ws-0705", "date": "2026-07-06", "title": {"ja": "二回目"}})


@case("group of two workshops", "workshops[1].groups[0].slug", "2 回", "2")
def _(document, _files):
    group = {"slug": "table-a", "title": {"ja": "A班"}}
    document["workshops"].append(
        {"slug": "ws-0706", "date": "2026-07-06", "title": {"ja": "二回目"}, "groups": [group]}
    )


# Files
setting("file above the folder", "proposals[0].model", (*P, "model"), "../bench.glb", "..", "..")
setting("absolute file", "proposals[0].model", (*P, "model"), "/etc/hostname", "..", "..")
setting("file with a backslash", "proposals[0].model", (*P, "model"), "models\\bench.glb", "..", "..")
setting("file name too long", "proposals[0].model", (*P, "model"), "あ" * 86 + ".glb", "ファイル", "")
setting("no file name", "sites[0].boundary", (*S, "boundary"), "", "ファイル", "")
setting("NUL in a file name", "sites[0].boundary", (*S, "boundary"), "a\0.geojson", "NUL", "NUL")
setting("missing model", "proposals[0].model", (*P, "model"), "lost.glb", "lost.glb", "lost.glb")
setting("missing boundary", "sites[0].boundary", (*S, "boundary"), "lost.geojson", "lost.geojson", "lost.geojson")
setting("missing area", "programme.area", ("programme", "area"), "lost.geojson", "lost.geojson", "lost.geojson")
setting(
    "missing layer", "sites[0].layers.gates", (*S, "layers"), {"gates": "lost.geojson"}, "lost.geojson", "lost"
)
setting("a folder for a file", "sites[0].boundary", (*S, "boundary"), ".", "ファイル", "")


@case("huge file", "proposals[0].model", "25 MB", "25 MB")
def _(_document, files):
    files["bench.glb"] = bytes(25_000_001)


@case("no model at all", "proposals[0].model", "", "")
def _(_document, files):
    files["bench.glb"] = b"a bench"


@case("model cut short", "proposals[0].model", "", "")
def _(_document, files):
    files["bench.glb"] = box_glb(1.0)[:-8]


@case("empty model", "proposals[0].model", "", "")
def _(_document, files):
    files["bench.glb"] = b""


# Polygons
RING = [[139.689, 35.689], [139.690, 35.689], [139.690, 35.690], [139.689, 35.690], [139.689, 35.689]]
BOW = [RING[0], RING[2], RING[1], RING[3], RING[0]]
POLYGON = json.loads(rectangle(139.689, 35.689, 139.690, 35.690))
FEATURE = {"type": "Feature", "properties": {}, "geometry": POLYGON}

polygon("boundary is no JSON", b"{", "JSON", "JSON")
polygon("boundary is empty", b"", "JSON", "JSON")
polygon("boundary is not UTF-8", b"\xff\xfe{}", "JSON", "JSON")
polygon("boundary is a point", {"type": "Point", "coordinates": RING[0]}, "ポリゴン", "polygon")
polygon("boundary is a line", {"type": "LineString", "coordinates": RING}, "ポリゴン", "polygon")
polygon("boundary is no GeoJSON", {"shape": "square"}, "GeoJSON", "GeoJSON")
polygon("boundary of two features", {"type": "FeatureCollection", "features": [FEATURE] * 2}, "2 個", "2")
polygon("boundary of no feature", {"type": "FeatureCollection", "features": []}, "0 個", "0")
polygon("boundary of two parts", {"type": "MultiPolygon", "coordinates": [[RING], [RING]]}, "2 個", "2")
polygon("boundary crosses itself", {"type": "Polygon", "coordinates": [BOW]}, "交わって", "crosses")
polygon("boundary is open", {"type": "Polygon", "coordinates": [RING[:-1]]}, "閉じて", "closed")
polygon("boundary is too short", {"type": "Polygon", "coordinates": [RING[:3]]}, "4 点", "4")
polygon("boundary without area", {"type": "Polygon", "coordinates": [[RING[0]] * 4]}, "面積", "nothing")
polygon("boundary swapped", rectangle(35.689, 139.689, 35.690, 139.690), "逆", "swapped")
polygon("boundary elsewhere", rectangle(2.29, 48.85, 2.30, 48.86), "日本", "Japan")
polygon("boundary in metres", POLYGON | {"crs": {"properties": {"name": "EPSG:30169"}}}, "6668", "6668")
polygon("boundary with NaN", b'{"type":"Polygon","coordinates":[[[NaN,1]]]}', "NaN", "NaN")
polygon(
    "boundary outside the area", rectangle(139.689, 35.689, 139.690, 35.699), "programme.area", "programme.area"
)

# Points
setting("point outside the area", "proposals[0].placements[0].lon", (*PLACE, "lon"), 139.70, "139 台", "139")
setting("point beyond the earth", "proposals[0].placements[0].lon", (*PLACE, "lon"), 999.0, "180", "180")


@case("point swapped", "proposals[0].placements[0].lon", "入れ替わって", "swapped")
def _(document, _files):
    place = at(document, *PLACE)
    place["lon"], place["lat"] = place["lat"], place["lon"]


# The file itself
def whole(name, text, ja, en, place=""):
    data = text if isinstance(text, bytes) else text.encode()
    CASES[name] = (lambda _document, _files: data, place, ja, en)


HEAD = "programme: {slug: small, title: {ja: 題}, area: area.geojson}\n"
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"

whole("empty file", "", "キー: 値", "")
whole("only a comment", "# まだ何もない\n", "キー: 値", "")
whole("list instead of a mapping", "- programme\n", "キー: 値", "")
whole("a lonely word", "programme\n", "キー: 値", "")
whole("not UTF-8", "programme: {title: {ja: 題}}\n".encode("cp932"), "UTF-8", "UTF-8")
whole("UTF-16", HEAD.encode("utf-16"), "UTF-8", "UTF-8")
whole("no YAML", "programme: {slug: small\nsites: ]\n", "YAML", "YAML")
whole("tab for indent", "programme:\n\tslug: small\n", "YAML", "YAML")
whole("NUL in the file", "programme: {slug: sm\0all}\n", "YAML", "YAML")
whole("two documents", HEAD + "---\n" + HEAD, "YAML", "YAML")
whole("key twice", HEAD + "stages: []\nstages: []\n", "二度", "")
whole("key twice inside", HEAD.replace("slug: small", "slug: small, slug: big"), "二度", "")
whole("alias bomb", BOMB, "参照", "alias")
whole("anchor and alias", HEAD + "stages: &a []\nsites: *a\n", "参照", "alias")
whole("nested too deep", "a: " + "[" * 30 + "]" * 30, "深すぎ", "")
whole("nested beyond reason", "a: " + "[" * 3_000 + "]" * 3_000, "深すぎ", "")
whole("a list as a key", "[a, b]: c\n", "キー", "")
whole("a tag of Python", "programme: !!python/object/apply:os.getcwd []\n", "", "")
whole("a number without end", f"programme: {'9' * 5_000}\n", "読めません", "")
whole("too large a file", b"# " + b"x" * 4_000_000, "4 MB", "4 MB")


def spoiled(name):
    """(document or bytes, files) of a case."""
    document, files = small_document(), {}
    other = CASES[name][0](document, files)
    return (document if other is None else other), files
