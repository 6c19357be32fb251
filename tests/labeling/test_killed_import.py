"""A worker is killed in the middle of a file, by SIGKILL. Nothing of the file is kept half, and whoever reads
it next keeps it once.

The control keeps a part before the end, and a dead worker leaves that behind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from apps.audit.models import AuditEvent
from apps.catalog.models import AssetVersion
from apps.labeling import tasks
from apps.labeling.commands import keep_import, keeping
from apps.labeling.events import ImportDone
from apps.labeling.imports.reading import Export
from apps.labeling.lifecycle import ImportState
from apps.labeling.models import Label, LabelImport, LabelSet
from apps.labeling.work import job
from tests.credentials.killed import Step, killed
from tests.factories import accounts, labels
from tests.labeling.test_label_imports import brought

pytestmark = pytest.mark.django_db(transaction=True)

JOB, COMMANDS = "apps.labeling.work.job", "apps.labeling.commands"
BEFORE_IT_IS_KEPT = {
    "it has begun and read nothing": Step(function=f"{JOB}._spool"),
    "its bytes are on disk": Step(function=f"{JOB}.examined"),
    "it is in the middle of the file": Step(function=f"{JOB}.tell_progress"),
    "all is measured, nothing is kept": Step(function=f"{JOB}.keep_import"),
    "the set is made, its labels are not": Step(function=f"{COMMANDS}.keeping.copy_labels"),
    "the labels are written, not committed": Step(function=f"{COMMANDS}.importing", event=ImportDone),
}
AFTER = Step(function=f"{JOB}.keep_import", comes_after=True)


@pytest.fixture
def version() -> AssetVersion:
    return labels.labeled_version(accounts.world().domain)


def dies_at(step: Step, made: LabelImport) -> None:
    def work() -> None:
        with pytest.MonkeyPatch.context() as patch:
            step.set_up(patch, None)
            tasks.read_labels(str(made.uid))

    killed(work)
    wait_for_its_end(made)


def wait_for_its_end(made: LabelImport) -> None:
    """The database notices a moment later that nobody is there any more."""
    name = [f"import of labels {made.uid}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", name)
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)


def woken(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What beat would give to workers."""
    found: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "wake", found.append)
        tasks.keep_imports_in_step()
    return found


def ends(made: LabelImport) -> int:
    return AuditEvent.objects.filter(name=ImportDone.name, subject_uid=made.uid).count()


@pytest.mark.parametrize("step", BEFORE_IT_IS_KEPT.values(), ids=BEFORE_IT_IS_KEPT)
def test_nothing_is_kept_half_and_another_keeps_it_once(
    version: AssetVersion, monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    made = brought(version, labels.sound())
    dies_at(step, made)
    made.refresh_from_db()
    assert (made.state, made.run, made.label_set) == (ImportState.RUNNING, 1, None)
    assert not LabelSet.objects.exists()
    assert not Label.objects.exists()
    assert made.pieces.exists()
    assert woken(monkeypatch) == [made.uid]
    for _again in range(2):
        tasks.read_labels(str(made.uid))
        made.refresh_from_db()
        assert (made.state, made.run, ends(made)) == (ImportState.DONE, 2, 1)
        assert LabelSet.objects.get().labels.count() == 360
        assert not made.pieces.exists()
    assert woken(monkeypatch) == []


def test_who_dies_after_it_was_kept_loses_nothing(
    version: AssetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = brought(version, labels.sound())
    dies_at(AFTER, made)
    tasks.read_labels(str(made.uid))
    made.refresh_from_db()
    assert (made.state, made.run, ends(made)) == (ImportState.DONE, 1, 1)
    assert LabelSet.objects.get().labels.count() == 360
    assert woken(monkeypatch) == []


def test_two_who_die_are_followed_by_one_who_keeps_it(version: AssetVersion) -> None:
    made = brought(version, labels.sound())
    for step in BEFORE_IT_IS_KEPT.values():
        dies_at(step, made)
    tasks.read_labels(str(made.uid))
    made.refresh_from_db()
    assert (made.state, made.run, ends(made)) == (ImportState.DONE, len(BEFORE_IT_IS_KEPT) + 1, 1)
    assert LabelSet.objects.get().labels.count() == 360


def test_a_lock_on_the_version_is_waited_for(version: AssetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    """As while another file of it is kept."""
    made = brought(version, labels.sound())
    waits = []
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT 1 FROM catalog_assetversion WHERE id = %s FOR NO KEY UPDATE", [version.pk])

        def kept(**given: Any) -> None:
            try:
                keep_import(**given)
            except OperationalError as taken:
                waits.append(str(taken))
                other.rollback()
                raise

        monkeypatch.setattr(job, "keep_import", kept)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        try:
            tasks.read_labels(str(made.uid))
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
    assert [wait.partition("\n")[0] for wait in waits] == ["canceling statement due to lock timeout"]
    made.refresh_from_db()
    assert (made.state, made.run, ends(made)) == (ImportState.DONE, 1, 1)


def test_control_what_is_committed_on_the_way_is_left_behind(version: AssetVersion) -> None:
    made = brought(version, labels.sound())
    control = Step(function=f"{COMMANDS}.importing", event=ImportDone)
    copied: Callable[..., None] = keeping.copy_labels

    def at_once(label_set: int, export: Export, **more: Any) -> None:
        copied(label_set, export, **more)
        connection.connection.commit()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "copy_labels", at_once)
        dies_at(control, made)
    assert Label.objects.exists()
