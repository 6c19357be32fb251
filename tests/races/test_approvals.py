"""Many people decide one request at once. One verdict fills the one slot, and there is one grant.

The control takes the row locks away and must see more than one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count

from apps.access import commands
from apps.access.models import Grant, Request, Verdict
from apps.access.queries import current_decision
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidState, NotPermitted, StaleVersion
from tests.factories import lakes
from tests.factories.accounts import player
from tests.factories.lakes import Place
from tests.races.crowd import Crowd, Outcome, crowd_of, names, unexpected

pytestmark = pytest.mark.races

LOSERS = (InvalidState, NotPermitted, StaleVersion)
CONTROL_ROUNDS = 25


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A request in review, as everybody has read it."""

    request_id: UUID
    sha256: str
    decision_id: UUID

    def verdict(self, decide: Callable[..., Any], actor: Actor, reason: str = "Fits.") -> Callable[[], Any]:
        return partial(
            decide,
            actor=actor,
            request_id=self.request_id,
            revision_sha256=self.sha256,
            decision_id=self.decision_id,
            reason=reason,
        )


@pytest.fixture
def crowd(transactional_db: None, is_long: bool) -> Iterator[Crowd]:
    with crowd_of(16 if is_long else 8) as clients:
        yield clients


@dataclass(frozen=True, kw_only=True)
class Court:
    """A dataset whose class asks for one verdict of its owner, and as many owners as there are clients."""

    place: Place
    owners: list[Actor]

    def waiting(self, count: int) -> list[Waiting]:
        asset = lakes.dataset(self.place, None, sensitivity="confidential")
        made = []
        for _ in range(count):
            request = lakes.ask(self.place, asset)
            revision = request.revision
            assert revision is not None
            decision = current_decision(revision)
            made.append(Waiting(request_id=request.uid, sha256=revision.sha256, decision_id=decision.uid))
        return made


@pytest.fixture
def court(crowd: Crowd) -> Court:
    place = lakes.place()
    owners = [player(place.organization, Role.OWNER).actor for _ in range(crowd.size)]
    return Court(place=place, owners=owners)


def grants_by_request() -> dict[UUID, int]:
    counted = Grant.objects.values("revision__request__uid").annotate(count=Count("pk"))
    return {row["revision__request__uid"]: row["count"] for row in counted}


def test_one_of_many_approvals_wins(court: Court, crowd: Crowd, rounds: int) -> None:
    waiting = court.waiting(rounds)
    outcomes: list[Outcome] = []
    for each in waiting:
        got = crowd.at_once([each.verdict(commands.approve_request, owner) for owner in court.owners])
        assert names(got)["done"] == 1
        assert unexpected(got, *LOSERS) == []
        outcomes += got
    assert grants_by_request() == {each.request_id: 1 for each in waiting}
    assert Verdict.objects.count() == rounds
    assert AuditEvent.objects.filter(name="access.grant.created").count() == rounds
    assert AuditEvent.objects.filter(outcome="refused").count() == rounds * (crowd.size - 1)


def test_one_outcome_of_approving_rejecting_and_withdrawing_at_once(
    court: Court, crowd: Crowd, rounds: int
) -> None:
    waiting = court.waiting(rounds // 2)
    seen: set[str] = set()
    for number, each in enumerate(waiting):
        owners = court.owners[number % crowd.size :] + court.owners[: number % crowd.size]
        calls = [
            each.verdict((commands.approve_request, commands.reject_request)[place % 2], owner)
            for place, owner in enumerate(owners)
        ]
        withdraw = partial(
            commands.withdraw_request, actor=court.place.scientist.actor, request_id=each.request_id
        )
        calls[number % crowd.size] = withdraw
        got = crowd.at_once(calls)
        assert names(got)["done"] == 1
        assert unexpected(got, *LOSERS) == []
        request = Request.objects.get(uid=each.request_id)
        verdicts = Verdict.objects.filter(revision__request=request).count()
        grants = Grant.objects.filter(revision__request=request).count()
        seen.add(request.state)
        assert (verdicts, grants) == {"approved": (1, 1), "rejected": (1, 0), "withdrawn": (0, 0)}[
            request.state
        ]
    assert {"approved", "rejected"} <= seen


def test_without_locks_the_race_is_lost(court: Court, crowd: Crowd, without_locks: None) -> None:
    """The control. The database's own constraints are the second line; they show as broken ones."""
    violations = 0
    for each in court.waiting(CONTROL_ROUNDS):
        owners = court.owners
        calls = [
            each.verdict((commands.approve_request, commands.reject_request)[place % 2], owner)
            for place, owner in enumerate(owners)
        ]
        got = crowd.at_once(calls)
        violations += names(got)["done"] != 1 or bool(unexpected(got, *LOSERS))
        if violations:
            break
    assert violations > 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_grant GROUP BY revision_id HAVING count(*) > 1")
        assert cursor.fetchall() == []
