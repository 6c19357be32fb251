"""Who performs the commands that run now, the outermost first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from apps.kernel.actor import Actor

_acting: ContextVar[tuple[Actor, ...]] = ContextVar("acting", default=())


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Within it a command of this actor runs."""
    token = _acting.set((*_acting.get(), actor))
    try:
        yield
    finally:
        _acting.reset(token)


def is_anybody_acting() -> bool:
    return bool(_acting.get())


def organization_acted_in() -> int | None:
    """What the innermost command that knows of one was permitted in, else whom it is performed by."""
    for actor in reversed(_acting.get()):
        found: int | None = actor.memo.get("organization_id") or actor.organization_id
        if found:
            return found
    return None
