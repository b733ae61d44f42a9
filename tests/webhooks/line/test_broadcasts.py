"""After the decision: friends hear what was decided and how it becomes real, each of it once."""

from dataclasses import dataclass
from datetime import timedelta

import orjson
import pytest
from support.line import BALLOT, buttons, postback, tap, words

from civic.ballots.actions import close_ballot
from civic.ballots.queries import ballot_by_slug
from civic.drawings.actions import Drawn, Shapes, keep_drawing
from civic.installations.actions import adopt, report_status
from civic.jobs.ballots import advance_ballots
from civic.kernel.errors import Conflict, NotFound
from civic.kernel.i18n import LANGUAGES
from civic.outbox.about import ANNOUNCEMENT, EVALUATION, INSTALLATION, KINDS, LAST_CHANCE, RESULT, About
from civic.tallies.actions import decide
from tests.webhooks.line.sending import URL, Line, joined
from webhooks.line import inbox
from webhooks.line.announcing import Announcer, broadcast_about
from webhooks.line.client import Quota
from webhooks.line.messages import check_messages

WHY = "いちばん多くの人が選んだから"


@dataclass
class Story:
    """A ballot that two people voted on, the way it goes on, and what friends hear of it."""

    line: Line

    @property
    def place(self):
        return self.line.place

    async def close_and_count(self):
        async with self.place.context.database.writing() as session:
            await close_ballot(session, "test", BALLOT, self.place.clock(), at_once=True)
        self.place.clock.advance(minutes=11)
        while await advance_ballots(self.place.context, inbox.unfinished_before):
            pass

    async def decide(self, *proposals):
        async with self.place.context.database.writing() as session:
            decision = await decide(session, "test", BALLOT, proposals, WHY, self.place.clock())
            await adopt(session, "test", decision, self.place.clock())

    async def report(self, status, note=""):
        async with self.place.context.database.writing() as session:
            await report_status(session, "test", 1, status, note, self.place.clock())

    async def tell(self, about, quota=None):
        announcer = Announcer(self.place.context, quota)
        async with self.place.context.database.reading() as session:
            draft = await announcer.draft(session, about)
        async with self.place.context.database.writing() as session:
            plan = await draft.plan(session, "test", self.place.clock())
        await self.line.send_all()
        return plan

    async def look(self, about):
        async with self.place.context.database.reading() as session:
            return await Announcer(self.place.context, None).preview(session, about)

    async def approach_the_end(self, **left):
        """Let time pass until only so much of the ballot is left."""
        async with self.place.context.database.reading() as session:
            closes_at = (await ballot_by_slug(session, BALLOT)).closes_at
        wanted = closes_at - timedelta(**left)
        self.place.clock.advance(seconds=(wanted - self.place.clock()).total_seconds())

    async def last_button(self, about, lang):
        """What the last button of a letter carries."""
        async with self.place.context.database.reading() as session:
            letter = await broadcast_about(self.place.context, about).letter_going_out(session, lang)
        check_messages(orjson.loads(letter))
        return buttons(orjson.loads(letter))[-1]["data"]

    @property
    def heard(self):
        """What the last multicast said."""
        return self.line.multicasts[-1].json["messages"]


