"""Keys are taken while their grant is revoked. Once the revocation is acknowledged none of them works.

Between reservation and confirmation no lock is held, so both orders happen: keys that were handed out and had
to be cut, and keys that were made too late and never left the portal. The control takes the locks away.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from apps.access.commands import resume_grant
from apps.access.facts import Ask
from apps.access.models import Grant
from apps.access.queries import Answer
from apps.credentials.commands import Credential, cut_grant, halt_grant, issuing, take_credential
from apps.credentials.lifecycle import LeaseState
from apps.credentials.models import Lease
from apps.credentials.tasks import reap
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidState
from apps.lakes.commands import change_lake
from tests.credentials.doubles import KeyCabinet, stand_in
from tests.eventually import eventually
from tests.factories import lakes
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.races.crowd import Crowd, Outcome, crowd_of, names, unexpected

pytestmark = pytest.mark.races

TAKERS = 7
DATASETS = 20
REAL_ROUNDS = 25
CONTROL_ROUNDS = 40
SUSPENSION_ROUNDS = 40
ROUNDS_A_ROLE = 4  # a role has room for about fifty revocations
WAIT_SECONDS = 30


@pytest.fixture
def crowd(transactional_db: None) -> Iterator[Crowd]:
    """Seven who take keys and one who revokes."""
    with crowd_of(TAKERS + 1) as clients:
        yield clients


@pytest.fixture
def policy_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """All rounds put the same question, when a key is reserved and when it is confirmed; asking it thousands
    of times is no part of the race. Whether the grant gives its right is looked at as ever."""
    said: list[Answer] = []
    ask, lock = issuing.answer, threading.Lock()

    def answered(put: Ask, *, at: datetime) -> Answer:
        with lock:
            said[:] = said or [ask(put, at=at)]
            return said[0]

    monkeypatch.setattr(issuing, "answer", answered)


def grants_for(place: Place, rounds: int) -> list[Grant]:
    """One for each round; requested for many datasets at a time, for that is quicker."""
    assets = [lakes.dataset(place, f"race/{number}/") for number in range(min(DATASETS, rounds))]
    while Grant.objects.count() < rounds:
        lakes.ask(place, *assets)
    return list(Grant.objects.order_by("pk")[:rounds])


@dataclass
class Round:
    """One grant: who takes, who revokes, and what was seen to work after the acknowledgement."""

    place: Place
    grant: Grant
    works: Callable[[Credential], bool]
    end: Callable[..., Grant] = cut_grant
    may_revoke: threading.Event = field(default_factory=threading.Event)
    is_acknowledged: threading.Event = field(default_factory=threading.Event)
    handed_out: list[Credential] = field(default_factory=list)
    alive: list[UUID] = field(default_factory=list)

    def take(self) -> Credential:
        taken = take_credential(actor=self.place.scientist.actor, grant_id=self.grant.uid)
        self.handed_out.append(taken)
        if self.is_acknowledged.is_set():
            self._look(taken)
        return taken

    def revoke(self) -> None:
        assert self.may_revoke.wait(WAIT_SECONDS)
        self.end(actor=self.place.owner.actor, grant_id=self.grant.uid, comment="Needed no more.")
        self.is_acknowledged.set()
        for taken in list(self.handed_out):
            self._look(taken)

    def run(self, crowd: Crowd) -> list[Outcome]:
        outcomes = crowd.at_once([*[self.take] * TAKERS, self.revoke])
        for taken in self.handed_out:
            self._look(taken)
        return outcomes

    def _look(self, taken: Credential) -> None:
        if self.works(taken):
            self.alive.append(taken.lease.uid)


def reaped() -> bool:
    reap()
    return not Lease.objects.filter(state="revoke_requested").exists()


def left_open(grant: Grant) -> list[str]:
    over = ("revoked", "failed", "expired")
    return list(Lease.objects.filter(grant=grant).exclude(state__in=over).values_list("state", flat=True))


def run_in_cabinet(
    place: Place,
    grant: Grant,
    number: int,
    crowd: Crowd,
    cabinet: KeyCabinet,
    end: Callable[..., Grant] = cut_grant,
) -> tuple[Round, list[Outcome]]:
    """The revocation begins at once; when one key or three have been made; or while the provider is at work.

    In the last case the provider answers only after the revocation was acknowledged.
    """
    each = Round(place=place, grant=grant, end=end, works=lambda taken: cabinet.works(taken.lease.uid))
    calls, lock = Counter[str](), threading.Lock()

    def seen(what: str, enough: int) -> None:
        with lock:
            calls[what] += 1
            if calls[what] == enough:
                each.may_revoke.set()

    def be_slow(_spec: object) -> None:
        seen("asked", enough=3)
        assert each.is_acknowledged.wait(WAIT_SECONDS)

    cabinet.before_issue = be_slow if number % 4 == 3 else lambda _spec: None
    cabinet.after_issue = lambda _spec: seen("made", enough=(0, 1, 3, 0)[number % 4])
    if number % 4 == 0:
        each.may_revoke.set()
    return each, each.run(crowd)


def test_after_a_revocation_no_key_works_and_none_is_handed_out(
    crowd: Crowd, rounds: int, monkeypatch: pytest.MonkeyPatch, policy_says_the_same: None
) -> None:
    cabinet = KeyCabinet()
    stand_in(monkeypatch, cabinet)
    place = lakes.place()
    handed_out = discarded = 0
    for number, grant in enumerate(grants_for(place, rounds)):
        each, outcomes = run_in_cabinet(place, grant, number, crowd, cabinet)
        assert unexpected(outcomes, InvalidState) == []
        assert outcomes[-1].name == "done"
        assert each.alive == []
        if number % 10 == 0:
            with pytest.raises(InvalidState):
                take_credential(actor=place.scientist.actor, grant_id=grant.uid)
        handed_out += len(each.handed_out)
        refused = [one.error.code for one in outcomes if isinstance(one.error, InvalidState)]
        discarded += refused.count("REVOKED_MEANWHILE")
    assert not Lease.objects.filter(state__in=("intent", "issued")).exists()
    eventually(reaped, within=WAIT_SECONDS + rounds / 5)  # every round leaves it some to end
    assert cabinet.keys == {}
    assert set(cabinet.issued) <= set(cabinet.told_to_revoke)
    assert not Lease.objects.exclude(state__in=("revoked", "failed")).exists()
    assert handed_out > 0
    assert discarded > 0


def test_after_a_suspension_no_key_works_and_none_comes_back_when_the_grant_goes_on(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch, policy_says_the_same: None
) -> None:
    cabinet = KeyCabinet()
    stand_in(monkeypatch, cabinet)
    place = lakes.place()
    handed_out = 0
    for number, grant in enumerate(grants_for(place, SUSPENSION_ROUNDS)):
        each, outcomes = run_in_cabinet(place, grant, number, crowd, cabinet, end=halt_grant)
        assert unexpected(outcomes, InvalidState) == []
        assert each.alive == []
        handed_out += len(each.handed_out)
        if number % 10 == 0:
            resume_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Looked into.")
            assert [taken for taken in each.handed_out if cabinet.works(taken.lease.uid)] == []
            take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    assert handed_out > 0


def test_after_a_revocation_no_key_works_at_the_real_lake(
    crowd: Crowd, lake: DemoLake, is_long: bool
) -> None:
    place = lakes.place(lake)
    rounds = REAL_ROUNDS * (4 if is_long else 1)
    for number in range(min(DATASETS, rounds)):
        lake.put(BUCKET, f"race/{number}/part.csv", b"content")

    def works(taken: Credential) -> bool:
        client = lake.session_client(taken.secret.reveal())
        scope = taken.lease.scopes.get()
        try:
            client.get_object(Bucket=scope.bucket, Key=f"{scope.prefix}part.csv")
        except client.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied"
            return False
        return True

    handed_out = 0
    for number, grant in enumerate(grants_for(place, rounds)):
        if number % ROUNDS_A_ROLE == 0:
            role = f"arn:aws:iam::000000000000:role/race-{number}"
            lake.prepare_role(lake.connection(role_arn=role))
            change_lake(actor=SYSTEM, lake_id=place.lake.uid, role_arn=role)
        each = Round(place=place, grant=grant, works=works)
        if number % 2:
            first = take_credential(actor=place.scientist.actor, grant_id=grant.uid)
            assert works(first)
            each.handed_out.append(first)
        each.may_revoke.set()
        outcomes = each.run(crowd)
        assert unexpected(outcomes, InvalidState) == []
        assert outcomes[-1].name == "done"
        assert each.alive == []
        handed_out += len(each.handed_out)
        reap()
        assert left_open(grant) == []
    assert handed_out >= rounds // 2


def test_without_locks_keys_survive_their_grant(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch, without_locks: None
) -> None:
    """The control: a confirmation that waits for nobody hands out keys of a revoked grant."""
    cabinet = KeyCabinet()
    stand_in(monkeypatch, cabinet)
    place = lakes.place()
    violations = 0
    for number, grant in enumerate(grants_for(place, CONTROL_ROUNDS)):
        each, outcomes = run_in_cabinet(place, grant, number, crowd, cabinet)
        open_leases = Lease.objects.filter(grant=grant, state__in=("intent", "issued")).count()
        violations += bool(each.alive or open_leases or unexpected(outcomes, InvalidState))
        if violations:
            break
    assert violations > 0


def test_without_the_check_at_confirmation_keys_survive_their_grant(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other control: locks stand, but the confirmation looks at nothing."""

    def hand_out_anyway(*, lease_id: UUID, **_checked: Any) -> Lease:
        lease = Lease.objects.get(uid=lease_id)
        lease.state = LeaseState.ISSUED
        return lease

    cabinet = KeyCabinet()
    stand_in(monkeypatch, cabinet)
    monkeypatch.setattr(issuing, "confirm_lease", hand_out_anyway)
    place = lakes.place()
    alive = 0
    for number, grant in enumerate(grants_for(place, CONTROL_ROUNDS)):
        each, outcomes = run_in_cabinet(place, grant, number, crowd, cabinet)
        assert names(outcomes)["done"] >= 1
        alive += len(each.alive)
        if alive:
            break
    assert alive > 0
