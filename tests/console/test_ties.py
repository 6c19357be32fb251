"""Out of office, conflicts, projects, leaving: each form does what it says, or says why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.commands import off_board_person
from apps.accounts.models import (
    Account,
    ConflictDeclaration,
    Delegation,
    Organization,
    Person,
    Project,
    ProjectMember,
    Team,
)
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from tests.console.conftest import Browse
from tests.factories import accounts
from tests.factories.access import AccessWorld


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def once(**given: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), **given}


def test_an_officer_says_who_stands_in_and_ends_it(world: AccessWorld, browse: Browse) -> None:
    other = accounts.player(world.organization, Role.COMPLIANCE_OFFICER, name="The other officer")
    client, path = browse("officer"), "/settings/out-of-office/"
    sent = once(delegate_id=str(other.person.uid), roles=["compliance_officer"], ends_at=day(7))
    assert "Who stands in" in client.get(path).text
    assert client.post(path, {**sent, "ends_at": day(-1)}).status_code == 400
    assert client.post(path, sent).status_code == client.post(path, sent).status_code == 302
    made = Delegation.objects.get()
    assert made.delegate == other.person
    page = client.get(path).text
    assert "The other officer" in page and "In force" in page
    client.post(f"/settings/out-of-office/{made.uid}/end/")
    assert Delegation.objects.get().ended_at is not None


def test_a_chain_is_refused_beside_the_field(world: AccessWorld, browse: Browse) -> None:
    second, third = (accounts.player(world.organization, Role.COMPLIANCE_OFFICER) for _ in range(2))
    accounts.delegation(second, third)
    sent = once(delegate_id=str(second.person.uid), roles=["compliance_officer"], ends_at=day(7))
    answer = browse("officer").post("/settings/out-of-office/", sent)
    assert answer.status_code == 422
    assert "delegations make no chains" in answer.text


def test_who_has_no_colleague_in_the_role_is_told(browse: Browse) -> None:
    assert "No colleague holds a role" in browse("scientist").get("/settings/out-of-office/").text


def test_an_administrator_delegates_for_somebody_with_a_reason(world: AccessWorld, browse: Browse) -> None:
    other = accounts.player(world.organization, Role.COMPLIANCE_OFFICER)
    person = world.players["officer"].person
    sent = once(delegate_id=str(other.person.uid), roles=["compliance_officer"], ends_at=day(7))
    client, path = browse("administrator"), f"/people/{person.uid}/stand-in/"
    assert client.post(path, sent).status_code == 400
    assert client.post(path, {**sent, "reason": "Parental leave."}).status_code == 302
    assert "Parental leave." in client.get(f"/people/{person.uid}/").text


def test_conflicts_are_declared_recorded_and_ended(world: AccessWorld, browse: Browse) -> None:
    asset = world.personal.asset
    sent = once(kind="asset", target_id=asset.name.upper(), note="I built it.")
    owner, officer = browse("owner"), browse("officer")
    assert owner.post("/settings/conflicts/", {**sent, "target_id": "nothing"}).status_code == 400
    assert owner.post("/settings/conflicts/", sent).status_code == 302
    recorded = once(
        person_id=world.players["owner"].account.username,
        kind="domain",
        target_id=world.domain.name,
        note="A former employer.",
    )
    about_another = {**recorded, "person_id": world.players["second_owner"].account.username}
    assert owner.post("/settings/conflicts/record/", about_another).status_code == 403
    assert officer.post("/settings/conflicts/record/", recorded).status_code == 302
    page = officer.get("/settings/conflicts/").text
    assert "I built it." in page and "A former employer." in page and asset.name in page
    own = ConflictDeclaration.objects.get(kind="asset")
    owner.post(f"/settings/conflicts/{own.uid}/end/")
    assert owner.get("/settings/conflicts/").text.count("/end/") == 0
    assert ConflictDeclaration.objects.get(kind="asset").ends_at is not None


def test_a_project_is_made_led_left_and_closed(world: AccessWorld, browse: Browse) -> None:
    lead, member = world.players["scientist"], world.players["colleague"]
    sent = once(name="Forecast", lead_id=lead.account.username, ends_at=day(30), description="")
    admin, leading = browse("administrator"), browse("scientist")
    assert leading.get("/projects/new/").status_code == 403
    assert admin.post("/projects/new/", {**sent, "lead_id": "nobody"}).status_code == 400
    made = admin.post("/projects/new/", sent)
    project = Project.objects.get(name="Forecast")
    assert made.headers["Location"] == f"/projects/{project.uid}/"
    path = f"/projects/{project.uid}/"
    assert leading.post(f"{path}join/", once(username="nobody")).status_code == 404
    assert leading.post(f"{path}join/", once(username=member.account.username)).status_code == 302
    joined = ProjectMember.objects.get(person=member.person, project=project)
    assert browse("colleague").get(path).status_code == 200
    browse("colleague").post(f"/projects/members/{joined.uid}/end/")
    assert browse("colleague").get(path).status_code == 404
    change = {
        "seen_version": project.row_version,
        "name": "Forecasting",
        "lead_id": lead.account.username,
        "ends_at": day(40),
    }
    assert leading.post(f"{path}change/", change).status_code == 302
    assert leading.post(f"{path}change/", change).status_code == 412
    assert leading.post(f"{path}close/").status_code == 302
    assert "Add a member" not in leading.get(path).text


def test_leaving_is_confirmed_with_what_would_be_left_alone(world: AccessWorld, browse: Browse) -> None:
    steward = world.players["steward"].person
    client, path = browse("administrator"), f"/people/{steward.uid}/off-board/"
    page = client.get(path).text
    assert "What nobody else looks after" in page and world.domain.name in page
    assert browse("officer").get(path).status_code == 403
    assert client.post(path, {"reason": ""}).status_code == 400
    assert Person.objects.get(pk=steward.pk).status == "active"
    unseen = client.post(path, {"reason": "Left the company."})
    assert (unseen.status_code, "did not say that you have seen" in unseen.text) == (428, True)
    leaving = {"reason": "Left the company.", "seen_impact": unseen.context["reached"].digest}
    assert client.post(path, leaving).status_code == 302
    assert Person.objects.get(pk=steward.pk).status == "departed"
    kept = client.get("/people/without-a-keeper/").text
    assert world.domain.name in kept and "a steward" in kept
    assert "left already" in client.get(path).text


def test_a_program_of_a_leaver_is_handed_over(world: AccessWorld, browse: Browse) -> None:
    off_board_person(actor=SYSTEM, person_id=world.robot.person.uid, reason="Left.")
    client, path = browse("administrator"), f"/service-accounts/{world.robot.uid}/hand-over/"
    assert path in client.get("/people/without-a-keeper/").text
    assert client.post(path, {"person_id": "nobody"}).status_code == 400
    heir = world.players["colleague"]
    assert client.post(path, {"person_id": heir.account.username}).status_code == 302
    assert Account.objects.get(pk=world.robot.pk).person == heir.person


def test_one_account_is_disabled_and_enabled(world: AccessWorld, browse: Browse) -> None:
    account, client = world.players["colleague"].account, browse("administrator")
    client.post(f"/accounts-of-people/{account.uid}/disable/")
    assert not Account.objects.get(pk=account.pk).is_active
    assert f"/accounts-of-people/{account.uid}/enable/" in client.get(f"/people/{account.person.uid}/").text
    client.post(f"/accounts-of-people/{account.uid}/enable/")
    assert Account.objects.get(pk=account.pk).is_active


def test_a_line_manager_is_named_by_username(world: AccessWorld, browse: Browse) -> None:
    person, manager = world.players["colleague"].person, world.players["owner"]
    sent = {
        "seen_version": Person.objects.get(pk=person.pk).row_version,
        "status": "active",
        "relation": "employee",
        "manager_id": manager.account.username,
    }
    client, path = browse("administrator"), f"/people/{person.uid}/change/"
    assert client.post(path, {**sent, "manager_id": "nobody"}).status_code == 400
    assert client.post(path, {**sent, "status": "departed"}).status_code == 400
    assert client.post(path, sent).status_code == 302
    assert Person.objects.get(pk=person.pk).manager == manager.person


def test_public_holidays_of_the_organization(world: AccessWorld, browse: Browse) -> None:
    client = browse("administrator")
    version = Organization.objects.get(pk=world.organization.pk).row_version
    sent = {"seen_version": version, "calendar": "de-by", "address": "", "contact": ""}
    answer = client.post("/organization/", {**sent, "calendar": "XX"})
    assert answer.status_code == 400 and "no public holidays known" in answer.text
    assert client.post("/organization/", sent).status_code == 302
    assert "DE-BY" in client.get("/organization/").text
    assert browse("owner").post("/organization/", sent).status_code in {403, 412}


@pytest.mark.parametrize(("name", "status"), [("", 400), ("Renamed", 302)])
def test_a_team_is_renamed(world: AccessWorld, browse: Browse, name: str, status: int) -> None:
    team = accounts.team(world.organization)
    sent = {"seen_version": team.row_version, "name": name}
    answer = browse("administrator").post(f"/teams/{team.uid}/rename/", sent)
    assert answer.status_code == status
    assert (Team.objects.get(pk=team.pk).name == "Renamed") is (status == 302)
