"""Many denials in one role: they fit, none is lost on the way, and what says them is never taken away first.

A role of this process stands for the server's. Between any two calls of one portal process another may do
all that it has to do.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.kernel.errors import ProviderFailure
from apps.kernel.ids import new_uid
from apps.lakes.providers.contract import LeaseHandle
from apps.lakes.providers.s3 import denials
from apps.lakes.providers.s3.denials import Denials
from apps.lakes.providers.s3.denied import MOST_GATHERED, Denial
from tests.lakes.test_adapter_faults import refusal
from tests.lakes.test_session_policy import a_connection

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CAP = 10_240
SCOPE = "lakewarden-scope"
WIDEST = 700
SETTLES = timedelta(minutes=5)
ROUNDS = 10


class Role:
    """The inline policies of one role, capped together. After each change it looks whether every lease that
    was said to be denied still is; `meanwhile` happens between calls."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {SCOPE: "x" * WIDEST}
        self.denied: dict[UUID, datetime] = {}
        self.lost: set[UUID] = set()
        self.now = NOW
        self.meanwhile: Callable[[], object] = lambda: None

    def put_role_policy(self, **given: str) -> None:
        self.meanwhile()
        changed = {**self.documents, given["PolicyName"]: given["PolicyDocument"]}
        if sum(map(len, changed.values())) > CAP:
            raise refusal("LimitExceeded", 409)
        self.documents = changed
        self._look()

    def delete_role_policy(self, **given: str) -> None:
        self.meanwhile()
        if self.documents.pop(given["PolicyName"], None) is None:
            raise refusal("NoSuchEntity", 404)
        self._look()

    def get_role_policy(self, **given: str) -> Mapping[str, Any]:
        self.meanwhile()
        if given["PolicyName"] not in self.documents:
            raise refusal("NoSuchEntity", 404)
        return {"PolicyDocument": self.documents[given["PolicyName"]]}

    def list_role_policies(self, **_given: Any) -> Mapping[str, Any]:
        self.meanwhile()
        return {"PolicyNames": sorted(self.documents), "IsTruncated": False}

    def denies(self, lease_id: UUID) -> bool:
        """What such a pattern ends is tried with the published rules elsewhere."""
        return bool(set(self._patterns()) & {f"*:{lease_id}", f"*:*-*-*-{str(lease_id)[-17:]}"})

    def _patterns(self) -> Iterator[str]:
        for name, text in self.documents.items():
            if name != SCOPE:
                users = json.loads(text)["Statement"][0]["Condition"]["StringLike"]["aws:userid"]
                yield from [users] if isinstance(users, str) else users

    def _look(self) -> None:
        living = {lease for lease, until in self.denied.items() if until > self.now}
        said = set(self._patterns())
        self.lost |= {lease for lease in living if not said & {f"*:{lease}", f"*:*-*-*-{str(lease)[-17:]}"}}


def process_at(role: Role, name: str, *, settles: timedelta = timedelta(0)) -> Denials:
    """A portal process with a queue of its own."""
    return Denials(role, endpoint=f"{name} {id(role)}", role="role", settles=settles)


def a_handle(*, lives: timedelta = timedelta(hours=12)) -> LeaseHandle:
    return LeaseHandle(connection=a_connection(), lease_id=new_uid(), expires_at=NOW + lives)


def deny(process: Denials, role: Role, handle: LeaseHandle) -> None:
    process.put(handle, now=role.now)
    role.denied[handle.lease_id] = handle.expires_at


@pytest.mark.parametrize("settles", [timedelta(0), SETTLES])
def test_two_hundred_and_twenty_revocations_find_room_in_one_role(settles: timedelta) -> None:
    role = Role()
    process = process_at(role, "one", settles=settles)
    handles = [a_handle() for _ in range(220)]
    for handle in handles:
        deny(process, role, handle)
    assert role.lost == set()
    assert all(process.stands(handle) for handle in handles)
    assert not role.denies(uuid4())
    assert max(len(text) for text in role.documents.values()) < 1_600


def test_few_denials_are_not_gathered() -> None:
    role = Role()
    for _ in range(16):
        deny(process_at(role, "one"), role, a_handle())
    assert len(role.documents) == 16 + 1


