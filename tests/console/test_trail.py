"""The trail as it is read: found by address, page by page, in plain words, by those who may."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import resolve

from apps.accounts.roles import Role
from apps.audit.command import COMMANDS
from apps.audit.models import AuditEvent
from apps.catalog.commands import change_asset
from apps.classification.queries import ladder
from apps.console.pointers import KINDS, Kind, pointers
from apps.console.trail import ATTEMPTS, EVENTS, FIELDS
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import NotPermitted
from apps.kernel.events import declared_events
from apps.lakes.commands import change_lake
from tests.console.conftest import Browse
from tests.console.pages import scene
from tests.factories import accounts, lakes
from tests.factories.access import ZONE, AccessWorld
from tests.flatness import assert_flat

BUDGET = 15


def entry_of(name: str) -> AuditEvent:
    return AuditEvent.objects.filter(name=name).latest("pk")


def refused(world: AccessWorld) -> AuditEvent:
    """A steward tried to change a lake."""
    lake = lakes.connection(world.organization)
    with pytest.raises(NotPermitted):
        change_lake(actor=world["steward"], lake_id=lake.uid, region="elsewhere")
    return entry_of("lakes.change_lake")


def test_every_event_every_attempt_and_every_fact_has_words() -> None:
    events = {
        name: event for name, event in declared_events().items() if event.__module__.startswith("apps.")
    }
    assert set(events) == set(EVENTS)
    commands = {name for name, command in COMMANDS.items() if command.__module__.startswith("apps.")}
    assert commands == set(ATTEMPTS)
    assert {field.name for event in events.values() for field in fields(event)} <= set(FIELDS)


def test_no_two_things_are_called_the_same() -> None:
    for texts in (EVENTS, ATTEMPTS):
        assert len({str(text) for text in texts.values()}) == len(texts)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if kind.page], ids=lambda kind: kind.page[0]
)
def test_every_kind_of_thing_has_the_page_it_points_to(kind: Kind) -> None:
    uid = uuid4()
    pointer = kind.pointer("7", uid)
    assert "7" in pointer.text
    assert resolve(pointer.url).kwargs.popitem()[1] == uid


def test_an_organization_and_a_class_are_named_not_numbered(world: AccessWorld) -> None:
    auditor = world["auditor"]
    lowest = ladder(auditor)[0]
    told = pointers(auditor, {world.organization.uid, lowest.uid, uuid4()})
    assert {uid: pointer.text for uid, pointer in told.items()} == {
        world.organization.uid: world.organization.name,
        lowest.uid: lowest.label,
    }


def test_the_newest_stands_first_with_who_what_and_about(world: AccessWorld, browse: Browse) -> None:
    made, client = scene(world), browse("auditor")
    rows = client.get("/trail/").context["rows"]
    keys = [event.pk for event, _text, _object in rows]
    assert keys == sorted(keys, reverse=True)
    page = client.get(f"/trail/?about={made.request.uid}").text
    assert "Request sent" in page and world.players["scientist"].person.name in page
    assert f'href="/requests/{made.request.uid}/"' in page


def test_a_thing_without_a_name_of_its_own_is_told_by_whom_it_concerns(
    world: AccessWorld, browse: Browse
) -> None:
    rows = browse("auditor").get("/trail/?what=accounts.role.assigned").context["rows"]
    people = {player.person.uid: player.person.name for player in world.players.values()}
    told = [(people.get(UUID(event.data["person_id"])), about.text) for event, _text, about in rows]
    assert told and all(name in (None, text) for name, text in told)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("outcome=refused", True),
        ("outcome=done", False),
        ("what=lakes.change_lake", True),
        ("what=lakes.lake.changed", False),
        ("who={name}", True),
        ("who={username}", True),
        ("who=nobody-like-this", False),
        ("about={lake}", True),
        ("about={other}", False),
        ("from={today}&to={today}", True),
        ("from={tomorrow}", False),
        ("to={yesterday}", False),
    ],
)
def test_filters_find_what_fits(world: AccessWorld, browse: Browse, query: str, is_found: bool) -> None:
    event, steward = refused(world), world.players["steward"]
    day = event.at.astimezone(ZoneInfo(ZONE)).date()
    address = query.format(
        name=steward.person.name,
        username=steward.account.username,
        lake=event.subject_uid,
        other=uuid4(),
        today=day,
        tomorrow=day + timedelta(days=2),
        yesterday=day - timedelta(days=2),
    )
    page = browse("auditor").get(f"/trail/?{address}")
    assert page.status_code == 200
    assert (f"/trail/{event.uid}/" in page.text) is is_found


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("from", "31.3.2027", "Write the day as year, month, day: 2027-03-31."),
        ("to", "yesterday", "Write the day as year, month, day: 2027-03-31."),
        ("to", "2020-01-01", "The last day lies before the first."),
        ("about", "AR-00001", "An id has 32 digits and letters, as in the address of its page."),
        ("what", "nothing.like.this", "Choose one of the events in the list."),
        ("outcome", "perhaps", "Choose one of the outcomes in the list."),
        ("who", "a\0b", "Null characters are not allowed."),
    ],
)
def test_a_wrong_filter_is_told_at_its_field_and_stays(
    browse: Browse, field: str, typed: str, said: str
) -> None:
    given = {"who": "ann", "from": "2026-01-02", field: typed}
    page = browse("auditor").get("/trail/", given)
    assert page.status_code == 400
    assert page.context["form"].errors[field] == [said]
    assert page.text.count(said) == 2
    for name, text in given.items():
        if name not in {"what", "outcome"} and "\0" not in text:
            assert f'value="{text}"' in page.text
    assert "rowheader" not in page.text


def test_a_long_trail_is_walked_without_gap_or_repetition(world: AccessWorld, browse: Browse) -> None:
    asset = world.personal.asset
    for number in range(45):
        change_asset(actor=SYSTEM, asset_id=asset.uid, description=f"Pay, as of {number}")
    client, seen = browse("auditor"), []
    path = f"/trail/?about={asset.uid}&what=catalog.asset.changed"
    while path:
        context = client.get(path).context
        seen += [event.pk for event in context["page"].rows]
        following = context["page"].next
        path = f"/trail/?{following}" if following else ""
    assert len(seen) >= 45
    assert seen == sorted(set(seen), reverse=True)


def test_a_refusal_says_why_and_what_would_mend_it(world: AccessWorld, browse: Browse) -> None:
    event = refused(world)
    page = browse("auditor").get(f"/trail/{event.uid}/").text
    assert "Change a lake connection" in page
    assert "Why it was refused" in page
    assert "This is not yours to do: connect and change lakes." in page
    assert "It takes one of these: administrator. An administrator of your organization can help." in page
    assert f'href="/lakes/{event.subject_uid}/"' in page
    assert f"/trail/?about={event.subject_uid}" in page


def test_what_was_written_is_shown_until_it_is_erased(world: AccessWorld, browse: Browse) -> None:
    client = browse("auditor")
    event = entry_of("compliance.version.origin_stated")
    assert "Asked." in client.get(f"/trail/{event.uid}/").text
    erased = AuditEvent.objects.create(
        at=event.at,
        actor_kind="system",
        organization_id=world.organization.pk,
        name=event.name,
        outcome="done",
        data={},
        commitments={"source": "0" * 64},
    )
    page = client.get(f"/trail/{erased.uid}/").text
    assert "erased" in page
    assert "0" * 64 in page


def test_what_changed_is_set_side_by_side(world: AccessWorld, browse: Browse) -> None:
    row = AuditEvent.objects.create(
        at=AuditEvent.objects.latest("pk").at,
        actor_kind="system",
        organization_id=world.organization.pk,
        name="compliance.activity.clearance_changed",
        outcome="done",
        data={"before": "not_assessed", "after": "cleared", "number": 1, "reasons": []},
    )
    page = browse("auditor").get(f"/trail/{row.uid}/")
    (change,) = page.context["differences"]
    assert [line.text for line in (*change.before, *change.after)] == ["not_assessed", "cleared"]
    assert "Before and after" in page.text
    assert "the portal itself" in page.text


def test_the_request_that_carried_it_is_named(world: AccessWorld, browse: Browse) -> None:
    made = scene(world)
    browse("scientist").post(f"/my-access/{made.grant.uid}/give-back/")
    event = entry_of("access.grant.given_back")
    assert event.request_id
    assert event.request_id in browse("auditor").get(f"/trail/{event.uid}/").text


def test_a_thing_the_reader_may_not_see_is_not_named(world: AccessWorld, browse: Browse) -> None:
    """The data protection officer reads the trail, and sees no person of another organization in it."""
    stranger = accounts.player(accounts.organization(), Role.SCIENTIST)
    row = AuditEvent.objects.create(
        at=AuditEvent.objects.latest("pk").at,
        actor_kind="system",
        organization_id=world.organization.pk,
        name="accounts.role.ended",
        outcome="done",
        subject_uid=uuid4(),
        data={"person_id": str(stranger.person.uid), "role": "scientist"},
    )
    page = browse("dpo").get(f"/trail/{row.uid}/").text
    assert stranger.person.name not in page
    assert str(stranger.person.uid) in page


def test_entries_of_another_organization_are_absent(world: AccessWorld, browse: Browse) -> None:
    other = accounts.organization()
    accounts.domain(other)
    row = AuditEvent.objects.filter(organization_id=other.pk).latest("pk")
    assert browse("auditor").get(f"/trail/{row.uid}/").status_code == 404
    assert browse("auditor").get(f"/trail/{uuid4()}/").status_code == 404
    assert str(row.uid) not in browse("auditor").get("/trail/").text


@pytest.mark.parametrize("who", ["scientist", "owner", "steward", "administrator"])
def test_who_may_not_read_it_is_told_who_may(browse: Browse, who: str) -> None:
    client = browse(who)
    page = client.get("/trail/")
    assert page.status_code == 403
    assert "auditor" in page.text
    assert 'href="/trail/"' not in client.get("/").text


@pytest.mark.parametrize("who", ["auditor", "officer", "dpo"])
def test_the_trail_stands_in_the_rail_of_its_readers(browse: Browse, who: str) -> None:
    assert 'href="/trail/"' in browse(who).get("/").text


def test_the_trail_is_flat(world: AccessWorld, browse: Browse) -> None:
    client = browse("auditor")
    client.get("/trail/")
    path = "/trail/?what=lakes.change_lake"
    assert_flat(
        lambda: refused(world),
        lambda: client.get(path).text.count('<th role="rowheader"'),
        budget=BUDGET,
    )


def test_strangers_find_the_door() -> None:
    assert Client().get("/trail/").status_code == 302


def test_what_the_page_shows_is_taken_as_a_file(world: AccessWorld, browse: Browse) -> None:
    event, client = refused(world), browse("auditor")
    page = client.get("/trail/?what=lakes.change_lake").text
    assert 'action="/trail/?what=lakes.change_lake"' in page
    answer = client.post("/trail/?what=lakes.change_lake", {"format": "csv"})
    content = answer.getvalue().decode()
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="trail-')
    assert int(answer.headers["Content-Length"]) == len(content.encode())
    assert "Change a lake connection" in content and str(event.uid) in content
    assert content.count("\r\n") == 2


def test_a_wrong_filter_takes_nothing(browse: Browse) -> None:
    client = browse("auditor")
    for address, chosen in (("?from=tomorrow", "csv"), ("", "pdf")):
        page = client.post(f"/trail/{address}", {"format": chosen})
        assert (page.status_code, "There is a problem" in page.text or "Error:" in page.text) == (400, True)
    assert not AuditEvent.objects.filter(name="access.trail.exported").exists()
