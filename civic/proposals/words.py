"""Words for the codes that a proposal carries, the same in chat and on pages."""

from collections.abc import Iterable, Mapping

from civic.kernel.i18n import translate


def audiences(lang: str) -> Mapping[str, str]:
    """For whom a proposal can be, in words, by code; in the order of a form."""
    return {
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


def people(codes: Iterable[str], lang: str) -> str:
    """For whom a proposal is, in a row; a code without a word is left out, so the text may be empty."""
    words = audiences(lang)
    return translate(lang, "、").join(words[code] for code in codes if code in words)
