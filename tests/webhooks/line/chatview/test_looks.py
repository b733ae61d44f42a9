"""Flex looks as class names: only known words, whatever a message holds, and the nearest colour of the palette."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.line.chatview import looks


def body_classes(bubble):
    return looks.block_classes(bubble, "body")


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
READERS = {
    looks.bubble_classes: ("size",),
    looks.box_classes: ("layout", "spacing", "paddingAll", "alignItems", "backgroundColor"),
    looks.text_classes: ("size", "weight", "color", "align", "wrap"),
    looks.button_classes: ("style", "color", "height"),
    looks.picture_classes: ("aspectRatio", "aspectMode"),
    looks.place_classes: ("flex", "margin"),
    body_classes: ("styles",),
}


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_only_words_of_the_stylesheet_become_classes(read):
    known = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?: [a-z0-9]+(?:-[a-z0-9]+)*)*|")

    @given(st.fixed_dictionaries({}, optional=dict.fromkeys(READERS[read], ANYTHING)))
    def holds(component):
        assert known.fullmatch(read(component))

    holds()


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#06C755", "line"),
        ("#06c755ff", "line"),
        ("#FFFFFF", "white"),
        ("#555558", "quiet"),
        ("#0017C1", "blue"),
        ("#FE0000", "red"),
        ("red", None),
        ("#12", None),
        (7, None),
        (None, None),
    ],
)
def test_colours_become_the_nearest_of_the_palette(colour, name):
    assert looks.nearest(colour) == name


def test_a_text_a_button_and_a_picture():
    text = {"size": "lg", "weight": "bold", "color": "#1A1A1C", "wrap": True}
    assert looks.text_classes(text) == "text-lg bold ink-ink align-start"
    assert looks.text_classes({}) == "text-md ink-ink align-start one-line"
    assert looks.button_classes({"style": "secondary", "color": "#06C755"}) == "button-secondary ground-line"
    assert (
        looks.button_classes({"style": "link", "color": "#0017C1", "height": "sm"}) == "button-link ink-blue low"
    )
    assert looks.picture_classes({"aspectRatio": "4:3", "aspectMode": "cover"}) == "ratio-4-3 cover"
    assert looks.picture_classes({"aspectRatio": "1.5:0"}) == "ratio-1-1 fit"


def test_every_class_of_the_looks_has_its_rule():
    style = (Path(looks.__file__).parent / "static" / "chat.css").read_text(encoding="utf-8")
    wanted = [f"ink-{name}" for name in looks.PALETTE] + [f"ground-{name}" for name in looks.PALETTE]
    wanted += [f"ratio-{name}" for name in looks.RATIOS] + [
        f"text-{size}" for size in looks.TEXT_SIZES if size != "md"
    ]
    assert [name for name in wanted if f".{name} " not in style] == []
