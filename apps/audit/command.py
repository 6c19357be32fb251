"""The shape of every change: one transaction, one lock, one clock, one trail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, overload
from uuid import UUID

from django.db import connection, models, transaction

from apps.audit.acting import acting_as, is_anybody_acting
from apps.audit.record import record_refusal
from apps.kernel.actor import Actor
from apps.kernel.characters import check_texts
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError, not_found
from apps.kernel.questions import Given, Question

P = ParamSpec("P")
R = TypeVar("R")

COMMANDS: dict[str, Callable[..., Any]] = {}


@overload
def command(function: Callable[P, R], /) -> Callable[..., R]: ...
@overload
def command(
    *, lock: type[models.Model] | None = None, queue: str = ""
) -> Callable[[Callable[P, R]], Callable[..., R]]: ...


def command(function: Any = None, /, *, lock: type[models.Model] | None = None, queue: str = "") -> Any:
    """Make a function a command.

    Keyword arguments only. `lock` names the model whose row, given by the argument `<model>_id`, is locked
    before the database's clock is read into `at` (tests pass `at`). Commands of one `queue`, whose rules are
    about many rows together, wait for each other before that. A refusal rolls everything back and
    leaves one refusal row. A command called by a command joins its transaction. A text that cannot be stored
    is refused before anything else is asked.
    """
    if function is None:
        return lambda wrapped: _command(wrapped, lock, queue)
    return _command(function, lock, queue)


def _command(function: Callable[..., Any], lock: type[models.Model] | None, queue: str) -> Callable[..., Any]:
    name = f"{function.__module__.split('.')[1]}.{function.__name__}"
    argument = f"{_snake(lock.__name__)}_id" if lock else ""
    COMMANDS[name] = function

    @wraps(function)
    def run(*, actor: Actor, at: datetime | None = None, **arguments: Any) -> Any:
        acting = actor.renewed()
        is_within = is_anybody_acting()
        with acting_as(acting):
            if is_within:
                _wait_in(queue)
                return _perform(function, lock, argument, acting, at, arguments)
            try:
                check_texts(arguments)
                with transaction.atomic():
                    _wait_in(queue)
                    return _perform(function, lock, argument, acting, at, arguments)
            except LakewardenError as refusal:
                record_refusal(
                    command=name,
                    actor=acting,
                    at=at or database_now(),
                    subject_uid=arguments.get(argument),
                    reasons=refusal.reasons,
                )
                raise

    return run


def _perform(
    function: Callable[..., Any],
    lock: type[models.Model] | None,
    argument: str,
    actor: Actor,
    at: datetime | None,
    arguments: dict[str, Any],
) -> Any:
    if lock is not None:
        _lock(lock, arguments[argument])
    return function(actor=actor, at=at or database_now(), **arguments)


def _wait_in(queue: str) -> None:
    """Until the transaction of the command ends, no other of the queue begins."""
    if queue:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"queue {queue}"])


def _lock(model: type[models.Model], uid: UUID) -> None:
    if _LOCKED.first(model, uid=uid) is None:
        raise not_found(str(model._meta.verbose_name))


def _locked(model: type[models.Model]) -> models.QuerySet[Any, int]:
    rows = model._default_manager.select_for_update(of=("self",), no_key=True)
    return rows.filter(uid=Given("uid")).values_list("pk", flat=True)


_LOCKED: Question[int] = Question(_locked)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
