"""A version that learned from blocked labels is not released by the API, whoever asks."""

from __future__ import annotations

from typing import Any

import pytest

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetVersion
from apps.labeling.models import ModelRelease
from tests.api.conftest import As
from tests.factories import catalog as things
from tests.factories import labels
from tests.factories.accounts import World


def trained(place: World, **given: Any) -> AssetVersion:
    """With all that is asked of it beside its labels."""
    return labels.releasable(labels.model_of_labels(place.domain, **given).versions.get())


@pytest.mark.parametrize("role", [Role.OWNER, Role.COMPLIANCE_OFFICER])
def test_blocked_labels_release_nothing_and_good_ones_do(as_: As, place: World, role: Role) -> None:
    blocked, good = trained(place, wrong=60), trained(place)
    caller = as_(role)
    answer = caller.post(f"asset-versions/{blocked.uid}/releases", {})
    said = answer.json()
    assert (answer.status_code, said["code"]) == (422, "RELEASE_LABELS_BLOCKED"), said
    assert [reason["code"] for reason in said["reasons"]] == ["RELEASE_LABELS_BLOCKED"]
    assert all(reason["remedy"] for reason in said["reasons"])
    assert not ModelRelease.objects.exists()
    assert not AuditEvent.objects.filter(name="labeling.release.given").exists()
    conditions = caller.get(f"asset-versions/{blocked.uid}/gate").json()
    assert (conditions["is_releasable"], conditions["release_id"]) == (False, None)
    answer = caller.post(f"asset-versions/{good.uid}/releases", {})
    assert answer.status_code == 201, answer.content
    assert ModelRelease.objects.get().version == good


def test_pipelines_ask_by_the_model_and_the_number_of_its_version(as_: As, place: World) -> None:
    blocked = trained(place, wrong=60)
    newest = things.version(blocked.asset)
    gate, caller = f"assets/{blocked.asset.uid}/gate", as_(Role.SCIENTIST)
    assert caller.get(gate).json()["version_id"] == str(newest.uid)
    said = caller.get(f"{gate}?version={blocked.number}").json()
    assert (said["version_id"], said["is_releasable"]) == (str(blocked.uid), False)
    assert said == caller.get(f"asset-versions/{blocked.uid}/gate").json()
    assert caller.get(f"{gate}?version=77").status_code == 404
    assert caller.get(f"{gate}?version=first").status_code == 400
