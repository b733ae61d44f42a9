"""One message for people, in both languages."""

from typing import Any, NamedTuple


class Sentence(NamedTuple):
    """One message in Japanese and English: what was found, then what to do next."""

    ja: str
    en: str

    def filled(self, values: dict[str, Any]) -> "Sentence":
        """Fill in the numbers and names the sentence mentions."""
        return Sentence(self.ja.format(**values), self.en.format(**values))