@pytest.fixture
async def story(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        first, second, _ = line.simulator.channel.residents
        await sqlite_place.handle(tap(first.user_id, "idea-01"), tap(second.user_id, "idea-01"))
        yield Story(line)


CLOSING, ASKED = About(LAST_CHANCE, BALLOT), About(EVALUATION, BALLOT, 1)
RESULTS, INSTALLED = About(RESULT, BALLOT), About(INSTALLATION, BALLOT, 1)


async def test_before_the_decision_there_is_nothing_to_tell(story):
    async def nothing():
        with pytest.raises(Conflict) as refused:
            await story.tell(RESULTS)
        assert refused.value.code == "ballot_not_decided"
        with pytest.raises(NotFound):
            await story.tell(INSTALLED)

    await nothing()
    await story.close_and_count()
    await nothing()
    assert story.line.multicasts == []


async def test_friends_hear_what_was_decided_where_why_and_how_many_voted(story):
    await story.close_and_count()
    await story.decide("idea-01")
    assert (await story.tell(RESULTS)).recipients == 2
    assert story.line.received == [2, 2, 0]
    check_messages(story.heard)
    said = words(story.heard)
    for part in ("2人が投票しました", WHY, "案1の広場", "水の広場", f"{URL}/b/{BALLOT}/results"):
        assert part in said, part
    assert "案2" not in said
    assert (await story.tell(RESULTS)).states == {"sent": 2}
    assert len(story.line.multicasts) == 1


async def test_each_status_of_an_installation_is_told_once(story):
    await story.close_and_count()
    await story.decide("idea-01")
    await story.report("making", "脚をけずっています")
    await story.tell(INSTALLED)
    check_messages(story.heard)
    assert "つくっています" in words(story.heard)
    assert "脚をけずっています" in words(story.heard)
    await story.report("making", "もう一度")
    assert (await story.tell(INSTALLED)).states == {"sent": 3}
    await story.report("installed")
    assert (await story.tell(INSTALLED)).states == {}
    assert "設置しました" in words(story.heard)
    assert story.line.received == [2, 2, 2]


async def test_people_hear_in_their_language(story):
    await story.line.befriend("en", at_ms=2)
    await story.close_and_count()
    await story.decide("idea-01", "idea-02")
    await story.tell(RESULTS)
    said = words(story.heard)
    assert "2 people voted" in said
    assert "Plaza no. 2" in said


async def test_the_picture_is_of_the_place_where_it_will_stand(story):
    await story.close_and_count()
    await story.decide("idea-01")
    shapes = {"people": Shapes("a" * 64, "b" * 64)}
    async with story.place.context.database.writing() as session:
        [version] = await story.place.rows(
            "select placement.id from placement join proposal_version v on v.id = version_id "
            "join proposal on proposal.id = v.proposal_id where slug = 'idea-01'"
        )
        drawn = Drawn("0" * 64, "1" * 64, {}, shapes)
        await keep_drawing(session, version["id"], drawn, story.place.clock())
    await story.tell(RESULTS)
    assert f"{URL}/files/pictures/{'a' * 64}.jpg" in words(story.heard)


async def test_an_installation_of_another_ballot_is_none_of_this(story):
    await story.close_and_count()
    await story.decide("idea-01")
    with pytest.raises(NotFound):
        await story.tell(About(INSTALLATION, BALLOT, 2))
    with pytest.raises(NotFound):
        await story.tell(About("greeting", BALLOT))


async def test_what_does_not_fit_the_month_is_not_planned(story):
    await story.close_and_count()
    await story.decide("idea-01")
    with pytest.raises(Conflict) as refused:
        await story.tell(RESULTS, Quota(limit=1, used=0))
    assert refused.value.code == "quota_too_small"
    assert story.line.multicasts == []


async def test_only_those_without_a_vote_hear_that_the_end_is_near(story):
    await story.approach_the_end(days=2, hours=5)
    assert (await story.tell(CLOSING)).recipients == 1
    check_messages(story.heard)
    assert "あと2日です" in words(story.heard)
    assert story.line.received == [0, 0, 1]


@pytest.mark.parametrize(
    ("left", "said"), [({"hours": 23, "minutes": 30}, "あと23時間"), ({"seconds": 90}, "あと1分")]
)
async def test_the_last_hours_and_minutes_are_said_as_such(story, left, said):
    await story.approach_the_end(**left)
    await story.tell(CLOSING)
    assert said in words(story.heard)


async def test_a_closed_ballot_has_no_last_chance(story):
    await story.close_and_count()
    with pytest.raises(Conflict) as refused:
        await story.tell(CLOSING)
    assert refused.value.code == "ballot_not_open"


async def test_people_are_asked_how_it_is_once_it_stands_there(story):
    await story.close_and_count()
    await story.decide("idea-01")
    with pytest.raises(Conflict) as refused:
        await story.tell(ASKED)
    assert refused.value.code == "installation_not_there"
    await story.report("installed")
    assert (await story.tell(ASKED)).recipients == 3
    check_messages(story.heard)
    assert "使ってみて、どうでしたか" in words(story.heard)
    await story.report("evaluated")
    assert (await story.tell(ASKED)).states == {"sent": 3}


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_letter_ends_with_a_button_that_stops_its_kind(story, lang):
    await story.line.befriend(lang)
    ended = [await story.last_button(About(ANNOUNCEMENT, BALLOT), lang), await story.last_button(CLOSING, lang)]
    await story.close_and_count()
    await story.decide("idea-01", "idea-02")
    await story.report("installed")
    ended += [await story.last_button(about, lang) for about in (RESULTS, INSTALLED, ASKED)]
    assert ended == [f"c=opt_out&p={kind}&l={lang}" for kind in KINDS]


async def test_who_pressed_it_hears_no_more_of_this_kind_and_still_the_others(story):
    third = story.line.simulator.channel.residents[2]
    await story.place.handle(postback(third.user_id, f"c=opt_out&p={INSTALLATION}&l=ja"))
    await story.close_and_count()
    await story.decide("idea-01")
    await story.report("installed")
    plan = await story.look(INSTALLED)
    assert (plan.languages, plan.left_out) == ({"ja": 2}, {"stopped": 0, "opted_out": 1, "not_meant": 0})
    assert (await story.tell(INSTALLED)).recipients == 2
    assert (await story.tell(ASKED)).recipients == 3


async def test_who_hears_and_who_does_not_is_counted_by_reason(story):
    await story.line.befriend("en", at_ms=2)
    plan = await story.look(CLOSING)
    assert (plan.languages, plan.left_out) == ({"en": 1}, {"stopped": 0, "opted_out": 0, "not_meant": 2})
    await story.place.handle(postback(story.line.simulator.channel.residents[2].user_id, "c=stop&l=en"))
    plan = await story.look(CLOSING)
    assert (plan.languages, plan.left_out) == ({}, {"stopped": 1, "opted_out": 0, "not_meant": 2})


async def test_the_minutes_that_planning_takes_do_not_change_what_is_said(story):
    await story.approach_the_end(minutes=30)
    announcer = Announcer(story.place.context, None)
    async with story.place.context.database.reading() as session:
        draft = await announcer.draft(session, CLOSING)
    story.place.clock.advance(seconds=61)
    async with story.place.context.database.writing() as session:
        plan = await draft.plan(session, "test", story.place.clock())
    assert plan.recipients > 0
