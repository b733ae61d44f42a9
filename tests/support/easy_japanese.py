"""What makes Japanese hard to read, after the guideline for easy Japanese of the Agency for Cultural Affairs.

Short sentences in です・ます, a reading after every kanji word, everyday words, few words in katakana, one "not".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST_SENTENCE = 45
"""Characters, without readings, spaces and values."""

_KANJI = "\u3400-\u9fff\uf900-\ufaff々"
_READING = "（[ぁ-ゖー]+）"
_UNREAD = re.compile(rf"[{_KANJI}]+(?!{_READING}|[{_KANJI}])")
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_POLITE = re.compile(r"(?:です|でした|ます|ました|ません|ください)(?:（[^）]*）)?。")

HARD_WORDS = tuple(
    word
    for line in (
        "実施 閲覧 該当 当該 に伴い 以降 以前 撤回 撤去 有効 無効 記載 送信 受信 設置 採用 許可",
        "集計 確定 締め切り 提出 提案 候補 費用 予算 取り下げ 職員 運営 保存 暗号 二重 防ぐ 延長",
        "訂正 中止 中断 削除 変更 選択 操作 期限 期間 期日 公開 同意 承認 拒否 個人情報 利用者",
        "取得 提供 申請 手続 における に関して に関する にて および ならびに いただ でございま いたしま",
        # Two "not" in one breath.
        "なければなりません ないことはない なくはない ないわけでは ないとはいえ ざるをえない",
    )
    for word in line.split()
)
"""What offices write and children do not say."""

EVERYDAY_KATAKANA = frozenset(
    word
    for line in (
        "アカウント アルファベット カード キー グループ サイト スタンプ スマホ データ トーク",
        "パソコン ファイル ビデオ ブロック ペット ページ ボタン ポスター リンク",
    )
    for word in line.split()
)


def unread_kanji(text: str) -> list[str]:
    """The runs of kanji without their reading in hiragana after them."""
    return _UNREAD.findall(text)


def long_sentences(text: str) -> list[str]:
    """The sentences with more characters than people like to read at once."""
    return [sentence for sentence in _sentences(_bare(text)) if len(sentence.rstrip("。！？")) > LONGEST_SENTENCE]


def impolite_ends(text: str) -> list[str]:
    """The sentences, of those that end with a full stop, that end in something else than です・ます."""
    whole = (sentence for sentence in _sentences(_bare(text)) if sentence.endswith("。"))
    return [sentence for sentence in whole if not _POLITE.search(sentence)]


def hard_words(text: str) -> list[str]:
    """The words of the list that occur, and those in katakana that are not everyday ones."""
    bare = _bare(text)
    foreign = set(re.findall("[ァ-ヶー]{2,}", bare)) - EVERYDAY_KATAKANA
    return [word for word in HARD_WORDS if word in bare] + sorted(foreign)


def _bare(text: str) -> str:
    """The text as it is said: without readings, values and the spaces between phrases."""
    return re.sub(rf"{_READING}|{{\w+}}|[ |]", "", text)


def _sentences(text: str) -> Iterator[str]:
    return (match[0] for match in _SENTENCE.finditer(text))
