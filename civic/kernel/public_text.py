"""What staff write beside a deed (the reason for it, a note): it is published with the deed, and stays."""

from civic.kernel.errors import InvalidInput

LONGEST = 2_000


def public_reason(typed: str) -> str:
    """A reason without its outer spaces. InvalidInput when it is missing, or longer than 2,000 characters."""
    if not typed.strip():
        raise InvalidInput("reason_missing", "理由を書いてください。理由は公開されます。")
    return public_note(typed)


def public_note(typed: str) -> str:
    """A note without its outer spaces, perhaps empty; a browser's line end (CR LF) counts as one character.

    InvalidInput when it is longer than 2,000 characters.
    """
    text = typed.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise InvalidInput(
            "reason_too_long",
            "公開される文は {longest} 文字までです（いま {n} 文字）。短くして、もう一度送ってください。",
            longest=f"{LONGEST:,}",
            n=f"{len(text):,}",
        )
    return text
