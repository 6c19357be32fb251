"""Events, reason codes and operations: declared once, complete, and named as the house names them."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from django.db import connection

from apps.accounts.authorization import IN_PERSON
from apps.accounts.operations import OPERATIONS, Operation
from apps.accounts.roles import IMPLIED, ROLE_GIVES, ObjectPermission, Role, gives, role_gives
from apps.console import grounds, wording
from apps.kernel.events import declared_events, every_subscription
from apps.policy.reason import declared_codes, text_of

PLACEHOLDER = re.compile(r"%(?!\(\w+\)s|%)")


@pytest.mark.parametrize("name", sorted(declared_events()))
def test_an_event_is_named_by_app_thing_and_past(name: str) -> None:
    event = declared_events()[name]
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+\.[a-z_]+", name)
    assert name.split(".")[0] == event.__module__.split(".")[1]
    assert event.about in {field.name for field in fields(event)}


def test_subscribers_hear_events_that_exist() -> None:
    assert {name for name, _subscriber in every_subscription()} <= set(declared_events())


@pytest.mark.parametrize("code", sorted(declared_codes()))
def test_a_reason_has_a_sentence_and_a_remedy_with_sound_places(code: str) -> None:
    text = text_of(code)
    assert text.sentence.strip() and text.remedy.strip()
    assert not PLACEHOLDER.search(text.sentence + text.remedy)


def test_every_operation_has_its_grounds() -> None:
    assert set(OPERATIONS) == set(Operation)


def test_people_read_what_they_may_not_do_and_what_it_takes_in_words() -> None:
    assert set(grounds.OPERATIONS) == {operation.value for operation in Operation}
    assert set(grounds.BESIDES_ROLES) == {f"may_{each.word}" for each in ObjectPermission} | {IN_PERSON}
    assert set(wording.ROLES) >= {role.value for role in Role}


def test_the_dpo_approves_nothing() -> None:
    """GDPR Art. 38(6), 39(1): the DPO advises."""
    deciding = {Operation.DECIDE_REQUEST, Operation.APPROVE_RECORD, Operation.REVOKE_GRANT}
    assert all(Role.DPO not in OPERATIONS[operation].roles for operation in deciding)


@pytest.mark.django_db
def test_the_database_and_the_code_agree_on_what_implies_what() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, perm FROM object_permission")
        assert dict(cursor.fetchall()) == {perm.word: perm.value for perm in ObjectPermission}
        cursor.execute("SELECT held, wanted FROM object_permission_gives")
        pairs = {
            (held, wanted) for held in ObjectPermission for wanted in ObjectPermission if gives(held, wanted)
        }
        assert set(cursor.fetchall()) == {(held.value, wanted.value) for held, wanted in pairs}
        cursor.execute("SELECT role, wanted FROM role_gives")
        by_role = {(role, wanted) for role in Role for wanted in ObjectPermission if role_gives(role, wanted)}
        assert set(cursor.fetchall()) == {(role.value, wanted.value) for role, wanted in by_role}


def test_implications_are_already_followed_to_their_end() -> None:
    """`gives` looks one step far, so what is implied by the implied must stand there itself."""
    for held, implied in IMPLIED.items():
        for step in implied:
            assert IMPLIED[step] <= implied, held
    assert set(ROLE_GIVES) == set(Role)
