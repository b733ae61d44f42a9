"""Why the simulator does not do what its driver asked (LINE's own refusals are in ``api``)."""

from typing import Self


class Refused(Exception):
    """A wish of a driver or a visitor that cannot be met: an HTTP status and one sentence each in ja and en."""

    def __init__(self, status: int, ja: str, en: str) -> None:
        super().__init__(f"{ja} / {en}")
        self.status = status
        self.ja = ja
        self.en = en

    @classmethod
    def bad_request(cls, ja: str, en: str) -> Self:
        """The request itself is wrong (400)."""
        return cls(400, ja, en)

    @classmethod
    def no_such_resident(cls, index: int) -> Self:
        """No resident has this number (404)."""
        return cls(
            404,
            f"番号 {index} の参加者はいません。先に参加者を追加してください。",
            f"There is no resident {index}. Add residents first.",
        )

    @classmethod
    def too_many_residents(cls, limit: int) -> Self:
        """The simulator is full (409)."""
        return cls(
            409,
            f"参加者は {limit} 人までです。人数を減らしてください。",
            f"At most {limit} residents fit. Ask for fewer.",
        )

    @classmethod
    def already_friend(cls) -> Self:
        """A friend cannot follow again (409)."""
        return cls(
            409,
            "もう友だちです。一度ブロックすると、また追加できます。",
            "Already a friend. Block first to follow again.",
        )

    @classmethod
    def not_friend(cls) -> Self:
        """Only a friend can block (409)."""
        return cls(
            409,
            "まだ友だちではありません。先に友だち追加をしてください。",
            "Not a friend yet. Follow first.",
        )

    @classmethod
    def blocked(cls) -> Self:
        """Who blocks the account cannot write to it (409)."""
        return cls(
            409,
            "ブロック中は送れません。先に友だち追加をしてください。",
            "You have blocked this account. Follow it again to write.",
        )

    @classmethod
    def nothing_to_tap(cls, wish: str) -> Self:
        """No such button in the resident's chat (404)."""
        return cls(
            404,
            f"トークに {wish} のボタンが見つかりません。GET chat で今のトークを確かめてください。",
            f"The chat has no button for {wish}. Look at the chat with GET chat.",
        )

    @classmethod
    def too_large(cls, limit: int) -> Self:
        """A body beyond the cap (413)."""
        return cls(413, f"本文は {limit} バイトまでです。", f"A body may have at most {limit} bytes.")
