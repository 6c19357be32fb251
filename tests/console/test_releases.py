"""Releasing a version on its page: blocked labels hinder it there as well, whatever is sent."""

from __future__ import annotations

import pytest

from apps.catalog.models import AssetVersion
from apps.labeling.models import ModelRelease
from tests.console.conftest import Browse
from tests.factories import labels
from tests.factories.access import AccessWorld

BUTTON = 'value="release"'


def trained(world: AccessWorld, wrong: int = 0) -> AssetVersion:
    """With all that is asked of it beside its labels."""
    return labels.releasable(labels.model_of_labels(world.domain, wrong=wrong).versions.get())


@pytest.mark.parametrize("who", ["owner", "officer"])
def test_blocked_labels_release_nothing_and_good_ones_do(
    world: AccessWorld, browse: Browse, who: str
) -> None:
    blocked, good = trained(world, wrong=60), trained(world)
    client = browse(who)
    page = f"/versions/{blocked.uid}/release/"
    assert BUTTON not in client.get(page).text
    answer = client.post(page, {"do": "release"})
    assert answer.status_code == 422
    assert [reason.code for reason in answer.context["form"].refusal] == ["RELEASE_LABELS_BLOCKED"]
    assert "that are blocked: set 1" in answer.text
    assert not ModelRelease.objects.exists()
    page = f"/versions/{good.uid}/release/"
    assert BUTTON in client.get(page).text
    answer = client.post(page, {"do": "release"})
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert ModelRelease.objects.get().version == good
