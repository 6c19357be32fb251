"""Permissions on one asset or domain, given once, taken back, and explained."""

from __future__ import annotations

from uuid import uuid4

from apps.accounts.commands import assign_role, give_domain_permission
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.commands import give_asset_permission
from apps.catalog.queries import asset_permissions
from apps.kernel.actor import SYSTEM
from tests.console.conftest import Browse
from tests.console.people import NOT_ONESELF
from tests.factories import accounts
from tests.factories.access import AccessWorld


def test_a_permission_is_given_to_a_team_once_and_taken_back(world: AccessWorld, browse: Browse) -> None:
    client, team = browse("administrator"), accounts.team(world.organization)
    asset = world.personal.asset
    path = f"/catalog/{asset.uid}/permissions/"
    form = {"holder_id": team.name, "permission": "steward", "key": str(uuid4())}
    for _ in range(2):
        assert client.post(f"{path}give/", form).headers["Location"] == path
    (held,) = asset_permissions(SYSTEM, asset.uid)
    assert (held.holder_id, held.permission) == (team.uid, "steward")
    taken = {"holder_id": str(team.uid), "permission": "steward"}
    assert client.post(f"{path}take/", taken).status_code == 302
    assert asset_permissions(SYSTEM, asset.uid) == []
    page = client.post(f"{path}take/", taken)
    assert page.status_code == 409
    assert "a role or a team may give the access you see" in page.text


def test_a_permission_held_already_is_refused_and_the_form_kept(world: AccessWorld, browse: Browse) -> None:
    asset, account = world.personal.asset, world.players["colleague"].account
    give_asset_permission(
        actor=SYSTEM, asset_id=asset.uid, permission=ObjectPermission.OWN, holder_id=account.uid
    )
    form = {"holder_id": account.username, "permission": "own", "key": str(uuid4())}
    page = browse("administrator").post(f"/catalog/{asset.uid}/permissions/give/", form)
    assert page.status_code == 409
    assert "The holder already has the object permission «own» here." in page.text
    assert f'value="{account.username}"' in page.text


def test_nobody_gives_themselves_a_permission_also_not_by_a_team(world: AccessWorld, browse: Browse) -> None:
    own = world.players["administrator"].account
    team = accounts.team(world.organization, own)
    path = f"/catalog/{world.personal.asset.uid}/permissions/give/"
    for name in (own.username, team.name):
        form = {"holder_id": name, "permission": "own", "key": str(uuid4())}
        page = browse("administrator").post(path, form)
        assert page.status_code == 422
        assert page.text.count(NOT_ONESELF) == 2
    assert asset_permissions(SYSTEM, world.personal.asset.uid) == []


def test_who_may_look_may_not_therefore_give(world: AccessWorld, browse: Browse) -> None:
    path = f"/catalog/{world.personal.asset.uid}/permissions/"
    client = browse("auditor")
    assert "Give a permission" not in client.get(path).text
    form = {
        "holder_id": world.players["colleague"].account.username,
        "permission": "own",
        "key": str(uuid4()),
    }
    assert client.post(f"{path}give/", form).status_code == 403
    assert asset_permissions(SYSTEM, world.personal.asset.uid) == []


def test_a_permission_on_a_domain_is_given_and_shown_on_its_assets(
    world: AccessWorld, browse: Browse
) -> None:
    client, account = browse("administrator"), world.players["colleague"].account
    path = f"/domains/{world.domain.uid}/"
    form = {"holder_id": account.username, "permission": "classify", "key": str(uuid4())}
    assert client.post(f"{path}give/", form).status_code == 302
    holders = client.get(f"/catalog/{world.personal.asset.uid}/permissions/").context["holders"]
    assert ("classify",) in {
        held.permissions for held in holders.besides if held.holder_id == account.uid and held.by == "domain"
    }
    taken = {"holder_id": str(account.uid), "permission": "classify"}
    assert client.post(f"{path}take/", taken).status_code == 302
    assert client.get(path).context["holders"].given == []


def test_the_page_says_why_somebody_reaches_the_asset(world: AccessWorld, browse: Browse) -> None:
    team = accounts.team(world.organization)
    give_domain_permission(
        actor=SYSTEM,
        domain_id=world.domain.uid,
        permission=ObjectPermission.APPROVE,
        holder_id=team.uid,
    )
    assign_role(
        actor=SYSTEM,
        person_id=world.players["colleague"].person.uid,
        role=Role.STEWARD,
        organization_id=world.organization.uid,
        domain_id=world.domain.uid,
    )
    page = browse("officer").get(f"/catalog/{world.personal.asset.uid}/permissions/")
    why = {(held.holder_name, held.by.value, held.permissions) for held in page.context["holders"].besides}
    assert {
        (team.name, "domain", ("approve",)),
        (world.players["colleague"].person.name, "domain_role", ("steward",)),
        (world.players["owner"].person.name, "role", ("own",)),
        ("", "audience", ("view",)),
    } <= why
    assert "data steward of the domain" in page.text
