"""Words for what the machine knows by codes: states, rules, levels, checks, people."""

from collections.abc import Iterable, Mapping

from civic.kernel.i18n import translate
from civic.web.times import number_of_days


def ballot_state(state: str, lang: str) -> str:
    """A ballot's state, such as 受付中; the code itself when it is none of ours."""
    return {
        "draft": translate(lang, "下書き"),
        "scheduled": translate(lang, "これから始まります"),
        "open": translate(lang, "受付中"),
        "closed": translate(lang, "締め切りました（集計中）"),
        "sealed": translate(lang, "結果が出ました"),
        "tied": translate(lang, "くじ引きを待っています"),
        "decided": translate(lang, "決定しました"),
        "cancelled": translate(lang, "中止しました"),
        "missed": translate(lang, "ここでは行っていません"),
    }.get(state, state)


def stage_kind(kind: str, lang: str) -> str:
    """A stage of a programme, such as 投票."""
    return {
        "intake": translate(lang, "意見をあつめる"),
        "session": translate(lang, "ワークショップ"),
        "review": translate(lang, "確認と見直し"),
        "ballot": translate(lang, "投票の期間"),
        "decision": translate(lang, "決定"),
        "delivery": translate(lang, "つくる・置く"),
        "feedback": translate(lang, "ふりかえり"),
    }.get(kind, kind)


def method_name(method: str, lang: str) -> str:
    """A tally method in a few words."""
    return {
        "site_winner": translate(lang, "場所ごとの1位"),
        "greedy": translate(lang, "票の多い順"),
        "mes": translate(lang, "持ち分方式"),
        "max_approval": translate(lang, "票の合計が最大"),
    }.get(method, method)


def method_rule(method: str, budget_yen: int | None, lang: str) -> str:
    """A tally method in one sentence, and the budget when there is one; the long form is docs/methods.md."""
    rule = {
        "site_winner": translate(
            lang, "場所ごとに、票がいちばん多い案を選びます。同じ票数なら、費用の少ない案です。"
        ),
        "greedy": translate(lang, "票の多い順に、予算と場所に入る案を選びます。一つの場所には一つの案だけです。"),
        "mes": translate(
            lang,
            "予算を投票した人みんなで同じ額ずつ分け、投票した人たちの持ち分で費用をまかなえる案を選びます。",
        ),
        "max_approval": translate(
            lang, "予算と場所に入る組み合わせのうち、票の合計がいちばん多いものです。比べるために計算します。"
        ),
    }.get(method, method)
    if budget_yen is None:
        return rule
    limit = translate(lang, "予算は {yen} までです。", yen=yen(budget_yen, lang))
    return f"{rule} {limit}"


def channel_name(channel: str, lang: str) -> str:
    """Where a vote was cast."""
    return {
        "line": translate(lang, "LINE のトーク"),
        "web": translate(lang, "ブラウザ（LINE から）"),
        "code": translate(lang, "投票カード"),
        "paper": translate(lang, "紙の投票用紙"),
    }.get(channel, channel)


def assurance_name(level: str, lang: str) -> str:
    """What stands for one person."""
    return {
        "account": translate(lang, "LINE のアカウント1つで1票"),
        "in_person": translate(lang, "手わたしのカードか紙1枚で1票"),
    }.get(level, level)


def site_level(level: str, lang: str) -> str:
    """The level of a site."""
    return {
        "ground": translate(lang, "地上"),
        "deck": translate(lang, "デッキ"),
        "underground": translate(lang, "地下"),
    }.get(level, level)


def land_type(kind: str | None, lang: str) -> str:
    """The kind of land; what the file says when it is no word of ours, empty when unknown."""
    known = {
        "park": translate(lang, "公園"),
        "plaza": translate(lang, "広場"),
        "indoor_plaza": translate(lang, "屋内の広場"),
        "private_open_space": translate(lang, "公開空地"),
        "road": translate(lang, "道路"),
    }
    return known.get(kind, kind) if kind else ""


