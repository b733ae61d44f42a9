"""What people type instead of tapping: one table of words, and how writing is evened out before it is looked up.

``投票``, ``トウヒョウしたいです！``, ``「とう票」`` and ``I'd like to vote`` all ask for the ballot. A word counts
only when it is all that was said, but for politeness: a sentence about voting is not a wish to vote.
"""

import re
import unicodedata

import msgspec

from webhooks.line.postback import Command, CommandName

_MOST_CHARACTERS = 40
"""Longer than anything in the table with all its politeness; a story is not looked at further."""

WORDS: dict[CommandName, tuple[str, ...]] = {
    "ballot": (
        "とうひょう",
        "とうひよう",
        "とーひょー",
        "とうひょうがめん",
        "とうひょうかいし",
        "とうひょうにさんか",
    ),
    "my_votes": (
        "わたしのひょう",
        "じぶんのひょう",
        "ぼくのひょう",
        "わたしのとうひょう",
        "じぶんのとうひょう",
        "とうひょうないよう",
        "とうひょうをとりけし",
        "とうひょうをとりけす",
        "とうひょうをとりけしたい",
        "とうひょうとりけし",
        "とうひょうのとりけし",
        "とうひょうをかえる",
        "とうひょうをかえたい",
        "とうひょうをやめる",
        "ひょうをとりさげる",
        "ひょうをかえる",
    ),
    "map": ("ちず", "まっぷ", "ばしょ", "ばしょいちらん", "ばしょのいちらん", "ちかくのばしょ", "ちかく"),
    "results": (
        "けっか",
        "とうひょうけっか",
        "とうひょうのけっか",
        "しゅうけい",
        "しゅうけいけっか",
        "かいひょう",
    ),
    "settings": ("せってい", "せっていへんこう", "げんご", "げんごせってい", "つうちせってい"),
    "consent": ("さんか",),
    "stop": (
        "やめる",
        "やめたい",
        "やめます",
        "やめて",
        "さんかをやめる",
        "さんかをやめたい",
        "さんかをやめます",
        "たいかい",
        "はいしんていし",
        "ていし",
        "つうちをとめる",
        "つうちをとめて",
        "おしらせをとめる",
        "おしらせをとめて",
    ),
    "resume": ("さいかい", "はいしんさいかい", "はいしんをさいかい", "さんかをさいかい", "もういちどさんか"),
    "delete": (
        "でーたさくじょ",
        "でーたをさくじょ",
        "でーたのさくじょ",
        "わたしのでーたをさくじょ",
        "でーたをけす",
        "でーたをけして",
        "でーたをけしたい",
        "とうろくさくじょ",
        "とうろくをけす",
    ),
    "help": ("つかいかた", "へるぷ", "めにゅー", "ほうほう", "とうひょうのしかた", "とうひょうほうほう"),
}
"""In hiragana, as ``_even`` leaves them: politeness is taken off before they are looked up."""

ENGLISH: dict[CommandName, tuple[str, ...]] = {
    "ballot": ("vote", "voting", "ballot", "poll", "castavote", "castmyvote", "votenow"),
    "my_votes": ("myvote", "myvotes", "myballot", "mychoice", "mychoices", "changemyvote", "cancelmyvote"),
    "map": ("map", "maps", "places", "sites", "nearby", "nearme"),
    "results": ("result", "results", "votingresults", "outcome", "tally"),
    "settings": ("settings", "setting", "preferences"),
    "consent": ("join", "takepart", "participate"),
    "stop": ("stop", "unsubscribe", "quit", "stopmessages", "optout"),
    "resume": ("resume", "subscribe", "start", "restart"),
    "delete": ("deletemydata", "deletedata", "erasemydata", "deletemyaccount", "forgetme"),
    "help": ("help", "menu", "howto", "howtovote"),
}
"""Without spaces and signs."""

LANGUAGES: dict[str, tuple[str, ...]] = {
    "ja": ("にほんご", "japanese", "nihongo", "じゃぱにーず"),
    "ja@easy": (
        "やさしいにほんご",
        "やさしい",
        "かんたんなにほんご",
        "ひらがな",
        "easyjapanese",
        "plainjapanese",
        "simplejapanese",
        "yasashiinihongo",
    ),
    "en": ("えいご", "english", "eigo", "いんぐりっしゅ"),
}

