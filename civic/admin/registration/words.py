"""Words of the registration: licences, units of files."""

from civic.kernel.i18n import translate


def licence(code: str, lang: str) -> str:
    """A licence with what it allows; the code alone when it is none of the usual ones."""
    meaning = {
        "CC0-1.0": translate(lang, "だれでも自由に使える"),
        "CC-BY-4.0": translate(lang, "つくった人の名前を示せば使える"),
        "CC-BY-SA-4.0": translate(lang, "名前を示し、同じ条件で公開すれば使える"),
    }.get(code)
    return f"{code} – {meaning}" if meaning else code


def unit_words(unit: str, lang: str) -> str:
    """A unit of length as people call it."""
    return {
        "m": translate(lang, "メートル（m）"),
        "cm": translate(lang, "センチメートル（cm）"),
        "mm": translate(lang, "ミリメートル（mm）"),
        "in": translate(lang, "インチ（in）"),
        "ft": translate(lang, "フィート（ft）"),
    }[unit]


def up_words(up: str, lang: str) -> str:
    """Which axis of a file points up, with the tools that write it so."""
    return {
        "y": translate(lang, "Y 軸が上（ゲームエンジン、スキャンなど）"),
        "z": translate(lang, "Z 軸が上（Tinkercad、CAD、3Dプリンターなど）"),
    }[up]
