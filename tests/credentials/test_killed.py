"""Whoever gives a key, or ends one, is killed in the middle of it. Then the reaper runs: no key works
that nobody knows, and no revocation is lost.

What is killed is a process, by SIGKILL; the provider, the database and their memory of what was said live on.
The control writes the intent down together with the outcome, and leaves a key that nobody knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from apps.access.models import Grant
from apps.audit import tasks
from apps.audit.models import AuditDelivery
from apps.credentials.commands import cut_grant, issuing, reserve_lease, revoke_lease, take_credential
from apps.credentials.events import LeaseIssued, LeaseRevoked, LeaseRevokeRequested
from apps.credentials.models import Lease
from apps.credentials.tasks import INTENT_MAY_TAKE, reap
from apps.kernel.clock import database_now
from apps.lakes.providers.contract import CredentialSpec, Issued, LeaseHandle, Revoked
from apps.lakes.providers.s3 import S3Provider
from tests.credentials.doubles import KeyCabinet, stand_in
from tests.credentials.faults import INSIDE, HoursLater
from tests.credentials.killed import Shelf, Step, die, dies_at, killed
from tests.factories import lakes
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import is_denied

pytestmark = pytest.mark.django_db(transaction=True)

ISSUING, ENDING, REAPING = (
    "apps.credentials.commands.issuing",
    "apps.credentials.commands.ending",
    "apps.credentials.tasks",
)
OF_AN_ISSUE = {
    "the intent is committed, nobody is asked": Step(hook="before_issue"),
    "the key is made, the provider has not answered": Step(hook="after_issue"),
    "the provider answered, nothing is confirmed": Step(function=f"{ISSUING}.confirm_lease"),
    "the confirmation is written, not committed": Step(function=ISSUING, event=LeaseIssued),
    "the confirmation is committed, nothing is handed out": Step(
        function=f"{ISSUING}.confirm_lease", comes_after=True
    ),
}
MADE_NO_KEY = "the intent is committed, nobody is asked"
CONFIRMED = "the confirmation is committed, nothing is handed out"
OF_A_REVOCATION = {
    "the grant is revoked, of its keys nothing is said": Step(function=f"{ENDING}.cut_keys"),
    "the revocation is written, not committed": Step(function=ENDING, event=LeaseRevokeRequested),
    "the revocation is committed, nobody is told": Step(hook="before_revoke"),
    "the provider revoked it, nobody looked whether it did": Step(hook="before_read_back"),
    "the provider revoked it, nothing is written": Step(function=f"{ENDING}.settle_revocation"),
    "the end is written, not committed": Step(function=ENDING, event=LeaseRevoked),
}
OF_THE_REAPER = {
    "the intent is given up, not committed": Step(function=ENDING, event=LeaseRevokeRequested),
    "the intent is given up, nobody is told": Step(function=f"{REAPING}.end_key"),
    "the provider is about to be told": Step(hook="before_revoke"),
    "the provider revoked it, nobody looked whether it did": Step(hook="before_read_back"),
    "the provider revoked it, nothing is written": Step(function=f"{ENDING}.settle_revocation"),
    "the end is written, not committed": Step(function=ENDING, event=LeaseRevoked),
}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyCabinet:
    cabinet = KeyCabinet(keys=Shelf(tmp_path))
    stand_in(monkeypatch, cabinet)
    return cabinet


@dataclass
class House:
    """Who takes keys and who ends them, with a grant for every death."""

    place: Place
    grants: list[Grant] = field(default_factory=list)

    def take(self, grant: Grant) -> Lease:
        return take_credential(actor=self.place.scientist.actor, grant_id=grant.uid).lease

    def cut(self, grant: Grant) -> None:
        cut_grant(actor=self.place.owner.actor, grant_id=grant.uid, comment="Needed no more.")


def a_house(count: int) -> House:
    place = lakes.place()
    assets = [lakes.dataset(place, f"ds/{number}/") for number in range(count)]
    lakes.ask(place, *assets)
    return House(place=place, grants=list(Grant.objects.order_by("pk")))


def recovered(grant: Grant, hours_later: HoursLater) -> Lease:
    """What the sweep delivers and the reaper does, as beat wakes them."""
    due = AuditDelivery.objects.filter(delivered_at__isnull=True, event__subject_uid=grant.uid)
    for delivery in due.values_list("pk", flat=True):
        tasks.deliver(delivery)
    hours_later(INTENT_MAY_TAKE + timedelta(seconds=1))
    return Lease.objects.get(grant=grant)


def known_to_nobody(cabinet: KeyCabinet) -> set[UUID]:
    """Keys that work, and of which the portal does not say that they do."""
    said = set(Lease.objects.filter(state="issued").values_list("uid", flat=True))
    return {lease for lease in cabinet.keys if cabinet.works(lease)} - said


def test_whoever_dies_while_giving_a_key_leaves_none_behind(
    shelf: KeyCabinet, hours_later: HoursLater
) -> None:
    house = a_house(len(OF_AN_ISSUE))
    for (name, step), grant in zip(OF_AN_ISSUE.items(), house.grants, strict=True):
        dies_at(step, shelf, partial(house.take, grant))
        lease = Lease.objects.get(grant=grant)
        assert shelf.works(lease.uid) is (name != MADE_NO_KEY), name
        left = recovered(grant, hours_later)
        assert known_to_nobody(shelf) == set(), name
        assert left.state == ("issued" if name == CONFIRMED else "revoked"), name
    house.cut(house.grants[-1])
    assert len(shelf.keys) == 0


def test_whoever_dies_while_ending_a_key_loses_no_revocation(
    shelf: KeyCabinet, hours_later: HoursLater
) -> None:
    house = a_house(2 * len(OF_A_REVOCATION) - 1)
    grants = iter(house.grants)
    for name, step in OF_A_REVOCATION.items():
        grant = next(grants)
        house.take(grant)
        dies_at(step, shelf, partial(house.cut, grant))
        grant.refresh_from_db()
        assert grant.state == "revoked", name
        assert recovered(grant, hours_later).state == "revoked", name
        assert len(shelf.keys) == 0, name
    actor = house.place.scientist.actor
    for name, step in list(OF_A_REVOCATION.items())[1:]:
        lease = house.take(next(grants))
        dies_at(step, shelf, partial(revoke_lease, actor=actor, lease_id=lease.uid))
        left = recovered(lease.grant, hours_later)
        if step.event is LeaseRevokeRequested:  # nobody was told that it ends, and it did not
            assert (left.state, shelf.works(lease.uid)) == ("issued", True)
            revoke_lease(actor=actor, lease_id=lease.uid)
        else:
            assert left.state == "revoked", name
        assert len(shelf.keys) == 0, name


def test_a_reaper_that_dies_is_followed_by_one_that_finishes(
    shelf: KeyCabinet, hours_later: HoursLater
) -> None:
    house = a_house(len(OF_THE_REAPER))
    for (name, step), grant in zip(OF_THE_REAPER.items(), house.grants, strict=True):
        dies_at(Step(hook="after_issue"), shelf, partial(house.take, grant))
        assert len(shelf.keys) == 1, name
        dies_at(step, shelf, lambda: hours_later(INTENT_MAY_TAKE + timedelta(seconds=1)))
        assert recovered(grant, hours_later).state == "revoked", name
        assert len(shelf.keys) == 0, name


def test_control_where_the_intent_comes_with_the_outcome_a_key_is_left_that_nobody_knows(
    shelf: KeyCabinet, hours_later: HoursLater
) -> None:
    house = a_house(1)

    def take_otherwise() -> None:
        given = {"actor": house.place.scientist.actor, "grant_id": house.grants[0].uid}
        with transaction.atomic():
            reserved = reserve_lease(**given, idempotency_key="")
            issued = shelf.issue(reserved.spec)
            issuing.confirm_lease(**given, lease_id=reserved.lease.uid, issued=issued)

    dies_at(Step(hook="after_issue"), shelf, take_otherwise)
    assert not Lease.objects.exists()
    hours_later(INTENT_MAY_TAKE + timedelta(seconds=1))
    assert len(known_to_nobody(shelf)) == 1


# --- the same at the lake itself -------------------------------------------------------------------


class DyingAdapter(S3Provider):
    """The adapter of the house, in a process that dies once the lake has answered."""

    def __init__(self, lake: DemoLake, kept: Path) -> None:
        super().__init__(lake.secrets)
        self._kept = kept

    def issue(self, spec: CredentialSpec) -> Issued:
        issued = super().issue(spec)
        self._kept.write_text(json.dumps(dict(issued.secret.reveal())))
        die()
        return issued

    def revoke(self, handle: LeaseHandle) -> Revoked:
        revoked = super().revoke(handle)
        die()
        return revoked


def test_no_key_of_the_lake_outlives_whoever_died_with_it(
    lake: DemoLake, tmp_path: Path, hours_later: HoursLater
) -> None:
    place = lakes.place(lake)
    grant = lakes.grant(place, lakes.dataset(place))
    kept = tmp_path / "key"
    dying = DyingAdapter(lake, kept)

    def with_it(work: Callable[[], object]) -> Callable[[], object]:
        def run() -> None:
            with pytest.MonkeyPatch.context() as patch:
                stand_in(patch, dying)
                work()

        return run

    killed(with_it(lambda: take_credential(actor=place.scientist.actor, grant_id=grant.uid)))
    parts: Mapping[str, str] = json.loads(kept.read_text())
    client: Any = lake.session_client(parts)
    assert client.get_object(Bucket=BUCKET, Key=INSIDE)["Body"].read()
    killed(with_it(lambda: hours_later(INTENT_MAY_TAKE + timedelta(seconds=1))))
    lease = Lease.objects.get(grant=grant)
    assert lease.state == "revoke_requested"
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE))
    assert lease.next_attempt_at is not None
    assert lease.next_attempt_at <= database_now() + INTENT_MAY_TAKE + timedelta(seconds=1)
    hours_later(INTENT_MAY_TAKE + timedelta(seconds=2))
    assert Lease.objects.get(grant=grant).state == "revoked"
    reap()
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE))
