"""A size in words and as a drawing; the person is 165 cm tall."""

import pytest

from civic.web.sizes import size_view


@pytest.mark.parametrize(
    ("height", "said"),
    [
        (0.1, "足首"),
        (0.5, "ひざ"),
        (0.9, "腰"),
        (1.4, "胸"),
        (1.65, "背と同じくらい"),
        (3.3, "約2.0倍"),
    ],
)
def test_a_height_is_told_by_the_body_it_reaches(height, said):
    assert said in size_view((1.0, height, 1.0), 1.0, "ja").compared[0]


def test_a_width_is_told_in_people_with_their_arms_spread():
    assert "約4人" in size_view((6.6, 1.0, 2.0), 1.0, "ja").compared[1]
    assert len(size_view((1.5, 1.0, 2.0), 1.0, "ja").compared) == 1


def test_the_scale_of_a_placement_counts():
    view = size_view((3.0, 1.65, 1.0), 2.0, "en")
    assert view.measures == "6.0 m wide, 2.0 m deep, 3.3 m high"
    assert view.compared[0] == "It is about 2.0 times as tall as an adult (165 cm)."
    assert (view.drawing.width, view.drawing.height) == (600, 330)


@pytest.mark.parametrize("bounds", [(6.0, 3.2, 2.4), (1.5, 6.0, 1.5), (12.0, 0.4, 2.4), (0.3, 0.2, 0.3)])
def test_everything_drawn_lies_on_the_sheet(bounds):
    drawing = size_view(bounds, 1.0, "ja").drawing
    left, top, width, height = map(int, drawing.view_box.split())
    label = 3 * drawing.text
    assert left <= drawing.person_label_x - label
    assert drawing.left + drawing.width + label <= left + width
    assert top <= drawing.top
    assert top <= -165
    assert top + height > drawing.text
