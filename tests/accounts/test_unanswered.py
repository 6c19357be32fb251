"""Programs for which nobody can answer: told of, warned of once more, and stopped when the term is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts import commands, tasks
from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.errors import UNANSWERED_TOO_LONG
from apps.accounts.models import (
    Account,
    ApiToken,
    Organization,
    PersonStatus,
    Relation,
    WorkloadTokenUse,
)
from apps.accounts.queries.leaving import unanswered
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, NotPermitted
from tests.factories import accounts
from tests.factories.accounts import Player, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return accounts.world()


@pytest.fixture
def answers(world: World) -> Player:
    return accounts.player(world.organization)


@pytest.fixture
def program(answers: Player) -> Account:
    return accounts.service_account(answers.person)


def suspend(answers: Player) -> None:
    status = PersonStatus.SUSPENDED
    commands.change_person(actor=SYSTEM, person_id=answers.person.uid, status=status)


def contract_ends(answers: Player) -> None:
    day = (database_now() - 3 * DAY).date()
    given = {"relation": Relation.CONTRACTOR, "contract_ends_on": day}
    commands.change_person(actor=SYSTEM, person_id=answers.person.uid, **given)


def lock_out(answers: Player) -> None:
    commands.disable_account(actor=SYSTEM, account_id=answers.account.uid)


def follow(program: Account, at: datetime) -> Account:
    found: Account = commands.follow_unanswered(actor=SYSTEM, account_id=program.uid, at=at)
    return found


def told(program: Account) -> list[str]:
    found = AuditEvent.objects.filter(subject_uid=program.uid, name__startswith="accounts.account.")
    return [name.rpartition(".")[2] for name in found.order_by("pk").values_list("name", flat=True)][1:]


@pytest.mark.parametrize("leave", [suspend, contract_ends, lock_out])
def test_it_is_told_warned_of_once_more_and_stopped(program: Account, answers: Player, leave: Any) -> None:
    accounts.token(program)
    now = database_now()
    follow(program, now)
    assert told(program) == []
    leave(answers)
    for days in (0, 1, 10):
        assert follow(program, now + days * DAY).is_active
    assert told(program) == ["unanswered"]
    for days in (11, 12, 13):
        assert follow(program, now + days * DAY).is_active
    assert told(program) == ["unanswered", "unanswered"]
    assert not follow(program, now + 14 * DAY).is_active
    assert not ApiToken.objects.filter(account=program, revoked_at__isnull=True).exists()
    follow(program, now + 15 * DAY)
    assert told(program) == ["unanswered", "unanswered", "suspended"]
    event = AuditEvent.objects.get(name="accounts.account.suspended")
    assert event.data["person_id"] == str(answers.person.uid) and event.actor_kind == "system"


def test_who_can_answer_again_in_time_loses_nothing(program: Account, answers: Player) -> None:
    now = database_now()
    lock_out(answers)
    follow(program, now)
    commands.enable_account(actor=SYSTEM, account_id=answers.account.uid)
    assert follow(program, now + 13 * DAY).unanswered_since is None
    lock_out(answers)
    assert follow(program, now + 20 * DAY).is_active
    assert told(program) == ["unanswered", "answered", "unanswered"]


def test_handed_over_it_goes_on_from_the_beginning(program: Account, answers: Player, world: World) -> None:
    now = database_now()
    lock_out(answers)
    follow(program, now)
    assert list(unanswered(world[Role.ADMINISTRATOR].actor)) == [program]
    follow(program, now + 14 * DAY)
    heir = accounts.player(world.organization)
    commands.hand_over_service_account(actor=SYSTEM, account_id=program.uid, person_id=heir.person.uid)
    program.refresh_from_db()
    assert program.is_active and program.unanswered_since is None
    assert list(unanswered(world[Role.ADMINISTRATOR].actor)) == []


def test_the_term_is_the_organizations(program: Account, answers: Player, world: World) -> None:
    admin, place = world[Role.ADMINISTRATOR].actor, world.organization.uid

    def term(days: int) -> None:
        commands.change_organization(actor=admin, organization_id=place, unanswered_days=days)

    with pytest.raises(InvalidInput) as refusal:
        term(91)
    assert refusal.value.code == UNANSWERED_TOO_LONG
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(uid=place).update(unanswered_days=91)
    term(0)
    lock_out(answers)
    assert not follow(program, database_now()).is_active
    assert told(program) == ["suspended"]


def test_the_clock_finds_them_and_leaves_the_others_alone(
    program: Account, answers: Player, world: World
) -> None:
    fine = accounts.service_account(accounts.person(world.organization))
    contract_ends(answers)
    tasks.follow_programs()
    assert told(program) == ["unanswered"] and told(fine) == []


def test_only_the_machine_follows_them(program: Account, world: World) -> None:
    with pytest.raises(NotPermitted) as refusal:
        commands.follow_unanswered(actor=world[Role.ADMINISTRATOR].actor, account_id=program.uid)
    assert refusal.value.code == NOT_PERMITTED


def test_a_person_is_no_program(answers: Player) -> None:
    lock_out(answers)
    assert commands.follow_unanswered(actor=SYSTEM, account_id=answers.account.uid).unanswered_since is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(pk=answers.account.pk).update(unanswered_since=database_now())


def test_what_sign_ins_leave_behind_is_forgotten_in_time(program: Account) -> None:
    identity, now = accounts.workload(program), database_now()
    for number, age in enumerate((1, 40)):
        ended = now - age * DAY
        WorkloadTokenUse.objects.create(identity=identity, digest=str(number), ends_at=ended + 2 * DAY)
        token = {"account": program, "scopes": [], "expires_at": ended, "created_at": ended}
        ApiToken.objects.create(identity=identity, digest=f"p{number}", **token)
        ApiToken.objects.create(digest=f"m{number}", **token)
    tasks.forget_sign_ins()
    assert set(WorkloadTokenUse.objects.values_list("digest", flat=True)) == {"0"}
    assert set(ApiToken.objects.filter(account=program).values_list("digest", flat=True)) == {
        "p0",
        "m0",
        "m1",
    }
