"""Words for the codes that a proposal carries, the same in chat and on pages."""

from collections.abc import Iterable

from civic.kernel.i18n import translate


def people(codes: Iterable[str], lang: str) -> str:
    """For whom a proposal is, in a row; a code without a word is left out, so the text may be empty."""
    words = {
        "everyone": translate(lang, "みんな"),
        "residents": translate(lang, "住む人"),
        "workers": translate(lang, "働く人"),
        "commuters": translate(lang, "通勤・通学の人"),
        "visitors": translate(lang, "訪れる人"),
        "children": translate(lang, "子ども"),
        "families": translate(lang, "親子"),
        "elderly": translate(lang, "ご高齢の方"),
        "wheelchair": translate(lang, "車いすの方"),
        "pets": translate(lang, "ペット"),
    }
    return translate(lang, "、").join(words[code] for code in codes if code in words)
