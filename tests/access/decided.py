"""Verdicts in the tests of deciding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apps.access.commands import (
    approve_request,
    reject_request,
    return_request,
)
from apps.access.models import Request
from apps.kernel.actor import Actor
from tests.factories.access import (
    AccessWorld,
    asked,
    draft,
    seen,
)

VERDICTS: dict[str, Callable[..., Request]] = {
    "approve": approve_request,
    "reject": reject_request,
    "return": return_request,
}


def personal(world: AccessWorld, who: str = "scientist", **given: Any) -> Request:
    return asked(world[who], draft(world.personal, world.purposes["pay"], **given))


def decide(how: str, actor: Actor, request: Request, **given: Any) -> Request:
    return VERDICTS[how](actor=actor, **{**seen(request), "reason": "Because.", **given})