def site_limits(rules: Mapping[str, float], lang: str) -> tuple[str, ...]:
    """What a site allows, a sentence for each rule that it has."""
    sentences = {
        "max_height_m": translate(lang, "高さ {n} m まで"),
        "max_footprint_m2": translate(lang, "広さ {n} m² まで"),
        "min_clear_width_m": translate(lang, "通れるはば {n} m 以上を残す"),
        "max_load_kn_m2": translate(lang, "重さ 1 m² あたり {n} kN まで"),
        "max_days": translate(lang, "{days}まで", days=number_of_days(int(rules.get("max_days", 0)), lang)),
    }
    return tuple(sentence.format(n=f"{rules[name]:g}") for name, sentence in sentences.items() if name in rules)


def direction(azimuth_deg: float, lang: str) -> str:
    """The nearest of the eight directions that an azimuth or heading (degrees clockwise from north) looks to."""
    names = (
        translate(lang, "北"),
        translate(lang, "北東"),
        translate(lang, "東"),
        translate(lang, "南東"),
        translate(lang, "南"),
        translate(lang, "南西"),
        translate(lang, "西"),
        translate(lang, "北西"),
    )
    return names[round(azimuth_deg / 45) % 8]


def verdict(code: str, lang: str) -> str:
    """The verdict of a placement check."""
    return {
        "pass": translate(lang, "条件に合います"),
        "warn": translate(lang, "確かめてください"),
        "fail": translate(lang, "条件に合いません"),
    }.get(code, code)


def check_name(name: str, lang: str) -> str:
    """What a placement check looks at."""
    return {
        "inside_site": translate(lang, "場所の範囲"),
        "height": translate(lang, "高さ"),
        "footprint_area": translate(lang, "広さ"),
        "level": translate(lang, "階"),
        "headroom": translate(lang, "頭の上のあき"),
        "clearance": translate(lang, "まわりとの間"),
        "overlap": translate(lang, "ほかの提案との重なり"),
        "clear_width": translate(lang, "通れるはば"),
        "turning_circle": translate(lang, "車いすが回れる広さ"),
        "tactile_paving": translate(lang, "点字ブロックとの間"),
        "emergency_access": translate(lang, "緊急車両と消火栓"),
        "load": translate(lang, "床にかかる重さ"),
        "days": translate(lang, "使う日数"),
        "sun_hours": translate(lang, "日かげになる時間"),
        "view": translate(lang, "ながめ"),
    }.get(name, name)


def site_layer(kind: str, lang: str) -> str:
    """A layer of what is on a site."""
    return {
        "gates": translate(lang, "歩く人の出入口"),
        "obstacles": translate(lang, "動かせないもの"),
        "tactile_paving": translate(lang, "点字ブロック"),
        "emergency_lanes": translate(lang, "緊急車両の通り道"),
        "entrances": translate(lang, "建物の入口"),
        "hydrants": translate(lang, "消火栓"),
    }.get(kind, kind)


def notice_kind(kind: str, lang: str) -> str:
    """The kind of a public notice about a ballot."""
    return {
        "closing": translate(lang, "早めの締め切り"),
        "extension": translate(lang, "締め切りの延長"),
        "correction": translate(lang, "文章の訂正"),
        "withdrawal": translate(lang, "案の取り下げ"),
        "cancellation": translate(lang, "投票の中止"),
    }.get(kind, kind)


def installation_status(status: str, lang: str) -> str:
    """How far an installation has come."""
    return {
        "adopted": translate(lang, "採用が決まりました"),
        "permit": translate(lang, "許可の手続き中"),
        "making": translate(lang, "つくっています"),
        "installed": translate(lang, "設置しました"),
        "removed": translate(lang, "撤去しました"),
        "evaluated": translate(lang, "ふりかえりが済みました"),
    }.get(status, status)


def yen(amount: int, lang: str) -> str:
    """An amount of money, such as 2,800,000円 or ¥2,800,000."""
    return translate(lang, "{yen}円", yen=f"{amount:,}")


def size(bounds_m: Iterable[float], scale: float, lang: str) -> str:
    """Width, depth and height in metres with one decimal, from a model's extent along x, y (up) and z."""
    width, height, depth = (f"{metres * scale:.1f}" for metres in bounds_m)
    return translate(lang, "はば{w}m・おくゆき{d}m・たかさ{h}m", w=width, d=depth, h=height)
