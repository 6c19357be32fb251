"""A process that is ended by SIGKILL in the middle of what it does, and keys that outlive it."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from apps.kernel.events import Event

_left: list[Any] = []


def die(*_about: object, **_more: object) -> None:
    """Nothing of this process runs after it: no handler, no rollback of its own, no answer."""
    os.kill(os.getpid(), signal.SIGKILL)


def killed(work: Callable[[], object]) -> None:
    """Do it in a process of its own; fails where nobody killed that on the way."""
    child = os.fork()
    if child == 0:
        try:
            _leave_connections()
            work()
        except Exception:  # noqa: BLE001 - told by the process that waits
            traceback.print_exc()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it came to its end"
    assert os.WTERMSIG(status) == signal.SIGKILL


def _leave_connections() -> None:
    """They are the parent's. Not even closed: that would tell the server."""
    for each in connections.all(initialized_only=True):
        _left.append(each.connection)
        each.connection = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where it dies: at a hook of the provider, at a function, or while a command writes its event."""

    hook: str = ""
    function: str = ""
    event: type[Event] | None = None
    comes_after: bool = False
    """After what the function does, which is committed by then."""

    def set_up(self, patch: pytest.MonkeyPatch, provider: object) -> None:
        if self.hook:
            patch.setattr(provider, self.hook, die)
        elif self.event is not None:
            record = _found(f"{self.function}.record")

            def dying_record(event: Event, **more: Any) -> Any:
                recorded = record(event, **more)
                if isinstance(event, self.event or Event):
                    die()
                return recorded

            patch.setattr(f"{self.function}.record", dying_record)
        else:
            done = _found(self.function)

            def dying(*given: Any, **more: Any) -> None:
                if self.comes_after:
                    done(*given, **more)
                die()

            patch.setattr(self.function, dying)


def dies_at(step: Step, provider: object, work: Callable[[], object]) -> None:
    """The hooks are set in the process that dies, and nowhere else."""

    def work_until() -> None:
        with pytest.MonkeyPatch.context() as patch:
            step.set_up(patch, provider)
            work()

    killed(work_until)


def _found(name: str) -> Callable[..., Any]:
    module, _, attribute = name.rpartition(".")
    found: Callable[..., Any] = getattr(__import__(module, fromlist=[attribute]), attribute)
    return found


class Shelf(MutableMapping[UUID, datetime]):
    """Keys and their ends, each in a file: whoever had one made may be dead."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __getitem__(self, lease: UUID) -> datetime:
        try:
            return datetime.fromisoformat((self._directory / str(lease)).read_text())
        except FileNotFoundError:
            raise KeyError(lease) from None

    def __setitem__(self, lease: UUID, until: datetime) -> None:
        (self._directory / str(lease)).write_text(until.isoformat())

    def __delitem__(self, lease: UUID) -> None:
        try:
            (self._directory / str(lease)).unlink()
        except FileNotFoundError:
            raise KeyError(lease) from None

    def __iter__(self) -> Iterator[UUID]:
        return (UUID(each.name) for each in self._directory.iterdir())

    def __len__(self) -> int:
        return sum(1 for _ in self)
