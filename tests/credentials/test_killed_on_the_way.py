"""Killed in the middle of what comes with a key: the role that is its own, keeping it for the program that
asked, and the end of every key of a lake at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from apps.accounts.models import ApiToken
from apps.accounts.roles import Role
from apps.audit import tasks
from apps.audit.models import AuditDelivery
from apps.credentials.commands import (
    cut_grant,
    cut_lake,
    issuing,
    revoke_lease,
    serve_credential,
    take_credential,
)
from apps.credentials.events import LeaseRevoked, LeaseRevokeRequested
from apps.credentials.models import Lease, SealedKey
from apps.credentials.tasks import INTENT_MAY_TAKE
from apps.kernel.actor import SYSTEM
from apps.lakes.commands import change_lake, enable_lake, impact_of_halting
from apps.lakes.events import LakeHalted
from apps.lakes.providers.s3 import S3Provider, own_roles
from tests.credentials.doubles import KeyCabinet, stand_in
from tests.credentials.faults import HoursLater
from tests.credentials.killed import Shelf, Step, die, dies_at, killed
from tests.factories import lakes
from tests.factories.accounts import Player, player
from tests.factories.lakes import Place
from tests.lab.demo_lake import DemoLake

pytestmark = pytest.mark.django_db(transaction=True)
LATER = INTENT_MAY_TAKE + timedelta(seconds=1)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyCabinet:
    cabinet = KeyCabinet(keys=Shelf(tmp_path))
    stand_in(monkeypatch, cabinet)
    return cabinet


# --- a role of its own -----------------------------------------------------------------------------

MAKING_A_ROLE = {
    "no role is made yet": ("CreateRole", 0),
    "the role is made and allows nothing": ("PutRolePolicy", 1),
    "the role allows its places, nobody took it": ("AssumeRole", 1),
    "the role is taken, nothing is confirmed": ("", 1),
}
DELETING_A_ROLE = {
    "nothing is deleted yet": ("ListRolePolicies", 1),
    "its policy is read and stands": ("DeleteRolePolicy", 1),
    "the role allows nothing and stands": ("DeleteRole", 1),
    "the role is gone, nobody looked whether it is": ("GetRole", 0),
}


def dies_before(call: str, work: Callable[[], object]) -> None:
    """In a process that never sends this call; where none is named, once the lake has made the key."""
    known = own_roles.faults_by_meaning

    def before(name: str) -> Any:
        if name == call:
            die()
        return known(name)

    def work_until() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(own_roles, "faults_by_meaning", before)
            if call == "AssumeRole":
                patch.setattr(S3Provider, "_assume_role", die)
            if not call:
                patch.setattr(issuing, "confirm_lease", die)
            work()

    killed(work_until)


@dataclass
class Roles:
    """The roles of single keys that stand in the lake."""

    lake: DemoLake

    def __len__(self) -> int:
        found = self.lake.client("iam", "ADMIN").list_roles(PathPrefix=f"/{own_roles.FOLDER}/")
        return len(found["Roles"])


@pytest.fixture
def roles(lake: DemoLake) -> Roles:
    return Roles(lake)


@pytest.fixture
def careful(lake: DemoLake) -> Place:
    """A lake that asks for a role of its own for each key."""
    place = lakes.place(lake)
    change_lake(actor=SYSTEM, lake_id=place.lake.uid, options={"own_roles_from": "internal"})
    return place


def test_no_role_of_a_key_outlives_whoever_died_making_it(
    careful: Place, roles: Roles, hours_later: HoursLater
) -> None:
    actor = careful.scientist.actor
    for name, (call, stand) in MAKING_A_ROLE.items():
        grant = lakes.grant(careful, lakes.dataset(careful, f"ds/{call or 'none'}/", sensitivity="internal"))
        dies_before(call, partial(take_credential, actor=actor, grant_id=grant.uid))
        assert (Lease.objects.get(grant=grant).state, len(roles)) == ("intent", stand), name
        hours_later(LATER)
        assert (Lease.objects.get(grant=grant).state, len(roles)) == ("revoked", 0), name


def test_no_role_of_a_key_outlives_whoever_died_deleting_it(
    careful: Place, roles: Roles, hours_later: HoursLater
) -> None:
    actor = careful.scientist.actor
    for name, (call, stand) in DELETING_A_ROLE.items():
        grant = lakes.grant(careful, lakes.dataset(careful, f"ds/{call}/", sensitivity="internal"))
        lease = take_credential(actor=actor, grant_id=grant.uid).lease
        assert len(roles) == 1
        dies_before(call, partial(revoke_lease, actor=actor, lease_id=lease.uid))
        assert (Lease.objects.get(grant=grant).state, len(roles)) == ("revoke_requested", stand), name
        hours_later(LATER)
        assert (Lease.objects.get(grant=grant).state, len(roles)) == ("revoked", 0), name


# --- a key that is kept for a program --------------------------------------------------------------

KEEPING = "apps.credentials.commands.serving._keep"


def test_whoever_dies_keeping_a_key_leaves_one_that_is_known_and_holds_nobody_up(
    shelf: KeyCabinet, hours_later: HoursLater
) -> None:
    place = lakes.place()
    token = ApiToken.objects.get(account=place.scientist.account)
    for number, is_kept in enumerate((False, True)):
        grant = lakes.grant(place, lakes.dataset(place, f"ds/{number}/"))
        serve = partial(
            serve_credential,
            actor=place.scientist.actor,
            token_id=token.uid,
            bearer=place.scientist.token,
            grant_id=grant.uid,
        )
        dies_at(Step(function=KEEPING, comes_after=is_kept), shelf, serve)
        left = Lease.objects.get(grant=grant)
        assert (left.state, shelf.works(left.uid)) == ("issued", True)
        assert SealedKey.objects.filter(lease=left).exists() is is_kept
        hours_later(LATER)
        served = serve()
        assert (served.lease.uid == left.uid) is is_kept
        assert set(shelf.keys) == set(Lease.objects.filter(grant=grant).values_list("uid", flat=True))
        cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
        assert len(shelf.keys) == 0


# --- every key of a lake ---------------------------------------------------------------------------

ENDING, HALTING = "apps.credentials.commands.ending", "apps.credentials.commands.halting"
NOT_HALTED = "the halt is written, not committed"
OF_A_HALT = {
    NOT_HALTED: Step(function="apps.lakes.commands", event=LakeHalted),
    "the lake is halted, of its keys nothing is said": Step(function=f"{HALTING}.cut_keys_of_lake"),
    "the revocations are written, not committed": Step(function=ENDING, event=LeaseRevokeRequested),
    "the revocations are committed, nobody is told": Step(function=f"{HALTING}.end_key"),
    "the provider revoked one, nobody looked whether it did": Step(hook="before_read_back"),
    "the end of one is written, not committed": Step(function=ENDING, event=LeaseRevoked),
    "one is ended, the others are not": Step(function=f"{HALTING}.end_key", comes_after=True),
}


def halt(place: Place, boss: Player) -> None:
    seen = impact_of_halting(actor=boss.actor, lake_id=place.lake.uid).digest
    cut_lake(actor=boss.actor, lake_id=place.lake.uid, reason="A key was found.", seen_impact=seen)


def delivered(about: Place) -> None:
    """What the sweep hands to those who subscribed, whoever died before it was."""
    due = AuditDelivery.objects.filter(delivered_at__isnull=True, event__subject_uid=about.lake.uid)
    for delivery in due.values_list("pk", flat=True):
        tasks.deliver(delivery)


def test_whoever_dies_ending_every_key_of_a_lake_loses_none(
    shelf: KeyCabinet, hours_later: HoursLater
) -> None:
    place = lakes.place()
    boss, actor = player(place.organization, Role.ADMINISTRATOR), place.scientist.actor
    grants = [lakes.grant(place, lakes.dataset(place, f"ds/{number}/")) for number in range(3)]
    delivered(place)
    for name, step in OF_A_HALT.items():
        for grant in grants:
            take_credential(actor=actor, grant_id=grant.uid)
        dies_at(step, shelf, partial(halt, place, boss))
        if name == NOT_HALTED:  # nobody was told that they end
            delivered(place)
            hours_later(LATER)
            assert len(shelf.keys) == len(grants)
            halt(place, boss)
        delivered(place)
        hours_later(LATER)
        assert len(shelf.keys) == 0, name
        assert set(Lease.objects.values_list("state", flat=True)) == {"revoked"}, name
        enable_lake(actor=boss.actor, lake_id=place.lake.uid)