_READINGS = (
    ("投票", "とうひょう"),
    ("開票", "かいひょう"),
    ("票", "ひょう"),
    ("投", "とう"),
    ("私", "わたし"),
    ("僕", "ぼく"),
    ("自分", "じぶん"),
    ("内容", "ないよう"),
    ("取り消", "とりけ"),
    ("取消", "とりけ"),
    ("取り下", "とりさ"),
    ("変更", "へんこう"),
    ("変", "か"),
    ("地図", "ちず"),
    ("場所", "ばしょ"),
    ("一覧", "いちらん"),
    ("近", "ちか"),
    ("結果", "けっか"),
    ("集計", "しゅうけい"),
    ("設定", "せってい"),
    ("言語", "げんご"),
    ("通知", "つうち"),
    ("お知らせ", "おしらせ"),
    ("参加", "さんか"),
    ("辞め", "やめ"),
    ("止める", "とめる"),
    ("止めて", "とめて"),
    ("退会", "たいかい"),
    ("配信", "はいしん"),
    ("停止", "ていし"),
    ("再開", "さいかい"),
    ("一度", "いちど"),
    ("登録", "とうろく"),
    ("削除", "さくじょ"),
    ("消", "け"),
    ("使い方", "つかいかた"),
    ("方法", "ほうほう"),
    ("仕方", "しかた"),
    ("開始", "かいし"),
    ("画面", "がめん"),
    ("日本語", "にほんご"),
    ("英語", "えいご"),
    ("易しい", "やさしい"),
    ("優しい", "やさしい"),
    ("簡単", "かんたん"),
    ("見", "み"),
    ("教え", "おしえ"),
    ("願", "ねが"),
    ("下さい", "ください"),
    ("出来", "でき"),
    ("何処", "どこ"),
    ("知り", "しり"),
    ("入れ", "いれ"),
)
"""Longer writings before those inside them."""

# What may stand behind a word without changing the wish: a particle, "do / see / tell me", politeness.
_BEHIND = re.compile(
    r"(?:を|が|は|へ|に|で|の|って|について)?"
    r"(?:はどこ|どこ|する|します|したい|しよう|しましょう|させて|して|しに(?:きた|きました)|できる|できます|いれる|いれたい"
    r"|みる|みます|みせて|みたい|みられる|みられます|しりたい|おしえて|かえて|かえる|かえたい|へんこう|にかえて|きりかえ)?"
    r"(?:ほしい|もらえる|もらえます|くれる|くれます|いい|よい)?"
    r"(?:おねがい(?:し|いたし|でき)?(?:ます)?|ください|ちょうだい)?"
    r"(?:ですけど|ですが|んだけど|のだけど)?(?:です|ます)?(?:んですが|のですが|んです|のです)?(?:か|よ|ね|な|わ|さ|ー)*"
)
_BEFORE_IN_ENGLISH = re.compile(
    r"(?:please|hi|hello)?(?:iwantto|iwanna|idliketo|iwouldliketo|ineedto|letme|letsgo|lets|howdoi|howcani|wherecani"
    r"|wheredoi|cani|mayi|canyou|couldyou)?(?:please)?(?:show|see|seeme|view|open|goto|get|switchto|changeto|speak|in)?"
    r"(?:me)?(?:the|a|my|to)?"
)
_BEHIND_IN_ENGLISH = re.compile(r"(?:please|now|today|here|forme|thanks|thankyou)*")

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


class Said(msgspec.Struct, frozen=True):
    """A wish in words: the command it comes to, with the language it was said in ("" when that says nothing)."""

    name: CommandName
    lang: str = ""

    def command(self, language: str) -> Command:
        """The command for somebody who speaks ``language``: whoever asks in English is answered in English."""
        return Command(self.name, "", 0, self.lang or language)


def understand(text: str) -> Said | None:
    """The wish behind what somebody typed; None for everything that is not one."""
    if len(text) > _MOST_CHARACTERS * 4:
        return None
    words = _even(text)
    if not words or len(words) > _MOST_CHARACTERS:
        return None
    return _SAID.get(words) or _polite(words) or _polite_in_english(words)


def _even(text: str) -> str:
    """Letters and digits only, in hiragana and lower case: no widths, spaces, brackets, emoji or usual kanji."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(sign for sign in composed if unicodedata.category(sign)[0] in "LN")
    for written, read in _READINGS:
        letters = letters.replace(written, read)
    return letters.translate(_KATAKANA)


def _polite(words: str) -> Said | None:
    """Japanese: the word, and behind it nothing but politeness. The longest word that fits is meant."""
    for end in range(len(words) - 1, 1, -1):
        said = _SAID.get(words[:end])
        if said is not None and _BEHIND.fullmatch(words, end):
            return said
    return None


def _polite_in_english(words: str) -> Said | None:
    """English: politeness on both sides; 'my' may belong to it or to the word."""
    if not words.isascii():
        return None
    for start in range(len(words)):
        for end in range(len(words), start + 2, -1):
            said = _SAID.get(words[start:end])
            if said is not None and _is_around(words, start, end):
                return said
    return None


def _is_around(words: str, start: int, end: int) -> bool:
    before = _BEFORE_IN_ENGLISH.fullmatch(words, 0, start)
    return before is not None and _BEHIND_IN_ENGLISH.fullmatch(words, end) is not None


def _table() -> dict[str, Said]:
    said = {word: Said(name) for name, words in WORDS.items() for word in words}
    said |= {word: Said(name, "en") for name, words in ENGLISH.items() for word in words}
    return said | {word: Said("language", lang) for lang, words in LANGUAGES.items() for word in words}


_SAID = _table()
