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
from apps.compliance.commands import Origin, permit_purpose, state_origin
from apps.compliance.lifecycle import dpia
from apps.compliance.models import ActivityVersion, LegalRecord, ProcessingActivity, Purpose
from apps.kernel.actor import SYSTEM
from apps.policy.decision import Effect
from apps.policy.vocabulary import LawfulBasis
from tests.factories import access
from tests.factories import accounts as people
from tests.factories.access import KEPT_UNTIL, PAY, TOP_RANK, about_people, asked, decision_of, draft, thing

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

    def sent(who: str, path: str, **typed: Any) -> str:
        answer = browsers[who].post(path, {"key": str(uuid4()), **typed})
        assert answer.status_code == 302, _told(answer)
        return answer.headers["Location"]

    return sent


def _told(answer: Any) -> str:
    form = (answer.context or {}).get("form")
    return f"{form.errors if form is not None else answer.status_code}"


def recorded(send: Send, kind: str, **typed: Any) -> UUID:
    """Written by one officer, sent for review, and approved by another."""
    page = send("writer", f"/records/{kind}/new/", send="1", **typed)
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
    officer = house["writer"].actor
    permit_purpose(actor=officer, asset_version_id=salaries.version.uid, concept_code=PAY)
    origin = Origin(
        original_basis=LawfulBasis.CONTRACT, original_purpose_code=PAY, retention_ends_on=KEPT_UNTIL
    )
    state_origin(actor=officer, asset_version_id=salaries.version.uid, origin=origin)

    recorded(
        send,
        "legitimate-interests",
        name="Whether pay is fair",
        interest="Gaps in pay are found and closed.",
        whose="controller",
        is_lawful="yes",
        is_necessary="yes",
        alternatives="Averages hide gaps in small teams.",
        has_special_data="no",
        has_criminal_data="no",
        has_children="no",
        expectations="The works council was heard.",
        likelihood="limited",
        severity="limited",
        outcome="interest_prevails",
        why="It serves those whose data are used.",
    )
    purpose_id = recorded(
        send,
        "purposes",
        name="Review whether pay is fair",
        concept_code=PAY,
        description="Compare salaries between departments.",
        lawful_basis="6(1)(f)",
        lia_ref="LIA-0001",
        presumption="none",
    )
    request = asked(house["scientist"].actor, draft(salaries, Purpose.objects.get(uid=purpose_id)))
    assert _blocked(request) == {"A02", "A32"}

    schedule_id = recorded(
        send,
        "retention-schedules",
        name="Personnel files",
        data="What is kept about employees.",
        trigger="contract_end",
        duration="P6Y",
        max_cap="P50Y",
        action="erase",
    )
    activity_id = recorded(
        send,
        "processing-activities",
        name="Pay review",
        role="controller",
        controller_id=str(place.uid),
        purpose_ids=[str(purpose_id)],
        asset_ids=[str(salaries.asset.uid)],
        data_subject_categories=["Employee"],
        no_recipients_confirmed="on",
        no_transfers_confirmed="on",
        security_measures=["encryption"],
        business_function="Personnel",
        dpo="Data protection, dpo@example.org",
        **{
            "personal_data-category": ["Income", ""],
            "personal_data-columns": ["name, salary", ""],
            "personal_data-retention": [str(schedule_id), ""],
            "places-country": ["DE"],
        },
        identifiability="identified",
        sources=["data_subject"],
        privacy_notice="Notice for employees, version 3",
        automation="none",
        subjects_band="100_to_999",
    )
    assert _clearance(activity_id) == "cleared"

    points = dict.fromkeys((*dpia.POINTS, *dpia.DECISIVE), "no")
    assessment_id = recorded(
        send,
        "impact-assessments",
        name="Pay review",
        activities=[str(activity_id)],
        **{**points, "is_vulnerable": "yes", "is_evaluation": "yes"},
        description="Salaries of all employees are compared once a year.",
        necessity="No other data show it.",
        proportionality="Few people read them.",
        views="The works council was heard.",
        **{
            "risks-harm": ["re_identification"],
            "risks-impact": ["Colleagues learn what somebody earns."],
            "risks-severity": ["limited"],
            "risks-likelihood": ["limited"],
        },
        initial_risk="important",
        residual_risk="limited",
    )
    page, assessment = f"/records/processing-activities/{activity_id}/", "/records/impact-assessments"
    send("writer", f"{page}reassess/")
    assert _clearance(activity_id) == "blocked"
    assert _blocked(reevaluate_request(actor=SYSTEM, request_id=request.uid)) == {"A02", "A16"}

    for who, step, said in (
        ("writer", "begin", {}),
        ("writer", "consult", {}),
        ("dpo", "advise", {"opinion": "favourable", "text": "The measures fit the risk."}),
        ("owner", "decide", {"decision": "approve"}),
    ):
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
