"""The order of an installation. Pure."""

import pytest

from civic.installations.rules import next_statuses, require_step, told_as
from civic.installations.tables import STATUSES
from civic.kernel.errors import Conflict

WAY = ("adopted", "permit", "making", "installed")


@pytest.mark.parametrize("present", STATUSES)
def test_what_is_offered_is_what_is_allowed(present):
    offered = next_statuses(present)
    assert len(set(offered)) == len(offered)
    assert present in offered
    for wanted in STATUSES:
        if wanted in offered:
            require_step(present, wanted)
        else:
            with pytest.raises(Conflict) as refused:
                require_step(present, wanted)
            assert refused.value.code == "installation_order"


def test_permits_and_making_can_be_left_out_but_not_the_installation():
    for number, present in enumerate(WAY):
        for following in WAY[number + 1 :]:
            require_step(present, following)
    for present in WAY[:-1]:
        for later in ("evaluated", "removed"):
            assert later not in next_statuses(present)


def test_one_step_back_and_no_more():
    assert "adopted" in next_statuses("permit")
    assert "making" in next_statuses("installed")
    assert "permit" not in next_statuses("installed")
    assert "making" not in next_statuses("removed")


def test_review_and_removal_come_in_either_order():
    require_step("installed", "evaluated")
    require_step("evaluated", "removed")
    require_step("installed", "removed")
    require_step("removed", "evaluated")


def test_each_status_of_each_installation_is_told_by_its_own_name():
    names = {told_as(number, status) for number in (1, 11) for status in STATUSES}
    assert len(names) == 2 * len(STATUSES)
