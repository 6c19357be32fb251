"""From a model to the labels it learned from: what they are good for stands on its page, one step away."""

from __future__ import annotations

from apps.labeling.models import LabelSet
from tests.console.conftest import Browse
from tests.factories import labels
from tests.factories.access import AccessWorld

GOOD, BLOCKED = "Good enough for release", "Blocked"


def test_the_page_of_a_model_tells_what_its_labels_are_good_for(world: AccessWorld, browse: Browse) -> None:
    good, poor = labels.model_of_labels(world.domain), labels.model_of_labels(world.domain, wrong=40)
    owner = browse("owner")
    told, warned = (owner.get(f"/catalog/{model.uid}/").text for model in (good, poor))
    assert GOOD in told and BLOCKED not in told
    assert BLOCKED in warned and GOOD not in warned
    for page in (told, warned):
        assert "Not released" in page
    learned = good.versions.get().inputs.get().input
    assert f'href="/label-sets/{LabelSet.objects.get(asset_version=learned).uid}/"' in told
    labels.released(good.versions.get())
    assert "Not released" not in owner.get(f"/catalog/{good.uid}/").text


def test_who_brings_labels_is_led_on_from_those_that_are_not_good_enough(
    world: AccessWorld, browse: Browse
) -> None:
    version = labels.labeled_version(world.domain)
    good, poor = labels.brought(version), labels.brought(version, labels.sound(wrong=40))
    link = f'href="/versions/{version.uid}/labels/"'
    assert link in browse("steward").get(f"/label-sets/{poor.uid}/").text
    assert link not in browse("steward").get(f"/label-sets/{good.uid}/").text
    assert link not in browse("auditor").get(f"/label-sets/{poor.uid}/").text
