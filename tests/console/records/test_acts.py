"""What is done with a record that is in force."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from apps.compliance.commands import suspend_purpose
from apps.compliance.models import ProcessingActivity
from tests.console.conftest import Browse
from tests.console.records.typed import ACTIVITIES, PURPOSES, page_of
from tests.factories.access import AccessWorld, asked, draft, granted
from tests.factories.impacts import ENDING_PURPOSE, looked_at


def test_a_purpose_is_suspended_with_a_reason_and_resumed(world: AccessWorld, browse: Browse) -> None:
    purpose, client = world.purposes["pay"], browse("officer")
    request = asked(world["scientist"], draft(world.personal, purpose))
    assert request.ref in client.get(page_of(purpose, "suspend/")).text
    refused = client.post(page_of(purpose, "suspend/"), {"reason": " "})
    assert refused.status_code == 400
    assert "Say what happened." in refused.text
    given = {"reason": "A <complaint>", "seen_impact": refused.context["reached"].digest}
    assert client.post(page_of(purpose, "suspend/"), given).status_code == 302
    page = client.get(page_of(purpose)).text
    assert "A &lt;complaint&gt;" in page
    assert "Suspended" in page
    again = client.post(page_of(purpose, "suspend/"), {"reason": "Typed & lost?"})
    assert again.status_code == 409
    assert "Typed &amp; lost?" in again.text
    assert client.post(page_of(purpose, "resume/"), {}).status_code == 302
    purpose.refresh_from_db()
    assert purpose.standing == "standing"


def test_a_purpose_is_withdrawn_for_good(world: AccessWorld, browse: Browse) -> None:
    purpose, client = world.purposes["pay"], browse("officer")
    suspend_purpose(
        actor=world["officer"],
        purpose_id=purpose.uid,
        reason="A complaint.",
        seen_impact=looked_at(ENDING_PURPOSE, purpose.uid),
    )
    unseen = client.post(page_of(purpose, "withdraw/"), {"reason": "It was right."})
    assert (unseen.status_code, "did not say that you have seen" in unseen.text) == (428, True)
    given = {"reason": "It was right.", "seen_impact": unseen.context["reached"].digest}
    assert client.post(page_of(purpose, "withdraw/"), given).status_code == 302
    page = client.get(page_of(purpose)).text
    assert "Withdrawn for good" in page
    assert page_of(purpose, "edit/") not in page
    assert client.get(page_of(purpose, "edit/")).status_code == 404


def test_ending_a_purpose_counts_for_what_was_shown_to_rest_on_it(world: AccessWorld, browse: Browse) -> None:
    purpose, client = world.purposes["rock"], browse("officer")
    path = page_of(purpose, "suspend/")
    seen = client.get(path).context["reached"].digest
    granted(world)
    stale = client.post(path, {"reason": "A complaint.", "seen_impact": seen})
    assert (stale.status_code, "no longer what you were shown" in stale.text) == (412, True)
    shown = stale.context["reached"].digest
    assert f'name="seen_impact" value="{shown}"' in stale.text
    assert client.post(path, {"reason": "A complaint.", "seen_impact": shown}).status_code == 302


@pytest.mark.parametrize("act", ["retire", "reassess"])
def test_an_activity_is_retired_and_assessed(world: AccessWorld, browse: Browse, act: str) -> None:
    activity = ProcessingActivity.objects.filter(versions__purposes=world.purposes["pay"]).get()
    path = f"{ACTIVITIES}{activity.uid}/"
    assert browse("auditor").post(f"{path}{act}/").status_code == 403
    suspend_purpose(
        actor=world["officer"],
        purpose_id=world.purposes["pay"].uid,
        reason="A complaint.",
        seen_impact=looked_at(ENDING_PURPOSE, world.purposes["pay"].uid),
    )
    assert browse("officer").post(f"{path}{act}/").status_code == 302
    version = activity.versions.get()
    expected = {"retire": ("retired", "cleared"), "reassess": ("approved", "blocked")}[act]
    assert (version.record_status, version.clearance) == expected
    page = browse("auditor").get(path).text
    assert ("The processing may not run" in page) == (act == "reassess")


@pytest.mark.parametrize("act", ["suspend", "resume", "withdraw", "retire"])
def test_who_may_not_act_is_refused_and_offered_nothing(world: AccessWorld, browse: Browse, act: str) -> None:
    purpose, client = world.purposes["pay"], browse("dpo")
    assert page_of(purpose, f"{act}/") not in client.get(page_of(purpose)).text
    assert client.get(page_of(purpose, f"{act}/")).status_code == 302
    assert client.post(page_of(purpose, f"{act}/"), {"reason": "x"}).status_code == 403
    purpose.refresh_from_db()
    assert purpose.standing == "standing"


def test_unknown_kinds_and_acts_are_absent(world: AccessWorld, browse: Browse) -> None:
    client: Client = browse("officer")
    for path in (
        "/records/secrets/",
        f"/records/secrets/{uuid4()}/",
        page_of(world.purposes["pay"], "explode/"),
        f"{PURPOSES}{uuid4()}/",
        f"{ACTIVITIES}{world.purposes['pay'].uid}/",
        page_of(world.purposes["pay"], "review/"),
    ):
        assert client.get(path).status_code == 404, path
