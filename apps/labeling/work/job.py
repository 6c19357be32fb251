"""Reading one file of labels from its first byte to its set. Nothing is locked meanwhile.

A worker may die at any line. Then nothing is kept, and who reads the file next begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from time import monotonic
from typing import IO
from uuid import UUID

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection

from apps.accounts.queries import actor_of
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, LakewardenError, RuleBroken, invalid_state
from apps.labeling import errors
from apps.labeling.checks.examined import Examined, examined
from apps.labeling.commands import begin_import, keep_import, refuse_import
from apps.labeling.commands.attributing import earlier_of, pseudonyms_for, said_before
from apps.labeling.commands.bringing import ground_for
from apps.labeling.commands.importing import tell_progress
from apps.labeling.facts import held_by, terms_of
from apps.labeling.lifecycle import ImportState
from apps.labeling.models import LabelImport
from apps.labeling.roster.facts import standing_of
from apps.policy.reason import Reason

log = structlog.get_logger(__name__)
LONGEST_MINUTES = 28
"""Below the time limit of tasks, so that who works too long can still say so."""
MOST_WAITS = 30
"""Each as long as the database waits for a lock."""
TAKEN = {"55P03", "40P01"}
"""SQLSTATE of a lock that was not to be had, and of a deadlock."""
TELLS_EVERY = 1.0
"""Seconds between writing down how far it is."""


def worked(import_id: UUID) -> None:
    """Read the file, unless somebody is at it or nothing is to be done."""
    with _alone(import_id) as is_alone:
        made = LabelImport.objects.one(import_id)
        if is_alone and made.state in {ImportState.QUEUED, ImportState.RUNNING}:
            _run(made)


def _run(made: LabelImport) -> None:
    made = begin_import(actor=SYSTEM, label_import_id=made.uid)
    try:
        _work(made)
    except LakewardenError as refusal:
        _give_up(made, *refusal.reasons, are_faults=_are_faults(refusal))
    except SoftTimeLimitExceeded:
        _give_up(made, Reason(code=errors.TAKES_TOO_LONG, facts={"minutes": LONGEST_MINUTES}))
    except Exception as fault:
        _give_up(made, Reason(code=errors.BROKE_OFF, facts={"fault": type(fault).__name__}))
        raise


def _work(made: LabelImport) -> None:
    actor = _whose(made)
    ground = ground_for(actor, made.version.uid, made.policy.legal_record.ref, database_now())
    said = said_before(ground, made)
    terms, held, earlier = terms_of(ground.policy.content), held_by(ground.version), earlier_of(said)
    with TemporaryFile() as file:
        _spool(made, file)
        labels = examined(
            file,
            terms,
            leave_out_faults=made.leave_out_faults,
            held=held,
            people=pseudonyms_for(ground.policy, earlier),
            standing=standing_of(ground.policy),
            said=said.of_file,
            earlier=earlier,
            told=_telling(made),
        )
    _keep(made, labels, actor)


def _keep(made: LabelImport, labels: Examined, actor: Actor) -> None:
    """A file of the same version that is being kept, or items that are being erased, are waited for."""
    about = {"asset_version_id": made.version.uid, "label_import_id": made.uid, "run": made.run}
    for left in reversed(range(MOST_WAITS)):
        try:
            keep_import(actor=actor, labels=labels, **about)
        except OperationalError as fault:
            if getattr(fault.__cause__, "sqlstate", "") not in TAKEN or not left:
                raise
        else:
            return


def _are_faults(refusal: LakewardenError) -> bool:
    """Of single lines, which may be left out; not of the file as a whole."""
    return isinstance(refusal, InvalidInput) and not isinstance(refusal, RuleBroken)


def _whose(made: LabelImport) -> Actor:
    return actor_of(made.brought_by) if made.brought_by else SYSTEM


def _spool(made: LabelImport, file: IO[bytes]) -> None:
    """Raises: InvalidState, where its bytes are not whole."""
    for piece in made.pieces.order_by("number").values_list("content", flat=True).iterator(chunk_size=4):
        file.write(piece)
    if file.tell() != made.size:
        raise invalid_state(errors.FILE_GONE)


def _telling(made: LabelImport) -> Callable[[int, int], None]:
    """Raises where it took too long, or another worker reads the file by now."""
    begun = told = monotonic()

    def tell(read: int, size: int) -> None:
        nonlocal told
        now = monotonic()
        if now - begun > LONGEST_MINUTES * 60:
            raise invalid_state(errors.TAKES_TOO_LONG, minutes=LONGEST_MINUTES)
        if now - told > TELLS_EVERY or read == size:
            told = now
            if not tell_progress(made, read):
                raise InvalidState(Reason(code=errors.OVERTAKEN))

    return tell


def _give_up(made: LabelImport, *reasons: Reason, are_faults: bool = False) -> None:
    log.warning("labels_refused", label_import_id=str(made.uid), run=made.run, code=reasons[0].code)
    refuse_import(
        actor=SYSTEM, label_import_id=made.uid, run=made.run, reasons=reasons, are_faults=are_faults
    )


@contextmanager
def _alone(import_id: UUID) -> Iterator[bool]:
    """Whether nobody else reads it now. The database lets go when a worker dies."""
    name = [f"import of labels {import_id}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name)
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)
