"""The look: every text wraps, grows with the reader's font, and can be read on its ground."""

import pytest

from civic.kernel.i18n import LANGUAGES
from tests.webhooks.line.messages.samples import ballot, every_message
from webhooks.line.messages import flex


def luminance(colour):
    """Relative luminance of WCAG 2.2 for #RRGGBB."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def parts(value, kind):
    if isinstance(value, dict):
        found = [value] if value.get("type") == kind else []
        return found + [part for child in value.values() for part in parts(child, kind)]
    return [part for child in value for part in parts(child, kind)] if isinstance(value, list) else []


def test_contrast_by_hand():
    # WCAG's own extremes, and white on LINE green (2.26 by the same formula elsewhere).
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#06C755") == pytest.approx(2.26, abs=0.01)


@pytest.mark.parametrize("text", [flex.INK, flex.QUIET, flex.LINK])
def test_texts_and_links_are_readable_on_the_ground(text):
    assert contrast(text, flex.PAPER) >= 4.5


def test_the_main_button_is_readable():
    assert contrast(flex.LINE_DARK_LABEL, flex.LINE_GREEN) >= 4.5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_and_link_stands_out_from_the_ground_of_its_own_block(lang):
    """LINE recolours nothing that is given: with both colours given, light and dark look alike."""
    containers = [m["contents"] for found in every_message(ballot(11), lang) for m in found if m["type"] == "flex"]
    for bubble in parts(containers, "bubble"):
        for block in ("body", "footer"):
            ground = bubble["styles"][block]["backgroundColor"]
            words = parts(bubble.get(block, {}), "text")
            words += [button for button in parts(bubble.get(block, {}), "button") if button["style"] == "link"]
            assert all(contrast(part["color"], ground) >= 4.5 for part in words)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_that_is_sent_wraps_scales_and_has_its_own_colours(lang):
    found = [message for messages in every_message(ballot(11), lang) for message in messages]
    containers = [message["contents"] for message in found if message["type"] == "flex"]
    assert containers
    for text in parts(containers, "text"):
        assert text["wrap"]
        assert text["scaling"]
        assert text["color"] in (flex.INK, flex.QUIET)
    for button in parts(containers, "button"):
        assert button["scaling"]
        assert (button["style"], button["color"]) in (("secondary", flex.LINE_GREEN), ("link", flex.LINK))
    for bubble in parts(containers, "bubble"):
        grounds = {style["backgroundColor"] for style in bubble["styles"].values()}
        assert grounds == {flex.PAPER}
        assert {"body", "footer"} <= bubble["styles"].keys()
