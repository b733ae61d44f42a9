from civic.web.results import Names, places_in_words, result_in_words

NAMES = Names({"bench": {"ja": "ベンチ"}, "tree": {"ja": "木"}}, {"plaza": {"ja": "広場"}})


def report(**changes):
    return {
        "ballot": "b",
        "status": "final",
        "method": "site_winner",
        "method_version": 1,
        "voters": 5,
        "blank": 1,
        "late": 2,
        "invalid": 3,
        "approvals": {"tree": 1, "bench": 4, "stone": 0},
        "selected": [{"proposal": "bench", "site": "plaza", "cost_yen": 1200000}],
        "ties": [],
        "compared": {"site_winner": ["bench"], "greedy": ["bench", "tree"]},
        **changes,
    }


def test_rows_stand_by_votes_with_bars_as_long_as_their_share():
    result = result_in_words(report(), NAMES, "ja")
    rows = [(row.label, row.value, row.share, row.won) for row in result.rows]
    assert rows == [("ベンチ", "4票", 100.0, ("広場",)), ("木", "1票", 25.0, ()), ("stone", "0票", 0.0, ())]


def test_a_result_without_any_vote_has_empty_bars():
    result = result_in_words(report(approvals={"tree": 0}, selected=[], status="no_result"), NAMES, "ja")
    assert [row.share for row in result.rows] == [0.0]
    assert result.status_words == "選ばれた案はありません。"


def test_the_rule_of_the_ballot_is_marked_among_the_compared():
    compared = result_in_words(report(), NAMES, "ja").compared
    assert [(other.method, other.is_the_rule, other.titles) for other in compared] == [
        ("場所ごとの1位", True, ("ベンチ",)),
        ("票の多い順", False, ("ベンチ", "木")),
    ]


def test_each_compared_rule_says_how_it_selects_and_whether_all_agree():
    result = result_in_words(report(), NAMES, "ja")
    assert [other.rule[:6] for other in result.compared] == ["場所ごとに、", "票の多い順に"]
    assert not result.methods_agree
    agreeing = {"site_winner": ["bench", "tree"], "greedy": ["tree", "bench"]}
    assert result_in_words(report(compared=agreeing), NAMES, "ja").methods_agree


def test_a_tie_is_told_in_words():
    tie = {"between": ["bench", "tree"], "sites": ["plaza"], "reason": "equal_at_site"}
    result = result_in_words(report(status="tie_pending", ties=[tie]), NAMES, "ja")
    assert result.ties == ("広場：「ベンチ」、「木」 は票数も費用も同じです。 公開のくじで決めます。",)


def test_a_tie_that_was_drawn_is_told_as_done():
    tie = {"between": ["bench", "tree"], "sites": ["plaza"], "reason": "equal_at_site"}
    [told] = result_in_words(report(ties=[tie], draw={"value": "7"}), NAMES, "ja").ties
    assert told.endswith("公開のくじで決めました。")


def test_a_tie_about_money_says_so():
    tie = {"between": ["bench", "tree"], "sites": ["plaza"], "reason": "not_all_fit"}
    [told] = result_in_words(report(ties=[tie]), NAMES, "ja").ties
    assert "すべての分はありません" in told


def test_a_right_to_left_title_cannot_turn_a_sentence_round():
    names = Names({"bench": {"ja": "\u202eabc"}, "tree": {"ja": "木"}}, {})
    tie = {"between": ["bench", "tree"], "sites": ["plaza"], "reason": "equal_at_site"}
    [told] = result_in_words(report(ties=[tie]), names, "ja").ties
    assert "「\u2068\u202eabc\u2069」" in told


def test_places_have_names_and_prices():
    [place] = places_in_words(report()["selected"], NAMES, "ja")
    assert (place.proposal, place.title, place.site, place.cost) == ("bench", "ベンチ", "広場", "1,200,000円")
