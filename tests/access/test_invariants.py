"""Invariants of the workflow, each with its control: the guard taken away, and the property seen to fail.

docs/decisions/017-proof.md lists all sixteen with the places of the others.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, permutations, product
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from apps.access import commands, errors
from apps.access.commands import verdicts
from apps.access.models import Decision, Grant, Request, Verdict
from apps.access.queries import current_decision, seats
from apps.audit import command
from apps.audit.models import AuditEvent, Outcome
from apps.credentials.commands import issuing
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import LakewardenError, NotPermitted, StaleVersion
from tests.access.machine.stored import STATE_AFTER
from tests.access.seats import delegated, lay_out, owners, personal
from tests.factories import accounts
from tests.factories.access import AccessWorld, approved, asked, draft, fresh, granted, in_days, seen

HOW = ("approve_request", "reject_request", "return_request", "give_opinion")
OWNERS = ("owner", "second_owner", "owner_and_officer")
MOMENT = timedelta(microseconds=1)


def no_party_decides(world: AccessWorld, patch: pytest.MonkeyPatch) -> None:
    """1. Neither the requester nor who acts for them, also in their name, nor who would receive by a project,
    whatever their roles and whatever they say."""
    request = personal(world, "owner_and_officer")
    delegated(world, "owner_and_officer", "second_owner")
    principals = (None, world.players["owner_and_officer"].person.uid)
    for who, how, principal in product(("owner_and_officer", "second_owner"), HOW[:3], principals):
        with pytest.raises(NotPermitted), transaction.atomic():
            named = {**seen(request), "on_behalf_of": principal}
            getattr(commands, how)(actor=world[who], reason="So.", **named)
    project = accounts.project(world, world.players["scientist"].person, world.players["owner"].account)
    wanted = draft(world.personal, world.purposes["pay"], project_id=project.uid)
    of_project = asked(world["scientist"], wanted)
    for how in HOW[:3]:
        with pytest.raises(NotPermitted), transaction.atomic():
            getattr(commands, how)(actor=world["owner"], reason="So.", **seen(of_project))
    assert not Verdict.objects.filter(revision__request__in=[request, of_project]).exists()


def verdicts_are_of_distinct_people(world: AccessWorld, patch: pytest.MonkeyPatch) -> None:
    """2. Of two yeses that a stage needs no person stands behind both, themselves or by a delegation."""
    lay_out(patch, owners(count=2))
    dice = random.Random(2)
    for delegator, delegate in permutations(OWNERS, 2):
        with undone():
            delegated(world, delegator, delegate)
            request = personal(world)
            order = dice.sample(OWNERS, 3)
            for who in (delegate, *order):
                principal = world.players[delegator].person.uid if who == delegate else None
                tried(commands.approve_request, world, who, request, on_behalf_of=principal)
            given = Verdict.objects.filter(revision__request=request)
            behind = Counter(given.values_list("person", flat=True))
            behind.update(each for each in given.values_list("on_behalf_of", flat=True) if each)
            assert max(behind.values()) == 1, behind
            assert given.exists()


def only_what_was_read_counts(world: AccessWorld, patch: pytest.MonkeyPatch) -> None:
    """3. Every mixture of revision and evaluation but the newest of both is stale."""
    request = personal(world)
    wanted = draft(world.personal, world.purposes["pay"], ends_on=in_days(20))
    readings = [seen(request)]
    commands.amend_request(actor=world["scientist"], request_id=request.uid, draft=wanted)
    readings.append(seen(request))
    for revision, decision in product(readings, readings):
        named = {**revision, "decision_id": decision["decision_id"]}
        if named != readings[-1]:
            with pytest.raises(StaleVersion), transaction.atomic():
                commands.approve_request(actor=world["owner"], **named)
    commands.approve_request(actor=world["owner"], **readings[-1])
    verdict = Verdict.objects.get(revision__request=request)
    assert verdict.revision_sha256 == readings[-1]["revision_sha256"]
    assert verdict.decision.uid == readings[-1]["decision_id"]


def a_pending_extension_prolongs_nothing(world: AccessWorld, patch: pytest.MonkeyPatch) -> None:
    """8. At no moment does a grant give more for an extension that is drafted, sent or half decided."""
    request = approved(personal(world), world["owner"], world["officer"])
    grant = Grant.objects.get(revision=request.revision)
    moments = [grant.not_after + step for step in (-MOMENT, timedelta(0), MOMENT, timedelta(days=9))]
    before = [why_no_key(world, grant, moment) for moment in moments]
    assert [errors.GRANT_OVER in found for found in before] == [False, True, True, True]
    extension = commands.extend_grant(actor=world["scientist"], grant_id=grant.uid)
    assert [why_no_key(world, grant, moment) for moment in moments] == before
    commands.submit_request(actor=world["scientist"], request_id=extension.uid)
    commands.approve_request(actor=world["owner"], **seen(extension))
    assert fresh(extension).state == "in_review"
    assert [why_no_key(world, grant, moment) for moment in moments] == before


def the_trail_tells_every_state(world: AccessWorld, patch: pytest.MonkeyPatch) -> None:
    """14. Whatever was done, the states read off the trail are those that are stored, each told once."""
    owner, officer, scientist = world["owner"], world["officer"], world["scientist"]
    returned = personal(world)
    commands.return_request(actor=owner, reason="Say more.", **seen(returned))
    shorter = draft(world.personal, world.purposes["pay"], ends_on=in_days(20))
    commands.change_request(actor=scientist, request_id=returned.uid, draft=shorter)
    commands.submit_request(actor=scientist, request_id=returned.uid)
    approved(returned, owner, officer)
    rejected, withdrawn = personal(world), personal(world)
    commands.reject_request(actor=owner, reason="No.", **seen(rejected))
    commands.withdraw_request(actor=scientist, request_id=withdrawn.uid)
    revoked, given_back, expired = granted(world), granted(world), granted(world, starts_on=in_days(3))
    commands.revoke_grant(actor=owner, grant_id=revoked.uid, comment="A breach.")
    commands.give_back_grant(actor=scientist, grant_id=given_back.uid)
    commands.activate_grant(actor=SYSTEM, grant_id=expired.uid, at=expired.not_before)
    commands.expire_grant(actor=SYSTEM, grant_id=expired.uid, at=expired.not_after)
    tried(commands.withdraw_request, world, "scientist", returned, reads=False)
    assert replayed() == stored()


def what_the_trail_does_not_take_does_not_happen(world: AccessWorld, patch: pytest.MonkeyPatch) -> None:
    """14. An entry is of one transaction with what it tells of."""

    def full(event: Any, **given: Any) -> None:
        raise OSError("no space left")

    grant, request = granted(world), personal(world)
    patch.setattr("apps.access.commands.grants.record", full)
    patch.setattr("apps.access.commands.requests.record", full)
    with pytest.raises(OSError):
        commands.revoke_grant(actor=world["owner"], grant_id=grant.uid, comment="A breach.")
    with pytest.raises(OSError):
        commands.withdraw_request(actor=world["scientist"], request_id=request.uid)
    assert Grant.objects.get(pk=grant.pk).state == "active"
    assert fresh(request).state == "in_review"


def replayed() -> dict[UUID, str]:
    """The states that the trail tells, and nothing else."""
    told: dict[UUID, list[str]] = {}
    for each in AuditEvent.objects.filter(outcome=Outcome.DONE, name__startswith="access.").order_by("pk"):
        state = STATE_AFTER.get(each.name)
        if state and each.subject_uid:
            told.setdefault(each.subject_uid, []).append(state)
    assert all(one != after for states in told.values() for one, after in pairwise(states))
    return {uid: states[-1] for uid, states in told.items()}


def stored() -> dict[UUID, str]:
    born = {"draft", "scheduled"}
    born_active = set(
        AuditEvent.objects.filter(name="access.grant.activated").values_list("subject_uid", flat=True)
    )
    grants = Grant.objects.exclude(state="active") | Grant.objects.filter(uid__in=born_active)
    found = {**dict(Request.objects.values_list("uid", "state")), **dict(grants.values_list("uid", "state"))}
    return {uid: state for uid, state in found.items() if state not in born}


def why_no_key(world: AccessWorld, grant: Grant, at: datetime) -> list[str]:
    """What the command that issues keys answers at that moment; the asset lies in no lake."""
    with undone():
        try:
            issuing.reserve_lease(actor=world["scientist"], grant_id=grant.uid, idempotency_key="", at=at)
        except LakewardenError as refusal:
            return [reason.code for reason in refusal.reasons]
    return []


def tried(
    act: Callable[..., Any],
    world: AccessWorld,
    who: str,
    request: Request,
    *,
    reads: bool = True,
    **given: Any,
) -> None:
    """What is refused is not done; the property looks at what was."""
    named = seen(request) if reads else {"request_id": request.uid}
    try:
        act(actor=world[who], **named, **given)
    except LakewardenError:
        return


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is rolled back."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


# How each guard is taken away


def anybody_may(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(seats, "eligibility", lambda candidate, stage, parties: ())


def nobody_fills_a_slot(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(seats, "_fillers", lambda slots: frozenset())


def whatever_was_read(patch: pytest.MonkeyPatch) -> None:
    def newest(revision: Any, _sha256: str, _decision_id: UUID) -> Decision:
        return current_decision(revision)

    patch.setattr(verdicts, "_seen", newest)


def nothing_is_taken_back(patch: pytest.MonkeyPatch) -> None:
    """What a command did before it failed stays."""
    patch.setattr(command, "transaction", SimpleNamespace(atomic=nullcontext))


def an_extension_counts(patch: pytest.MonkeyPatch) -> None:
    """Where keys are issued, a grant ends when what was asked to carry it on would."""
    honest: Any = issuing.why_not_effective  # type: ignore[attr-defined]

    def generous(grant: Grant, *, at: datetime) -> Any:
        if Request.objects.filter(extends=grant, state="in_review").exists():
            grant.not_after += timedelta(days=365)
        return honest(grant, at=at)

    patch.setattr(issuing, "why_not_effective", generous)


def a_revocation_is_not_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("apps.access.commands.grants.record", lambda event, **given: None)


@dataclass(frozen=True, kw_only=True)
class Invariant:
    holds: Callable[[AccessWorld, pytest.MonkeyPatch], None]
    without: Callable[[pytest.MonkeyPatch], None]


INVARIANTS: dict[int | str, Invariant] = {
    1: Invariant(holds=no_party_decides, without=anybody_may),
    2: Invariant(holds=verdicts_are_of_distinct_people, without=nobody_fills_a_slot),
    3: Invariant(holds=only_what_was_read_counts, without=whatever_was_read),
    8: Invariant(holds=a_pending_extension_prolongs_nothing, without=an_extension_counts),
    14: Invariant(holds=the_trail_tells_every_state, without=a_revocation_is_not_told),
    "14, of one transaction": Invariant(
        holds=what_the_trail_does_not_take_does_not_happen, without=nothing_is_taken_back
    ),
}


@pytest.mark.parametrize("number", INVARIANTS)
def test_an_invariant_holds(number: int | str, world: AccessWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    INVARIANTS[number].holds(world, monkeypatch)


@pytest.mark.parametrize("number", INVARIANTS)
def test_without_its_guard_an_invariant_is_seen_to_fail(
    number: int | str, world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The controls. Where the database would refuse as well, its refusal shows that the guard is gone."""
    INVARIANTS[number].without(monkeypatch)
    with pytest.raises((AssertionError, IntegrityError, pytest.fail.Exception)):
        INVARIANTS[number].holds(world, monkeypatch)
