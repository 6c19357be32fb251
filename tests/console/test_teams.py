"""Teams and domains: who belongs, and who sees what."""

from __future__ import annotations

from uuid import uuid4

import pytest

from apps.accounts.commands import change_domain
from apps.accounts.models import Audience, Domain, Team
from apps.accounts.queries import members_of
from apps.kernel.actor import SYSTEM
from tests.console.conftest import Browse
from tests.factories import accounts
from tests.factories.access import AccessWorld


def test_a_team_is_made_once_and_its_members_come_and_go(world: AccessWorld, browse: Browse) -> None:
    client, form = browse("administrator"), {"name": "Geology", "key": str(uuid4())}
    first, second = client.post("/teams/", form), client.post("/teams/", form)
    team = Team.objects.get(name="Geology")
    path = f"/teams/{team.uid}/"
    assert first.headers["Location"] == second.headers["Location"] == path
    account = world.players["scientist"].account
    assert client.post(f"{path}add/", {"add": account.username.upper()}).status_code == 302
    assert list(members_of(team, SYSTEM)) == [account]
    assert path in client.get(f"/people/{world.players['scientist'].person.uid}/").text
    assert client.post(f"{path}remove/", {"remove": str(account.uid)}).status_code == 302
    assert not members_of(team, SYSTEM).exists()


def test_a_team_of_the_same_name_is_refused(world: AccessWorld, browse: Browse) -> None:
    team = accounts.team(world.organization)
    page = browse("administrator").post("/teams/", {"name": team.name.upper(), "key": str(uuid4())})
    assert page.status_code == 409
    assert f'value="{team.name.upper()}"' in page.text
    assert f"There is already a team called «{team.name.upper()}»" in page.text


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("nobody-here", 400, "There is no account with this username."),
        ("administrator", 422, "Nobody may take themselves into a team."),
    ],
)
def test_who_cannot_join_a_team_is_told_beside_the_field(
    world: AccessWorld, browse: Browse, typed: str, status: int, said: str
) -> None:
    team = accounts.team(world.organization)
    player = world.players.get(typed)
    username = player.account.username if player else typed
    page = browse("administrator").post(f"/teams/{team.uid}/add/", {"add": username})
    assert page.status_code == status
    assert page.text.count(said) == 2
    assert f'value="{username}"' in page.text
    assert not members_of(team, SYSTEM).exists()


def test_only_administrators_look_after_teams_and_domains(world: AccessWorld, browse: Browse) -> None:
    team, client = accounts.team(world.organization), browse("owner")
    joining = {"add": world.players["colleague"].account.username}
    assert client.post(f"/teams/{team.uid}/add/", joining).status_code == 403
    assert client.post("/teams/", {"name": "Mine", "key": str(uuid4())}).status_code == 403
    change = {"seen_version": "1", "name": "Mine", "audience": "organization"}
    assert client.post(f"/domains/{world.domain.uid}/change/", change).status_code == 403
    assert not members_of(team, SYSTEM).exists()
    assert not Team.objects.filter(name="Mine").exists() and not Domain.objects.filter(name="Mine").exists()


def test_a_domain_is_made_once_and_its_audience_changed(world: AccessWorld, browse: Browse) -> None:
    client, team = browse("administrator"), accounts.team(world.organization)
    form = {"name": "Wells", "description": "", "audience": "organization", "key": str(uuid4())}
    first, second = client.post("/domains/new/", form), client.post("/domains/new/", form)
    domain = Domain.objects.get(name="Wells")
    assert first.headers["Location"] == second.headers["Location"] == f"/domains/{domain.uid}/"
    change = {
        "seen_version": str(domain.row_version),
        "name": "Wells",
        "description": "Logs of wells.",
        "audience": "teams",
        "audience_team_ids": [str(team.uid)],
    }
    assert client.post(f"/domains/{domain.uid}/change/", change).status_code == 302
    domain.refresh_from_db()
    assert (domain.audience, domain.description) == (Audience.TEAMS, "Logs of wells.")
    assert list(domain.audience_teams.all()) == [team]


def test_a_domain_that_changed_since_keeps_what_was_typed(world: AccessWorld, browse: Browse) -> None:
    client, domain, team = browse("administrator"), world.domain, accounts.team(world.organization)
    form = {
        "seen_version": str(Domain.objects.get(pk=domain.pk).row_version),
        "name": domain.name,
        "description": "Typed with care.",
        "audience": "teams",
        "audience_team_ids": [str(team.uid)],
    }
    change_domain(actor=SYSTEM, domain_id=domain.uid, description="Somebody was faster.")
    page = client.post(f"/domains/{domain.uid}/change/", form)
    assert page.status_code == 412
    assert "Typed with care." in page.text and "Somebody was faster." in page.text
    again = page.context["change"]
    assert again["audience_team_ids"].value() == [str(team.uid)]
    resent = {**form, "seen_version": again["seen_version"].value()}
    assert client.post(f"/domains/{domain.uid}/change/", resent).status_code == 302
