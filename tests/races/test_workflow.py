"""Everything that ends a request or a grant, at once: verdicts, withdrawal, amendment, revocation, expiry.

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

from apps.access import commands
from apps.access.commands import ItemDraft, RequestDraft
from apps.access.models import Grant, Request
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent, Outcome
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import InvalidState, NotPermitted, StaleVersion
from tests.factories import lakes
from tests.factories.access import seen
from tests.factories.accounts import player
from tests.factories.lakes import Place
from tests.races.crowd import Crowd, crowd_of, unexpected

pytestmark = pytest.mark.races

LOSERS = (InvalidState, NotPermitted, StaleVersion)
ENDS_OF_REQUEST = {f"access.request.{end}" for end in ("approved", "rejected", "withdrawn")}
ENDS_OF_GRANT = {f"access.grant.{end}" for end in ("revoked", "given_back", "expired")}
CI_ROUNDS, CONTROL_ROUNDS = 60, 25


@pytest.fixture
def crowd(transactional_db: None, is_long: bool) -> Iterator[Crowd]:
    with crowd_of(16 if is_long else 8) as clients:
        yield clients


@dataclass(frozen=True, kw_only=True)
class Round:
    """A grant that runs, and the request to carry it on, in review at its one stage."""

    place: Place
    owners: list[Actor]
    grant: Grant
    request: Request

    @property
    def calls(self) -> list[Callable[[], Any]]:
        scientist, owners = self.place.scientist.actor, self.owners
        reading, request_id = seen(self.request), self.request.uid
        verdict = {**reading, "reason": "So."}
        of_grant = {"grant_id": self.grant.uid}
        over = self.grant.not_after
        return [
            partial(commands.approve_request, actor=owners[0], **verdict),
            partial(commands.revoke_grant, actor=owners[1], comment="A breach.", **of_grant),
            partial(commands.reject_request, actor=owners[2], **verdict),
            partial(commands.expire_grant, actor=SYSTEM, at=over, **of_grant),
            partial(commands.withdraw_request, actor=scientist, request_id=request_id),
            partial(commands.give_back_grant, actor=scientist, **of_grant),
            partial(commands.amend_request, actor=scientist, request_id=request_id, draft=self._longer()),
            partial(commands.approve_request, actor=owners[3], **verdict),
        ]

    def _longer(self) -> RequestDraft:
        return RequestDraft(
            items=[ItemDraft(asset_id=self.grant.asset.uid)],
            purpose_id=self.grant.purpose.uid,
            actions=self.grant.actions,
            ends_on=(self.grant.not_after + timedelta(days=9)).date(),
            place_of_processing="DE",
            justification="For a week longer.",
        )

    def run(self, crowd: Crowd, number: int) -> list[Exception]:
        """Everybody at once, each time with somebody else first; the errors that nobody expects."""
        calls = self.calls * (crowd.size // 8)
        turn = number % len(calls)
        return unexpected(crowd.at_once([*calls[turn:], *calls[:turn]]), *LOSERS)

    def told(self, about: Request | Grant, among: set[str]) -> list[str]:
        done = AuditEvent.objects.filter(subject_uid=about.uid, outcome=Outcome.DONE, name__in=among)
        return [name.rpartition(".")[2] for name in done.values_list("name", flat=True)]


def rounds_of(count: int) -> Iterator[Round]:
    place = lakes.place()
    owners = [player(place.organization, Role.OWNER).actor for _ in range(4)]
    asset = lakes.dataset(place, None, sensitivity="confidential")
    for _ in range(count):
        grant = lakes.grant(place, asset)
        yield Round(place=place, owners=owners, grant=grant, request=_extension(place, grant))


def _extension(place: Place, grant: Grant) -> Request:
    scientist = place.scientist.actor
    request = commands.extend_grant(actor=scientist, grant_id=grant.uid)
    sent: Request = commands.submit_request(actor=scientist, request_id=request.uid)
    assert sent.state == "in_review"
    return sent


def faults_of(each: Round) -> list[str]:
    """What contradicts that there is one outcome each and no grant but of an approval."""
    request = Request.objects.get(pk=each.request.pk)
    grant = Grant.objects.get(pk=each.grant.pk)
    ends, grant_ends = each.told(request, ENDS_OF_REQUEST), each.told(grant, ENDS_OF_GRANT)
    made = Grant.objects.filter(revision__request=request).count()
    stays = request.state == "in_review" and ends == []
    tests = {
        "one outcome of the request, and the one that is stored": ends == [request.state] or stays,
        "one end of the grant, and the one that is stored": grant_ends == [grant.state],
        "a grant for an approval and for nothing else": made == (request.state == "approved"),
        "open only where it was amended, or its grant taken": not stays
        or grant.state in {"revoked", "given_back"}
        or request.revisions.count() > 1,
    }
    return [said for said, holds in tests.items() if not holds]


def test_one_outcome_each_of_everything_at_once(crowd: Crowd, rounds: int, is_long: bool) -> None:
    outcomes: Counter[str] = Counter()
    for number, each in enumerate(rounds_of(rounds if is_long else CI_ROUNDS)):
        assert each.run(crowd, number) == []
        assert faults_of(each) == []
        outcomes[Request.objects.get(pk=each.request.pk).state] += 1
        outcomes[Grant.objects.get(pk=each.grant.pk).state] += 1
    assert len(outcomes) >= 4, outcomes


def test_without_locks_something_ends_twice(crowd: Crowd, without_locks: None) -> None:
    """The control. Constraints of the database are the second line; they show as broken ones."""
    for number, each in enumerate(rounds_of(CONTROL_ROUNDS)):
        if each.run(crowd, number) or faults_of(each):
            return
    pytest.fail("Nothing ended twice.")
