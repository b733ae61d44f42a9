"""What the chat page says, in Japanese and English."""

from collections.abc import Mapping

LANGUAGES = ("ja", "en")

TEXTS: Mapping[str, Mapping[str, str]] = {
    "ja": {
        "title": "トーク（デモ）",
        "notice": "デモ：LINE には何も送っていません",
        "people": "だれのスマートフォンを見るか（架空の人たち）",
        "follow": "友だち追加",
        "block": "ブロック",
        "stranger": "まだ友だちではありません。友だちに追加すると、トークが始まります。",
        "blocked": "ブロック中です。もう一度友だちに追加すると、またお知らせが届きます。",
        "chat": "トーク",
        "empty": "まだメッセージはありません。",
        "say": "メッセージ",
        "send": "送る",
        "you": "わたし",
        "choices": "選べる返事",
        "cards": "カード（横にスクロールできます）",
        "menu": "メニュー",
        "picture": "画像を開く",
        "cannot_open": "この画面では開けません",
        "unanswered": "サーバーから受け取りの返事がありませんでした。少し待ってから、もう一度送ってください。",
        "other_language": "English",
    },
    "en": {
        "title": "Chat (demo)",
        "notice": "Demo: nothing is sent to LINE",
        "people": "Whose phone to look at (invented people)",
        "follow": "Add as friend",
        "block": "Block",
        "stranger": "Not a friend yet. Add the account as a friend to start the chat.",
        "blocked": "Blocked. Add the account as a friend again to hear from it.",
        "chat": "Chat",
        "empty": "No messages yet.",
        "say": "Message",
        "send": "Send",
        "you": "Me",
        "choices": "Suggested answers",
        "cards": "Cards (scroll sideways)",
        "menu": "Menu",
        "picture": "Open picture",
        "cannot_open": "Cannot be opened here",
        "unanswered": "The server did not confirm the message. Wait a moment, then send it again.",
        "other_language": "日本語",
    },
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "ja": {"投票": "投票", "わたしの票": "わたしの票", "ヘルプ": "ヘルプ"},
    "en": {"Vote": "vote", "My vote": "my vote", "Help": "help"},
}
"""What to say to an account without a menu, in the language of the phone: the label of a button, and its words."""


def language_of(wish: str | None) -> str:
    """The page's language; Japanese for anything unknown."""
    return wish if wish in LANGUAGES else LANGUAGES[0]
