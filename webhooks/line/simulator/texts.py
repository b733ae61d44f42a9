"""What the chat page says, in Japanese and English."""

from collections.abc import Mapping

LANGUAGES = ("ja", "en")

TEXTS: Mapping[str, Mapping[str, str]] = {
    "ja": {
        "title": "トーク（デモ）",
        "notice": "デモ：LINE には何も送っていません",
        "resident": "参加者",
        "show": "この人のトークを見る",
        "add": "参加者を追加",
        "follow": "友だち追加",
        "block": "ブロック",
        "stranger": "まだ友だちではありません",
        "friend": "友だちです",
        "blocked": "ブロック中です",
        "chat": "トーク",
        "empty": "まだメッセージはありません。「友だち追加」を押すか、「投票」と送ってみてください。",
        "say": "メッセージ",
        "send": "送る",
        "you": "わたし",
        "choices": "選べる返事",
        "cards": "カード（横にスクロールできます）",
        "picture": "画像を開く",
        "cannot_open": "この画面では開けません",
        "unanswered": "サーバーから受け取りの返事がありませんでした。少し待ってから、もう一度送ってください。",
        "other_language": "English",
    },
    "en": {
        "title": "Chat (demo)",
        "notice": "Demo: nothing is sent to LINE",
        "resident": "Resident",
        "show": "Show this person's chat",
        "add": "Add a resident",
        "follow": "Add as friend",
        "block": "Block",
        "stranger": "Not a friend yet",
        "friend": "Friend",
        "blocked": "Blocked",
        "chat": "Chat",
        "empty": "No messages yet. Press “Add as friend”, or send “vote”.",
        "say": "Message",
        "send": "Send",
        "you": "Me",
        "choices": "Suggested answers",
        "cards": "Cards (scroll sideways)",
        "picture": "Open picture",
        "cannot_open": "Cannot be opened here",
        "unanswered": "The server did not confirm the message. Wait a moment, then send it again.",
        "other_language": "日本語",
    },
}


def language_of(wish: str | None) -> str:
    """The page's language; Japanese for anything unknown."""
    return wish if wish in LANGUAGES else LANGUAGES[0]
