"""The invented events of the bench: every kind that LINE's specification knows, in every form."""

import json
import sys
from collections import Counter

import pytest

from civic.bench.measuring import Bench
from civic.bench.sections import events
from tests.webhooks.line.openapi import shared_dir, validator


def test_the_corpus_is_as_the_specification_has_it():
    if not (shared_dir() / "line" / "webhook.yml").is_file():
        pytest.skip("LINE's OpenAPI files are missing: name their folder in CIVIC_TEST_SHARED")
    specified = [event for event in events.every_event() if event["type"] != "messageEdited"]
    errors = validator("CallbackRequest", "webhook.yml").iter_errors(
        {"destination": events.PERSON, "events": specified}
    )
    assert [error.message for error in errors] == []


def test_every_event_has_its_own_id_and_every_kind_comes_from_everywhere():
    corpus = events.every_event()
    assert len({event["webhookEventId"] for event in corpus}) == len(corpus)
    kinds = Counter((event["type"], event["source"]["type"]) for event in corpus)
    assert {source for _, source in kinds} == {"user", "group", "room"}
    assert len(kinds) == 3 * len({kind for kind, _ in kinds})


def test_ours_refuses_what_is_not_signed():
    call = events.signed_call([events.vote(1)])
    assert [event.type for event in events.read_ours(call)] == ["postback"]
    forged = events.Call(call.body.replace(b"shade", b"other"), call.signature, 1)
    assert events.read_ours(forged) == []


def test_a_small_run_compares_and_measures_both(tmp_path):
    report = events.run(Bench(rounds=2, scale=0.01, folder=tmp_path))
    assert report.checked == [f"{len(events.every_event())} events of 20 kinds read as LINE's SDK reads them"]
    assert report.notes == []
    assert [goal.limit for goal in report.goals] == [events.GOAL] * 2
    labels = [line.label for line in report.lines]
    assert len(labels) == len(set(labels)) == 5
    assert all(len(line.series.values) == 2 and min(line.series.values) > 0 for line in report.lines)
    json.dumps(report.as_json(1.0))


def test_without_the_sdk_ours_is_measured_alone_and_a_note_says_so(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "linebot", None)
    report = events.run(Bench(rounds=1, scale=0.01, folder=tmp_path))
    assert [note.split(":")[0] for note in report.notes] == ["line-bot-sdk is not installed"]
    assert (report.goals, report.checked, len(report.lines)) == ([], [], 3)
