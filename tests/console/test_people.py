"""People, their facts, roles and accounts: each form does what it says, or says why not."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.commands import change_person
from apps.accounts.models import Account, Person, PersonStatus, RoleAssignment
from apps.accounts.roles import ObjectPermission
from apps.catalog.commands import give_asset_permission
from apps.kernel.actor import SYSTEM
from tests.console.conftest import Browse
from tests.console.people import NOT_ONESELF, role
from tests.factories import accounts
from tests.factories.access import AccessWorld

PASSWORD = "a long walk along the lake"


def person_of(world: AccessWorld, name: str) -> Person:
    found: Person = Person.objects.get(pk=world.players[name].person.pk)
    return found


def register(**given: Any) -> dict[str, Any]:
    made = {
        "name": "Ada <Lovelace>",
        "email": "",
        "relation": "contractor",
        "contract_ends_on": "2031-05-31",
        "cleared_rank": "1",
        "username": "Ada.Lovelace",
        "password": PASSWORD,
        "key": str(uuid4()),
    }
    return {**made, **given}


def facts(person: Person, **given: Any) -> dict[str, Any]:
    made = {
        "seen_version": str(person.row_version),
        "status": person.status,
        "relation": person.relation,
        "contract_ends_on": person.contract_ends_on or "",
        "cleared_rank": "" if person.cleared_rank is None else str(person.cleared_rank),
    }
    return {**made, **given}


def test_somebody_registered_twice_by_one_form_exists_once_and_can_sign_in(
    world: AccessWorld, browse: Browse
) -> None:
    client, form = browse("administrator"), register()
    first, second = client.post("/people/new/", form), client.post("/people/new/", form)
    person = Person.objects.get(name="Ada <Lovelace>")
    assert first.headers["Location"] == second.headers["Location"] == f"/people/{person.uid}/"
    assert (person.relation, person.contract_ends_on, person.cleared_rank) == (
        "contractor",
        date(2031, 5, 31),
        1,
    )
    newcomer = Client()
    newcomer.post("/accounts/login/", {"login": "ada.lovelace", "password": PASSWORD})
    assert newcomer.get("/").headers["Location"] == "/settings/password/"


def test_a_taken_username_keeps_what_was_typed_but_never_the_password(
    world: AccessWorld, browse: Browse
) -> None:
    taken = world.players["owner"].account.username
    page = browse("administrator").post("/people/new/", register(username=taken))
    assert page.status_code == 409
    assert f"Somebody already signs in as «{taken}»" in page.text
    assert 'value="Ada &lt;Lovelace&gt;"' in page.text and 'value="2031-05-31"' in page.text
    assert PASSWORD not in page.text
    assert not Person.objects.filter(name="Ada <Lovelace>").exists()


def test_a_weak_password_is_refused_beside_its_field(world: AccessWorld, browse: Browse) -> None:
    page = browse("administrator").post("/people/new/", register(password="short"))
    assert page.status_code == 400
    assert "password" in page.context["form"].errors
    assert not Person.objects.filter(name="Ada <Lovelace>").exists()


def test_only_an_administrator_registers(world: AccessWorld, browse: Browse) -> None:
    page = browse("auditor").post("/people/new/", register())
    assert page.status_code == 403
    assert "It takes one of these: administrator" in page.text
    assert not Person.objects.filter(name="Ada <Lovelace>").exists()


def test_people_are_found_by_name_username_role_and_status(world: AccessWorld, browse: Browse) -> None:
    client = browse("administrator")
    gone = accounts.person(world.organization, name="Zoe Gone", username="zoe-signs-in")
    change_person(actor=SYSTEM, person_id=gone.uid, status=PersonStatus.DEPARTED)

    def found(query: str) -> set[str]:
        return {row.person.name for row in client.get(f"/people/?{query}").context["rows"]}

    assert found("q=zoe+g") == found("q=ZOE-signs") == found("status=departed") == {"Zoe Gone"}
    assert found("role=auditor") == {world.players["auditor"].person.name}
    assert found("q=nobody-at-all") == set()


def test_a_scientist_finds_only_themselves(world: AccessWorld, browse: Browse) -> None:
    rows = browse("scientist").get("/people/").context["rows"]
    assert [row.person for row in rows] == [world.players["scientist"].person]


def test_facts_are_changed_and_a_contract_s_end_taken_away(world: AccessWorld, browse: Browse) -> None:
    client, person = browse("administrator"), person_of(world, "scientist")
    path = f"/people/{person.uid}/change/"
    answer = client.post(path, facts(person, relation="vendor", contract_ends_on="2031-01-31"))
    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.relation, person.contract_ends_on) == ("vendor", date(2031, 1, 31))
    assert client.post(path, facts(person, contract_ends_on="", cleared_rank="")).status_code == 302
    person.refresh_from_db()
    assert (person.contract_ends_on, person.cleared_rank, person.relation) == (None, None, "vendor")


def test_who_is_suspended_is_signed_out(world: AccessWorld, browse: Browse) -> None:
    person, theirs = person_of(world, "scientist"), browse("scientist")
    assert theirs.get("/").status_code == 200
    answer = browse("administrator").post(f"/people/{person.uid}/change/", facts(person, status="suspended"))
    assert answer.status_code == 302
    assert theirs.get("/").status_code == 302


def test_facts_that_changed_since_are_shown_and_what_was_typed_is_kept(
    world: AccessWorld, browse: Browse
) -> None:
    client, person = browse("administrator"), person_of(world, "scientist")
    form = facts(person, contract_ends_on="2031-01-31")
    change_person(actor=SYSTEM, person_id=person.uid, relation="contractor")
    page = client.post(f"/people/{person.uid}/change/", form)
    assert page.status_code == 412
    assert page.context["person"].relation == "contractor"
    assert "Changed while you typed" in page.text
    assert 'value="2031-01-31"' in page.text
    person.refresh_from_db()
    assert person.contract_ends_on is None
    again = {**form, "seen_version": page.context["form"]["seen_version"].value()}
    assert client.post(f"/people/{person.uid}/change/", again).status_code == 302


def test_nobody_clears_themselves(world: AccessWorld, browse: Browse) -> None:
    person = person_of(world, "administrator")
    page = browse("administrator").post(f"/people/{person.uid}/change/", facts(person, cleared_rank="0"))
    assert page.status_code == 422
    assert "Nobody may change their own status, relation, contract or clearance." in page.text
    assert "Ask another administrator." in page.text
    assert person_of(world, "administrator").cleared_rank == person.cleared_rank


@pytest.mark.parametrize("what", ["change", "roles", "accounts", "service-accounts"])
def test_who_sees_a_person_may_not_therefore_change_them(
    world: AccessWorld, browse: Browse, what: str
) -> None:
    person = person_of(world, "scientist")
    sent = {
        "change": facts(person, status="suspended"),
        "roles": role(),
        "accounts": {"username": "another", "key": str(uuid4())},
        "service-accounts": {"username": "another", "description": "x", "key": str(uuid4())},
    }[what]
    before = (person.row_version, RoleAssignment.objects.count(), Account.objects.count())
    page = browse("auditor").post(f"/people/{person.uid}/{what}/", sent)
    assert page.status_code == 403
    assert "It takes one of these: administrator" in page.text
    person.refresh_from_db()
    assert (person.row_version, RoleAssignment.objects.count(), Account.objects.count()) == before
    assert browse("colleague").post(f"/people/{person.uid}/{what}/", sent).status_code == 404


def test_a_role_is_assigned_once_in_a_domain_until_the_end_of_a_day_and_ended(
    world: AccessWorld, browse: Browse
) -> None:
    client, person = browse("administrator"), person_of(world, "colleague")
    form = role(domain_id=str(world.domain.uid), ends_at="2031-03-30")
    path = f"/people/{person.uid}/roles/"
    assert client.post(path, form).status_code == client.post(path, form).status_code == 302
    held = RoleAssignment.objects.get(person=person, role="steward")
    assert held.domain == world.domain
    assert held.ends_at is not None
    # The 30th is over, in Berlin, as summer time begins that morning.
    assert held.ends_at.isoformat() == "2031-03-30T22:00:00+00:00"
    assert client.post(f"/people/roles/{held.uid}/end/").status_code == 302
    assert not RoleAssignment.objects.held_at(held.ends_at).filter(person=person, role="steward").exists()
    assert client.post(f"/people/roles/{held.uid}/end/").status_code == 409


def test_a_role_held_already_is_refused_with_what_to_do(world: AccessWorld, browse: Browse) -> None:
    person = person_of(world, "steward")
    page = browse("administrator").post(f"/people/{person.uid}/roles/", role(ends_at="2031-03-31"))
    assert page.status_code == 409
    assert "End the present assignment first" in page.text
    assert 'value="2031-03-31"' in page.text


def test_a_role_that_ends_before_it_begins_is_told_at_the_field(world: AccessWorld, browse: Browse) -> None:
    person = person_of(world, "colleague")
    form = role(starts_at="2031-03-31", ends_at="2031-03-30")
    page = browse("administrator").post(f"/people/{person.uid}/roles/", form)
    assert page.status_code == 400
    assert page.text.count("The last day lies before the role begins.") == 2


def test_nobody_gives_themselves_a_role(world: AccessWorld, browse: Browse) -> None:
    person = person_of(world, "administrator")
    page = browse("administrator").post(f"/people/{person.uid}/roles/", role())
    assert page.status_code == 422
    assert NOT_ONESELF in page.text
    assert not RoleAssignment.objects.filter(person=person, role="steward").exists()


def test_accounts_are_added_for_the_person_and_for_programs(world: AccessWorld, browse: Browse) -> None:
    client, person = browse("administrator"), person_of(world, "colleague")
    for what, sent in (
        ("accounts", {"username": "second-name"}),
        ("service-accounts", {"username": "night-run", "description": "Runs at night."}),
    ):
        form = {**sent, "key": str(uuid4())}
        for _ in range(2):
            assert client.post(f"/people/{person.uid}/{what}/", form).status_code == 302
    made = Account.objects.filter(person=person, username__in=["second-name", "night-run"])
    assert set(made.values_list("username", "kind")) == {("second-name", "person"), ("night-run", "service")}
    assert "Runs at night." in client.get("/service-accounts/").text


def test_a_form_of_a_table_carries_its_protection(world: AccessWorld) -> None:
    asset, account = world.personal.asset, world.players["colleague"].account
    give_asset_permission(
        actor=SYSTEM, asset_id=asset.uid, permission=ObjectPermission.VIEW, holder_id=account.uid
    )
    client = Client(enforce_csrf_checks=True)
    administrator = world.players["administrator"].account
    client.force_login(administrator, backend="apps.accounts.backends.AccountBackend")
    for path in (
        f"/catalog/{asset.uid}/permissions/",
        f"/people/{world.players['scientist'].person.uid}/",
        f"/domains/{world.domain.uid}/",
        "/settings/tokens/",
    ):
        page = client.get(path).text
        assert page.count('method="post"') == page.count("csrfmiddlewaretoken") > 1, path