def test_a_role_that_is_almost_full_of_single_denials_has_room_again() -> None:
    """As a portal leaves it that gathers none."""
    role, handles = Role(), [a_handle() for _ in range(48)]
    for handle in handles:
        name, document = denials.name_of_one(handle), denials.denial_document(handle.lease_id)
        role.put_role_policy(RoleName="role", PolicyName=name, PolicyDocument=document)
        role.denied[handle.lease_id] = handle.expires_at
    process = process_at(role, "one", settles=SETTLES)
    for _ in range(100):
        deny(process, role, a_handle())
    assert role.lost == set()
    assert all(process.stands(handle) for handle in handles)


def test_where_even_gathering_finds_no_room_it_is_said() -> None:
    role = Role()
    role.documents[SCOPE] = "x" * (CAP - 100)
    with pytest.raises(ProviderFailure) as caught:
        deny(process_at(role, "one"), role, a_handle())
    assert caught.value.code == "LAKE_DENIALS_FULL"


def test_what_gathers_ends_with_the_last_of_its_sessions() -> None:
    role = Role()
    process = process_at(role, "one")
    handles = [a_handle(lives=timedelta(minutes=number)) for number in range(10, 60)]
    for handle in handles:
        deny(process, role, handle)
    role.now = NOW + timedelta(minutes=59, seconds=-1)
    process.tidy(now=role.now)
    assert role.lost == set()
    assert process.stands(handles[-1])
    role.now = NOW + timedelta(hours=2)
    process.tidy(now=role.now)
    assert set(role.documents) == {SCOPE}


def test_while_there_is_room_nothing_is_dropped_before_every_server_heard_what_stands_for_it() -> None:
    role = Role()
    process = process_at(role, "one", settles=SETTLES)
    for _ in range(25):
        deny(process, role, a_handle())
    singles = [name for name in role.documents if name.startswith("lakewarden-deny-")]
    assert len(singles) == 25
    assert len(role.documents) > 25 + 1
    role.now = NOW + SETTLES + timedelta(seconds=1)
    deny(process, role, a_handle())
    singles = [name for name in role.documents if name.startswith("lakewarden-deny-")]
    assert len(singles) < 12
    assert role.lost == set()


def in_disorder(role: Role, source: Random) -> None:
    """Three processes of which each does something between two calls of another, sixty times over."""
    processes = [process_at(role, str(number), settles=timedelta(0)) for number in range(3)]
    handles: list[LeaseHandle] = []
    busy: set[int] = set()

    def happen() -> None:
        idle = [number for number in range(3) if number not in busy]
        if idle and source.random() < 0.1:
            act(source.choice(idle))

    def act(number: int) -> None:
        busy.add(number)
        again = bool(handles) and source.random() < 0.2
        lives = timedelta(minutes=source.randrange(10, 700))
        handle = source.choice(handles) if again else a_handle(lives=lives)
        handles.append(handle)
        deny(processes[number], role, handle)
        busy.discard(number)

    role.meanwhile = happen
    for _ in range(60):
        role.now += timedelta(minutes=source.randrange(4))
        act(source.randrange(3))


def test_processes_that_gather_at_once_lose_no_denial() -> None:
    for number in range(ROUNDS):
        role = Role()
        in_disorder(role, Random(number))
        assert role.lost == set()
        assert any(name.startswith("lakewarden-denied-") for name in role.documents)


def test_control_without_ranks_two_policies_are_dropped_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def is_said(denial: Denial, standing: Mapping[Denial, frozenset[str]]) -> bool:
        own = standing.get(denial, frozenset())
        others = (tails for each, tails in standing.items() if each != denial)
        return bool(own) and own <= frozenset().union(*others)

    monkeypatch.setattr(denials, "_is_said", is_said)
    lost: set[UUID] = set()
    for number in range(ROUNDS):
        role = Role()
        in_disorder(role, Random(number))
        lost |= role.lost
    assert lost


def test_control_a_common_document_loses_a_denial() -> None:
    """What was read may have been added to before it is written back."""

    class Common(Denials):
        def put(self, handle: LeaseHandle, *, now: datetime) -> str:
            name = f"lakewarden-denied-{2_000_000_000}-{1_000_000_000}-1-{MOST_GATHERED}-{'0' * 32}"
            tails = denials.tails_denied(self._said(name)) | {denials.tail_of(str(handle.lease_id))}
            self._put(name, denials.gathered_document(tails))
            return name

    role = Role()
    first, second = (Common(role, endpoint=name, role="r", settles=SETTLES) for name in ("one", "two"))
    between, calls = a_handle(), itertools.count()
    role.meanwhile = lambda: deny(second, role, between) if next(calls) == 1 else None
    deny(first, role, a_handle())
    assert role.lost == {between.lease_id}
