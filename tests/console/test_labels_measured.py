"""By which version of its policy a label set was measured, and measuring it anew, on its page."""

from __future__ import annotations

from apps.labeling.models import LabelSet
from tests.console.conftest import Browse
from tests.factories import labels
from tests.factories.access import AccessWorld

CHANGED = "Something changed since it was measured"
BUTTON = "Measure it anew"


def measured(world: AccessWorld) -> LabelSet:
    """By a version that is no longer in force."""
    made = labels.brought(labels.labeled_version(world.domain), labels.sound(wrong=3))
    labels.policy_restated(made.version, release_agreement="0.999")
    return made


def test_what_changed_since_is_told_and_mended_by_a_button(world: AccessWorld, browse: Browse) -> None:
    made = measured(world)
    owner, page = browse("owner"), f"/label-sets/{made.uid}/"
    text = owner.get(page).text
    assert CHANGED in text and "version 1" in text
    assert text.count(BUTTON) == 1
    assert "Good enough for release" in text
    assert BUTTON not in browse("scientist").get(page).text
    assert browse("scientist").post(f"{page}review/").status_code == 403
    assert owner.post(f"{page}review/").status_code == 302
    text = owner.get(page).text
    assert CHANGED not in text
    assert "For research only" in text and "By version 2 of" in text and "By version 1 of" in text


def test_what_was_measured_before_can_be_read_and_says_that_it_counts_no_more(
    world: AccessWorld, browse: Browse
) -> None:
    made = measured(world)
    owner, page = browse("owner"), f"/label-sets/{made.uid}/"
    first = "This was measured before, and counts no more"
    assert first not in owner.get(f"{page}?measured=first").text
    owner.post(f"{page}review/")
    text = owner.get(f"{page}?measured=first").text
    assert first in text
    assert "Models may learn from these labels and be released" in text
    newest = made.reviews.get()
    assert first not in owner.get(f"{page}?measured={newest.uid}").text
    assert owner.get(f"{page}?measured={made.uid}").status_code == 404
    assert first not in owner.get(f"{page}?measured=nothing").text
