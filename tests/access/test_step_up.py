"""What is sensitive wants a person who has just proved who they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.access.commands import approve_request
from apps.accounts.freshness import FRESH, STEP_UP_BY_TOKEN, STEP_UP_NEEDED, require_fresh
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import NotPermitted
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, asked, draft, seen


def test_deciding_on_a_class_that_wants_it_takes_a_fresh_sign_in(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.restricted, world.purposes["study"]))
    owner = world["owner"]
    assert owner.signed_in_at is not None
    for proved_at in (None, owner.signed_in_at - FRESH - timedelta(minutes=1)):
        with refused(NotPermitted, STEP_UP_NEEDED):
            approve_request(actor=replace(owner, signed_in_at=proved_at), **seen(request))
    with refused(NotPermitted, STEP_UP_BY_TOKEN):
        approve_request(actor=replace(owner, scopes=frozenset({"decide"})), **seen(request))
    approve_request(actor=owner, **seen(request))


def test_deciding_on_another_class_does_not(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    by_token = replace(world["owner"], signed_in_at=None, scopes=frozenset({"decide"}))
    approve_request(actor=by_token, **seen(request))


def test_who_has_a_second_factor_proves_it_by_that(world: AccessWorld) -> None:
    now = database_now()
    proved = world.players["owner"].proved
    require_fresh(proved, at=now)
    with pytest.raises(NotPermitted):
        require_fresh(replace(proved, second_factor_at=None), at=now)


@pytest.mark.parametrize(
    ("minutes", "holds"),
    [(0, True), (15, True), (16, False), (-2, False)],
    ids=["now", "edge", "old", "ahead"],
)
def test_it_holds_for_a_quarter_of_an_hour(minutes: int, holds: bool, world: AccessWorld) -> None:
    now: datetime = database_now()
    actor = replace(world["owner"], signed_in_at=now - timedelta(minutes=minutes))
    if holds:
        require_fresh(actor, at=now)
        return
    with pytest.raises(NotPermitted):
        require_fresh(actor, at=now)


@pytest.mark.parametrize("who", ["machine", "robot"])
def test_nobody_is_asked_behind_a_program(who: str, world: AccessWorld) -> None:
    actor: Any = SYSTEM if who == "machine" else world.robot_actor
    require_fresh(actor, at=database_now())
    if who == "robot":
        with pytest.raises(NotPermitted):
            require_fresh(actor, at=database_now(), second_factor=True)
