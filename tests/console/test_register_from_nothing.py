"""From an empty register to a processing activity that lets a request pass: in the browser alone, by the
people whose task it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from apps.access.commands import reevaluate_request
from apps.accounts.roles import Role
from apps.compliance.models import ActivityVersion, LegalRecord, ProcessingActivity, Purpose
from apps.kernel.actor import SYSTEM
from apps.policy.decision import Effect
from tests.console import typed_register as typed
from tests.factories import access
from tests.factories import accounts as people
from tests.factories.access import TOP_RANK, about_people, asked, decision_of, draft, thing

pytestmark = pytest.mark.django_db

PLAYERS = {
    "writer": Role.COMPLIANCE_OFFICER,
    "reader": Role.COMPLIANCE_OFFICER,
    "dpo": Role.DPO,
    "owner": Role.OWNER,
    "scientist": Role.SCIENTIST,
    "steward": Role.STEWARD,
}
Send = Callable[..., str]


@pytest.fixture
def house() -> dict[str, people.Player]:
    place = people.organization(time_zone="Europe/Berlin")
    return {name: people.player(place, role, cleared_rank=TOP_RANK) for name, role in PLAYERS.items()}


@pytest.fixture
def send(house: dict[str, people.Player]) -> Send:
    """Somebody fills in a page and sends it; answers with where it leads."""
    browsers: dict[str, Client] = {}
    for name, player in house.items():
        browsers[name] = Client()
        browsers[name].force_login(player.account, backend="apps.accounts.backends.AccountBackend")

    def sent(who: str, path: str, **given: Any) -> str:
        answer = browsers[who].post(path, {"key": str(uuid4()), **given})
        assert answer.status_code == 302, _told(answer)
        return answer.headers["Location"]

    return sent


def _told(answer: Any) -> str:
    form = (answer.context or {}).get("form")
    return f"{form.errors if form is not None else answer.status_code}"


def recorded(send: Send, kind: str, **given: Any) -> UUID:
    """Written by one officer, sent for review, and approved by another."""
    page = send("writer", f"/records/{kind}/new/", send="1", **given)
    assert "missing" not in page, page
    uid = UUID(page.rstrip("/").rpartition("/")[2])
    send("reader", f"/records/{kind}/{uid}/review/", approve="1", row_version=_newest(kind, uid).row_version)
    return uid


def _newest(kind: str, uid: UUID) -> Any:
    table: Any = {"purposes": Purpose, "processing-activities": ProcessingActivity}.get(kind, LegalRecord)
    return table.objects.get(uid=uid).versions.order_by("-number")[0]


def test_a_blocked_request_passes_once_the_register_says_what_is_done(
    house: dict[str, people.Player], send: Send
) -> None:
    place = house["writer"].person.organization
    salaries = thing(
        people.domain(place), house["steward"].actor, about_people("name"), about_people("salary")
    )
    provenance = f"/catalog/{salaries.asset.uid}/provenance/"
    looked_at = {"version_id": str(salaries.version.uid)}
    send("writer", f"{provenance}permit/", concept_code=typed.KIND, **looked_at)
    send("writer", provenance, **typed.ORIGIN, **looked_at)

    recorded(send, "legitimate-interests", **typed.INTERESTS)
    purpose_id = recorded(send, "purposes", **typed.PURPOSE)
    request = asked(house["scientist"].actor, draft(salaries, Purpose.objects.get(uid=purpose_id)))
    assert _blocked(request) == {"A02", "A32"}

    schedule_id = recorded(send, "retention-schedules", **typed.RETENTION)
    activity = typed.activity(
        controller=place.uid, purpose=purpose_id, asset=salaries.asset.uid, schedule=schedule_id
    )
    activity_id = recorded(send, "processing-activities", **activity)
    assert _clearance(activity_id) == "cleared"

    assessment_id = recorded(send, "impact-assessments", **typed.assessment(activity_id))
    page, assessment = f"/records/processing-activities/{activity_id}/", "/records/impact-assessments"
    send("writer", f"{page}reassess/")
    assert _clearance(activity_id) == "blocked"
    assert _blocked(reevaluate_request(actor=SYSTEM, request_id=request.uid)) == {"A02", "A16"}

    for who, step, said in typed.STEPS:
        send(who, f"{assessment}/{assessment_id}/{step}/", **said)
    send("writer", f"{page}reassess/")
    assert _clearance(activity_id) == "cleared"
    assert _blocked(reevaluate_request(actor=SYSTEM, request_id=request.uid)) == set()
    assert decision_of(access.fresh(request)).effect == Effect.REFER.value


def _clearance(activity_id: UUID) -> str:
    return ActivityVersion.objects.get(activity__uid=activity_id, record_status="approved").clearance


def _blocked(request: Any) -> set[str]:
    """The rules that keep the request waiting."""
    findings = decision_of(access.fresh(request)).trace["findings"]
    return {each["rule"] for each in findings if each["effect"] in ("block", "deny")}
