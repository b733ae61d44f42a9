"""The menu in three languages: what LINE takes, what its areas ask for, what its name says."""

import json
import re

import pytest

from tests.webhooks.line.openapi import validator
from webhooks.line.messages.graphemes import grapheme_length
from webhooks.line.postback import Command, parse
from webhooks.line.richmenu.definition import (
    ALIASES,
    HEIGHT,
    MENU_LANGUAGES,
    WIDTH,
    language_in,
    menu,
    menus,
)
from webhooks.line.simulator.menu_checks import menu_problems, picture_trouble

languages = pytest.mark.parametrize("lang", MENU_LANGUAGES)


def body(lang):
    return json.loads(menu(lang).body)


def actions(lang):
    return [area["action"] for area in body(lang)["areas"]]


@languages
def test_line_takes_it(lang):
    assert validator("RichMenuRequest").is_valid(body(lang))
    assert menu_problems(body(lang)) == []
    assert picture_trouble(menu(lang).picture, body(lang)["size"]) == ""


def test_the_words_of_each_language():
    labels = {lang: [action["label"] for action in actions(lang)] for lang in MENU_LANGUAGES}
    assert labels == {
        "ja": ["投票", "わたしの票", "地図", "けっか", "設定"],
        "ja@easy": ["とうひょう", "わたしの ひょう", "ちず", "けっか", "せってい"],
        "en": ["Vote", "My vote", "Map", "Results", "Settings"],
    }
    assert [body(lang)["chatBarText"] for lang in MENU_LANGUAGES] == ["メニュー", "メニュー", "Menu"]


@languages
def test_every_area_asks_in_the_language_of_the_menu_and_says_its_label(lang):
    asked = [parse(action["data"]) for action in actions(lang)]
    assert asked == [Command(name, "", 0, lang) for name in ("ballot", "my_votes", "map", "results", "settings")]
    assert all(action["displayText"] == action["label"] for action in actions(lang))
    assert all(grapheme_length(action["label"]) <= 20 for action in actions(lang))


@languages
def test_the_areas_fill_the_picture_and_none_lies_over_another(lang):
    """Equal sums of areas would hide an overlap beside a gap, so each corner of a grid is looked at."""
    boxes = [area["bounds"] for area in body(lang)["areas"]]
    assert sum(box["width"] * box["height"] for box in boxes) == WIDTH * HEIGHT
    for x in range(5, WIDTH, 100):
        for y in range(5, HEIGHT, 100):
            over = [box for box in boxes if 0 <= x - box["x"] < box["width"] and 0 <= y - box["y"] < box["height"]]
            assert len(over) == 1


@languages
def test_on_the_smallest_phone_every_area_is_large_enough_to_tap(lang):
    """44 points on a phone of 320: 44 / 320 * 2500 = 344 pixels."""
    assert all(min(area["bounds"]["width"], area["bounds"]["height"]) >= 344 for area in body(lang)["areas"])


def test_a_name_says_language_and_hash_and_is_recognised():
    for one in menus():
        assert re.fullmatch(r"attara \S+ [0-9a-f]{64}", one.name)
        assert language_in(one.name) == one.lang
        assert json.loads(one.body)["name"] == one.name
    assert len({one.name for one in menus()}) == 3
    assert [language_in(name) for name in ("nice rich menu", "attara fr " + "0" * 64, "attara ja 12")] == [
        None
    ] * 3


def test_aliases_are_such_as_line_takes():
    assert list(ALIASES) == list(MENU_LANGUAGES)
    assert all(re.fullmatch(r"[a-z0-9_-]{1,32}", alias) for alias in ALIASES.values())
