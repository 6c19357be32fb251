"""Preparing one view from beginning to end. The network is spoken to while nothing is locked.

A worker may die at any line. Then nothing is registered; the key it held is ended by the reaper; and who
prepares the view next takes away what lies below its place before writing into a folder of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from uuid import UUID

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection

from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidState, LakewardenError, RuleBroken
from apps.lakes.providers.contract import Flavor, Scope
from apps.lakes.providers.objects import objects_at
from apps.lakes.providers.s3.objects import Objects
from apps.lakes.providers.secret import Secret
from apps.policy.reason import Reason
from apps.preparing import errors
from apps.preparing.commands import begin_run, end_house_key, fail_view, finish_view
from apps.preparing.commands.keys import LONGEST_WORK, Reserved, issued_key
from apps.preparing.lifecycle import ViewState
from apps.preparing.models import HouseKey, PreparedView
from apps.preparing.recipe import Mask
from apps.preparing.work.making import Making
from apps.preparing.work.pseudonyms import Pseudonyms, pseudonym_secret, variable_of

log = structlog.get_logger(__name__)
LOOKS_UP_EVERY = 10.0
"""Seconds between looking whether the view is still wanted."""


def prepared(view_id: UUID) -> None:
    """Prepare the view, unless somebody is at it or nothing is to be done."""
    with _alone(view_id) as is_alone:
        view = PreparedView.objects.one(view_id)
        if is_alone and view.state in {ViewState.QUEUED, ViewState.RUNNING}:
            _end_keys_of(view)
            _run(view)


def _run(view: PreparedView) -> None:
    run = view.run
    try:
        reserved: Reserved = begin_run(actor=SYSTEM, prepared_view_id=view.uid)
        view = reserved.key.view
        run = view.run
        _work(view, reserved)
    except LakewardenError as refusal:
        _give_up(view, run, refusal.reasons[0])
    except SoftTimeLimitExceeded:
        _give_up(view, run, _too_long())
    except Exception as fault:
        _give_up(view, run, Reason(code=errors.BROKE_OFF, facts={"fault": type(fault).__name__}))
        raise
    finally:
        _end_keys_of(view)


def _work(view: PreparedView, reserved: Reserved) -> None:
    pseudonyms = pseudonyms_of(view)
    issued = issued_key(reserved)
    to_read, to_write = reserved.spec.scopes
    place = _at(view, to_write, issued.secret)
    place.remove_all()
    try:
        made = Making(
            recipe=view.steps,
            source=_at(view, to_read, issued.secret),
            target=place.below(f"{view.run}/"),
            pseudonyms=pseudonyms,
            still=_still(view),
        ).carried_out()
        finish_view(actor=SYSTEM, prepared_view_id=view.uid, run=view.run, made=made)
    except BaseException:
        with suppress(LakewardenError):
            place.remove_all()
        raise


def pseudonyms_of(view: PreparedView) -> dict[str, Pseudonyms]:
    """Of the columns that are masked.  Raises: ProviderFailure, where the organization has no key for it."""
    masked = [name for name, step in view.steps.steps.items() if isinstance(step, Mask)]
    if not masked:
        return {}
    asset = view.source.asset
    is_demo = view.lake.flavor == Flavor.DEMO
    secret = pseudonym_secret(variable_of(asset.organization.code, is_demo=is_demo))
    return {name: Pseudonyms(secret, asset_id=asset.uid, column=name) for name in masked}


def _at(view: PreparedView, scope: Scope, key: Secret) -> Objects:
    return objects_at(view.lake.spec(), scope, key)


def _still(view: PreparedView) -> Callable[[], None]:
    """Asked between pieces of the work; raises where it took too long or is not wanted any more."""
    begun = looked = monotonic()

    def look() -> None:
        nonlocal looked
        now = monotonic()
        if now - begun > LONGEST_WORK.total_seconds():
            raise RuleBroken(_too_long())
        if now - looked > LOOKS_UP_EVERY:
            looked = now
            wanted = PreparedView.objects.filter(pk=view.pk, run=view.run, state=ViewState.RUNNING)
            if not wanted.exists():
                raise InvalidState(Reason(code=errors.OVERTAKEN))

    return look


def _too_long() -> Reason:
    minutes = int(LONGEST_WORK.total_seconds()) // 60
    return Reason(code=errors.TAKES_TOO_LONG, facts={"minutes": minutes})


def _give_up(view: PreparedView, run: int, reason: Reason) -> None:
    log.warning("view_failed", view_id=str(view.uid), run=run, code=reason.code)
    fail_view(actor=SYSTEM, prepared_view_id=view.uid, run=run, reason=reason)


def _end_keys_of(view: PreparedView) -> None:
    for key in HouseKey.objects.filter(view=view, ended_at__isnull=True).order_by("pk"):
        end_house_key(key.uid)


@contextmanager
def _alone(view_id: UUID) -> Iterator[bool]:
    """Whether nobody else prepares it now. The database lets go when a worker dies."""
    name = [f"prepared view {view_id}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name)
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)
