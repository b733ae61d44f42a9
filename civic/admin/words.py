"""Words that only staff read: what comes next with a ballot, how far a message is."""

from collections.abc import Mapping
from datetime import datetime

from civic.admin.timeline import time_left
from civic.ballots.tables import Ballot
from civic.kernel.errors import CivicError
from civic.kernel.i18n import translate
from civic.web import words
from civic.web.times import deadline, moment


def ballot_next(ballot: Ballot, now: datetime, lang: str, *, counted: bool, waits_for_lot: bool) -> str:
    """What happens next with a ballot, and by whom."""
    if ballot.state in {"draft", "scheduled"}:
        return _opening(ballot, now, lang)
    if ballot.state == "open":
        until, left = deadline(ballot.closes_at, lang), time_left(ballot.closes_at - now, lang)
        return translate(lang, "{until}受け付けます（{left}）。", until=until, left=left)
    if ballot.state == "sealed" and not counted:
        return translate(lang, "確定しました。いま集計しています。")
    if waits_for_lot:
        return translate(lang, "集計が出ました。票数も費用も同じ案があるので、つぎは公開のくじを引きます。")
    return {
        "closed": translate(
            lang,
            "締め切りました。遅れて届く票を {n} 秒待ってから、ひとりでに確定して集計します。",
            n=ballot.late_grace_s,
        ),
        "sealed": translate(lang, "集計が出ました。つぎは、決定を理由といっしょに記録します。"),
        "decided": translate(lang, "決定しました。つぎは、設置の進みぐあいを記録して知らせます。"),
        "cancelled": translate(lang, "中止しました。票は数えません。"),
    }[ballot.state]


def state_words(ballot: Ballot, now: datetime, lang: str, *, waits_for_lot: bool) -> str:
    """The state in a word; what never opened does not say that it will, nor an open tie that there is a result."""
    if waits_for_lot:
        return words.ballot_state("tied", lang)
    if ballot.state in {"draft", "scheduled"} and ballot.closes_at <= now:
        return translate(lang, "始まらないまま過ぎました")
    return words.ballot_state(ballot.state, lang)


def refusal_words(refusal: CivicError, lang: str) -> str:
    """Why a ballot's form was refused; its state as the page calls it, where the refusal only knows the code."""
    if refusal.code not in {"ballot_state", "ballot_not_open"}:
        return refusal.sentence(lang)
    return translate(
        lang,
        "この投票は、いま「{state}」なので、その操作はできません。このページで今のようすを確かめてください。",
        state=words.ballot_state(str(refusal.values["present"]), lang),
    )


def _opening(ballot: Ballot, now: datetime, lang: str) -> str:
    if ballot.closes_at <= now:
        return translate(
            lang,
            "始まらないまま、終わりの時刻が過ぎました。もう始められません。"
            "事業のファイルで時刻を先にして読み込み直すか、中止してください。",
        )
    if ballot.state == "draft":
        return translate(lang, "下書きです。だれにも見えません。始めると、きまりと案が固定されます。")
    return translate(lang, "{when} に、ひとりでに始まります。", when=moment(ballot.opens_at, lang))


def delivery_states(states: Mapping[str, int], lang: str) -> tuple[str, ...]:
    """How many people are in each state of delivery, as sentences in the order of the way."""
    sentences = {
        "pending": translate(lang, "送信を待っています：{n}人"),
        "sent": translate(lang, "送りました：{n}人"),
        "already": translate(lang, "送りました（LINE が受け取り済み）：{n}人"),
        "quota": translate(lang, "今月の上限に達したので止まっています：{n}人"),
        "refused": translate(lang, "LINE に断られました：{n}人"),
        "gone": translate(lang, "送る前に受け取りをやめました：{n}人"),
        "unknown": translate(lang, "届いたかどうか分かりません：{n}人"),
        "expired": translate(lang, "投票が終わったので送りませんでした：{n}人"),
        "given_up": translate(lang, "送らずに終えました：{n}人"),
    }
    return tuple(
        sentence.format(n=f"{states[state]:,}") for state, sentence in sentences.items() if states.get(state)
    )


def delivery_state(state: str, lang: str) -> str:
    """The state of one request to LINE, in a word."""
    return {
        "pending": translate(lang, "待っています"),
        "sent": translate(lang, "送りました"),
        "already": translate(lang, "受け取り済み"),
        "quota": translate(lang, "上限で停止"),
        "refused": translate(lang, "断られました"),
        "unknown": translate(lang, "不明"),
        "expired": translate(lang, "期限切れ"),
        "given_up": translate(lang, "送らずに終了"),
    }[state]


def missing_language(field: str, missing: str, lang: str) -> str:
    """That a text of a proposal has not been written in a language."""
    names = {"ja": translate(lang, "日本語"), "en": translate(lang, "英語")}
    sentence = {
        "title": translate(lang, "題名の{language}がありません。"),
        "summary": translate(lang, "説明の{language}がありません。"),
        "alt": translate(lang, "絵の説明（代替テキスト）の{language}がありません。"),
    }[field]
    return sentence.format(language=names[missing])
