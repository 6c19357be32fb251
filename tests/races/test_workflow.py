"""Everything that ends a request or a grant, at once: verdicts, withdrawal, amendment, expiry, revocation.

The request asks to carry on the very grant that ends meanwhile. Whatever the order: one outcome each, no
second grant, no deadlock. The control takes the row locks away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from apps.access import commands
from apps.access.commands import ItemDraft, RequestDraft
from apps.access.models import Grant, Request, Suspension, Verdict
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent, Outcome
from apps.catalog.models import Asset
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import InvalidState, NotPermitted, StaleVersion
from tests.factories import lakes
from tests.factories.access import seen
from tests.factories.accounts import player
from tests.factories.lakes import Place
from tests.races.crowd import Crowd, crowd_of, names, unexpected

pytestmark = pytest.mark.races

LOSERS = (InvalidState, NotPermitted, StaleVersion)
ENDS = {f"access.request.{end}" for end in ("approved", "rejected", "withdrawn")}
ENDS |= {f"access.grant.{end}" for end in ("revoked", "expired", "superseded")}
CONTROL_ROUNDS = 25
AT_A_TIME = 20  # datasets asked for by one request, so that its approval makes as many grants

Call = Callable[[], Any]


@pytest.fixture
def crowd(transactional_db: None, is_long: bool) -> Iterator[Crowd]:
    with crowd_of(16 if is_long else 8) as clients:
        yield clients


@dataclass(frozen=True, kw_only=True)
class Round:
    """A grant that runs, and the request to carry it on, in review at its one stage."""

    grant: Grant
    request: Request
    reading: dict[str, Any]

    def fates(self, court: Court) -> list[Call]:
        """As many as there are clients; of the request, exactly one of those that end it happens."""
        scientist, owners = court.place.scientist.actor, iter(court.owners)
        verdict, of_request = {**self.reading, "reason": "So."}, {"request_id": self.request.uid}
        of_grant, over = {"grant_id": self.grant.uid}, self.grant.not_after
        calls: list[Call] = []
        for _ in range(len(court.owners) // 8):
            calls += [
                partial(commands.approve_request, actor=next(owners), **verdict),
                partial(commands.suspend_grant, actor=next(owners), comment="A breach?", **of_grant),
                partial(commands.reject_request, actor=next(owners), **verdict),
                partial(commands.expire_grant, actor=SYSTEM, at=over, **of_grant),
                partial(commands.withdraw_request, actor=scientist, **of_request),
                partial(commands.revoke_grant, actor=next(owners), comment="A breach.", **of_grant),
                partial(commands.amend_request, actor=scientist, draft=self._longer(), **of_request),
                partial(commands.approve_request, actor=next(owners), **verdict),
            ]
        return calls

    def approvals(self, court: Court) -> list[Call]:
        return [partial(commands.approve_request, actor=owner, **self.reading) for owner in court.owners]

    def _longer(self) -> RequestDraft:
        return RequestDraft(
            items=[ItemDraft(asset_id=self.grant.asset.uid)],
            purpose_id=self.grant.purpose.uid,
            actions=self.grant.actions,
            ends_on=(self.grant.not_after + timedelta(days=9)).date(),
            place_of_processing="DE",
            justification="For a week longer.",
        )

    def run(self, crowd: Crowd, calls: list[Call]) -> list[str]:
        """Everybody at once; what then contradicts that there is one outcome each, and a grant for a yes."""
        outcomes = crowd.at_once(calls)
        request = Request.objects.get(pk=self.request.pk)
        grant = Grant.objects.get(pk=self.grant.pk)
        entries = AuditEvent.objects.filter(subject_uid__in=[request.uid, grant.uid])
        told = Counter(entries.values_list("outcome", "subject_uid", "name"))
        ends = {name: count for (_, _, name), count in told.items() if name in ENDS}
        refused = sum(count for (outcome, _, _), count in told.items() if outcome == Outcome.REFUSED)
        stored = {f"access.request.{request.state}", f"access.grant.{grant.state}"} - {"access.grant.active"}
        decided = request.state in {"approved", "rejected"}
        tests = {
            "nobody meets anything but a refusal": unexpected(outcomes, *LOSERS) == [],
            "each refusal is on the trail": refused == len(outcomes) - names(outcomes)["done"],
            "each has one end, told once, the one that is stored": ends == dict.fromkeys(stored, 1),
            "one verdict where one decided": Verdict.objects.filter(revision__request=request).count()
            == decided,
            "a grant for an approval": Grant.objects.filter(revision__request=request).count()
            == (request.state == "approved"),
            "one suspension at most": Suspension.objects.filter(grant=grant).count() <= 1,
        }
        return [said for said, holds in tests.items() if not holds]


@dataclass(frozen=True, kw_only=True)
class Court:
    """Datasets whose class asks for one verdict of an owner, and as many owners as there are clients."""

    place: Place
    owners: list[Actor]
    assets: list[Asset]

    def rounds(self, count: int) -> Iterator[Round]:
        """One for each grant; requested for many datasets at a time, for that is quicker."""
        for first in range(0, count, AT_A_TIME):
            request = lakes.ask(self.place, *self.assets)
            lakes.approve(request, self.place.owner.actor)
            grants = Grant.objects.filter(revision=request.revision).select_related("asset", "purpose")
            for grant in grants[: count - first]:
                yield self._round(grant)

    def _round(self, grant: Grant) -> Round:
        scientist = self.place.scientist.actor
        request = commands.extend_grant(actor=scientist, grant_id=grant.uid)
        sent = commands.submit_request(actor=scientist, request_id=request.uid)
        assert sent.state == "in_review"
        return Round(grant=grant, request=sent, reading=seen(sent))


@pytest.fixture
def court(crowd: Crowd) -> Court:
    place = lakes.place()
    owners = [player(place.organization, Role.OWNER).actor for _ in range(crowd.size)]
    assets = [lakes.dataset(place, None, sensitivity="confidential") for _ in range(AT_A_TIME)]
    return Court(place=place, owners=owners, assets=assets)


def test_one_outcome_each_of_everything_at_once(court: Court, crowd: Crowd, rounds: int) -> None:
    """Each time somebody else is first."""
    outcomes: Counter[str] = Counter()
    for number, each in enumerate(court.rounds(rounds)):
        calls = each.fates(court)
        turn = number % len(calls)
        assert each.run(crowd, calls[turn:] + calls[:turn]) == []
        outcomes[Request.objects.get(pk=each.request.pk).state] += 1
        outcomes[Grant.objects.get(pk=each.grant.pk).state] += 1
    assert {"approved", "rejected", "withdrawn", "revoked", "expired"} <= outcomes.keys(), outcomes
    assert not doubles()


def test_one_of_many_approvals_wins(court: Court, crowd: Crowd, rounds: int) -> None:
    for each in court.rounds(rounds // 5):
        calls = each.approvals(court)
        assert each.run(crowd, calls) == []
        assert Request.objects.get(pk=each.request.pk).state == "approved"
    assert not doubles()


def test_without_locks_something_ends_twice(court: Court, crowd: Crowd, without_locks: None) -> None:
    """The control. Constraints of the database are the second line; they show as broken ones."""
    rounds = court.rounds(CONTROL_ROUNDS)
    assert any(each.run(crowd, each.fates(court)) for each in rounds)
    assert not doubles()


def doubles() -> list[Any]:
    """Revisions of which somebody has two grants on one asset: never, with locks or without."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM access_grant GROUP BY revision_id, asset_id HAVING count(*) > 1")
        return cursor.fetchall()
