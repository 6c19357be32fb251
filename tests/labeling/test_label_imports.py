"""A file of labels on its way in: read by a worker, kept as a whole or not at all, and its bytes deleted."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import Account
from apps.accounts.roles import Role
from apps.catalog.models import AssetVersion
from apps.compliance.models import LegalRecord
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, InvalidState, NotFound, NotPermitted, RuleBroken
from apps.labeling import commands, errors, tasks
from apps.labeling.commands import importing
from apps.labeling.imports.told import FAULTS_TOLD
from apps.labeling.lifecycle import ImportState
from apps.labeling.models import ImportPiece, LabelImport, LabelSet
from apps.labeling.work import job
from tests.factories import accounts, labels
from tests.factories.accounts import World
from tests.factories.records import restated

pytestmark = pytest.mark.django_db
FAULTS = [
    ("LABELS_LABEL_EMPTY", "content.4.label"),
    ("LABELS_LABEL_OUTSIDE_SCHEMA", "content.3.a"),
]
"""Of the file that has some."""


def brought(version: AssetVersion, content: bytes, by: Actor = SYSTEM, **given: Any) -> LabelImport:
    made: LabelImport = commands.bring_labels_file(
        actor=by,
        asset_version_id=version.uid,
        policy=labels.policy_of(version),
        content=io.BytesIO(content),
        **given,
    )
    return made


def read(made: LabelImport) -> LabelImport:
    job.worked(made.uid)
    made.refresh_from_db()
    return made


def told(made: LabelSet) -> list[tuple[str, str, str]]:
    return [(each["check"], each["outcome"], each["reason"]["code"]) for each in made.findings]


def codes(made: LabelImport) -> list[str]:
    return [reason["code"] for reason in made.reasons]


@pytest.fixture
def version(world: World) -> AssetVersion:
    return labels.labeled_version(world.domain)


@pytest.fixture
def steward(world: World) -> Actor:
    return accounts.player(world.organization, Role.STEWARD).actor


def test_a_file_is_taken_at_once_and_becomes_a_set_when_a_worker_has_read_it(
    version: AssetVersion, steward: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PIECE", 1000)
    content = labels.sound()
    made = brought(version, content, steward)
    assert (made.state, made.size, made.pieces.count()) == (
        ImportState.QUEUED,
        len(content),
        -(-len(content) // 1000),
    )
    assert not LabelSet.objects.exists()
    made = read(made)
    assert (made.state, made.read, made.run) == (ImportState.DONE, len(content), 1)
    assert made.label_set is not None
    assert made.label_set.brought_by_id == steward.person_id
    assert made.label_set.labels.count() == 360
    assert not ImportPiece.objects.exists()


def test_it_comes_to_the_same_as_a_file_that_is_brought_at_once(world: World) -> None:
    one, other = labels.labeled_version(world.domain), labels.labeled_version(world.domain)
    content = labels.sound(wrong=9)
    at_once = labels.brought(one, content)
    later = read(brought(other, content)).label_set
    assert later is not None
    same = ("format", "file_sha256", "annotations", "left_out", "addresses_removed", "verdict", "figures")
    assert [getattr(later, name) for name in same] == [getattr(at_once, name) for name in same]
    assert told(later) == told(at_once)


def test_faults_refuse_the_whole_file_and_it_can_be_brought_again_without_them(
    version: AssetVersion, steward: Actor
) -> None:
    made = read(brought(version, labels.FAULTY, steward))
    assert made.state == ImportState.REFUSED
    assert [(each["code"], each["field"]) for each in made.reasons] == FAULTS
    assert not LabelSet.objects.exists()
    assert made.pieces.exists()
    again = commands.bring_without_faults(actor=steward, label_import_id=made.uid)
    assert (again.state, again.reasons) == (ImportState.QUEUED, [])
    made = read(made)
    assert made.state == ImportState.DONE
    assert made.label_set is not None
    assert (made.label_set.annotations, made.label_set.left_out) == (2, 2)
    assert [(each["code"], each["field"]) for each in made.reasons] == FAULTS
    assert not made.pieces.exists()


def test_what_a_small_file_left_out_is_told_as_well(version: AssetVersion) -> None:
    sound = labels.brought(version)
    assert not LabelImport.objects.filter(label_set=sound).exists()
    made = labels.brought(version, labels.FAULTY, leave_out_faults=True)
    noted = LabelImport.objects.get(label_set=made)
    assert [(each["code"], each["field"]) for each in noted.reasons] == FAULTS
    assert (noted.state, noted.size, noted.read) == (ImportState.DONE, len(labels.FAULTY), len(labels.FAULTY))
    assert (noted.file_sha256, noted.leave_out_faults) == (made.file_sha256, True)


def test_of_many_that_were_left_out_the_first_are_told_and_how_many_more(version: AssetVersion) -> None:
    lines = b"".join(b"core-%d,7,granite\n" % number for number in range(FAULTS_TOLD + 20))
    lines += b"b,7,shale\nc,7,granite\nd,7,\n"
    made = read(brought(version, b"item,annotator,label\na,7,shale\n" + lines, leave_out_faults=True))
    assert made.state == ImportState.DONE
    assert len(made.reasons) == FAULTS_TOLD + 1
    assert made.label_set is not None and made.label_set.left_out == FAULTS_TOLD + 22
    assert made.reasons[1]["facts"] == {"label": "granite"}
    assert made.reasons[0]["field"] == "content.125.label"
    told = {"more": 22, "like": 3, "lines": "102\N{EN DASH}122, 124"}
    assert (codes(made)[-1], made.reasons[-1]["facts"]) == ("LABELS_MORE_FAULTS_ALIKE", told)


def test_what_is_no_export_is_refused_and_its_bytes_go_at_once(version: AssetVersion, steward: Actor) -> None:
    made = read(brought(version, b"<!DOCTYPE a [<!ENTITY b 'c'>]><annotations>&b;</annotations>"))
    assert (made.state, codes(made)) == (ImportState.REFUSED, ["LABELS_UNREADABLE"])
    assert not made.pieces.exists()
    with pytest.raises(InvalidState) as refused:
        commands.bring_without_faults(actor=steward, label_import_id=made.uid)
    assert refused.value.code == errors.FILE_GONE


def test_bytes_of_a_faulty_file_are_deleted_when_their_time_is_over(version: AssetVersion) -> None:
    made = read(brought(version, labels.FAULTY))
    now = database_now()
    commands.forget_file(actor=SYSTEM, label_import_id=made.uid, at=now + timedelta(hours=23))
    assert made.pieces.exists()
    LabelImport.objects.update(kept_until=now - timedelta(seconds=1))
    tasks.keep_imports_in_step()
    assert not made.pieces.exists()


def test_rights_and_the_policy_are_checked_again_when_it_is_kept(
    version: AssetVersion, steward: Actor
) -> None:
    gone = brought(version, labels.sound(), steward)
    Account.objects.filter(pk=steward.account_id).update(is_active=False)
    assert codes(read(gone)) == ["NOT_FOUND"]
    paused = brought(version, labels.sound())
    begun = commands.begin_import(actor=SYSTEM, label_import_id=paused.uid)
    ground = job.ground_for(SYSTEM, version.uid, labels.policy_of(version), database_now())
    found = job.examined(labels.sound(), job.terms_of(ground.policy.content), leave_out_faults=False)
    about = {"actor": SYSTEM, "asset_version_id": version.uid, "label_import_id": begun.uid, "labels": found}
    record = LegalRecord.objects.get(ref=labels.policy_of(version))
    restated(record, record.versions.get().said)
    with pytest.raises(Conflict) as changed:
        commands.keep_import(**about, run=1)
    assert changed.value.code == errors.POLICY_CHANGED
    with pytest.raises(InvalidState) as overtaken:
        commands.keep_import(**about, run=2)
    assert overtaken.value.code == errors.OVERTAKEN
    assert not LabelSet.objects.exists()


def test_a_worker_that_died_keeps_nothing_and_another_begins_anew(
    version: AssetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = brought(version, labels.sound())

    def dies(*_given: Any, **_options: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(job, "keep_import", dies)
        with pytest.raises(KeyboardInterrupt):
            job.worked(made.uid)
    made.refresh_from_db()
    assert (made.state, LabelSet.objects.count()) == (ImportState.RUNNING, 0)
    assert made.pieces.exists()
    made = read(made)
    assert (made.state, made.run) == (ImportState.DONE, 2)


def test_a_worker_that_was_overtaken_says_nothing(version: AssetVersion) -> None:
    made = brought(version, labels.sound())
    old = commands.begin_import(actor=SYSTEM, label_import_id=made.uid)
    assert importing.tell_progress(old, 7)
    commands.begin_import(actor=SYSTEM, label_import_id=made.uid)
    assert not importing.tell_progress(old, 9)
    reasons = (job.Reason(code=errors.FILE_GONE),)
    commands.refuse_import(actor=SYSTEM, label_import_id=made.uid, run=1, reasons=reasons)
    made.refresh_from_db()
    assert (made.state, made.read) == (ImportState.RUNNING, 0)


def test_who_may_not_bring_them_or_brings_them_twice_is_refused(
    world: World, version: AssetVersion, steward: Actor
) -> None:
    content = labels.sound()
    with pytest.raises(NotPermitted):
        brought(version, content, _reader(world))
    made = brought(version, content, steward)
    with pytest.raises(Conflict) as twice:
        brought(version, content, steward)
    assert twice.value.code == errors.UNDER_WAY
    read(made)
    with pytest.raises(Conflict) as before:
        brought(version, content, steward)
    assert before.value.code == errors.BROUGHT_BEFORE
    with pytest.raises(RuleBroken):
        brought(version, b"", steward)
    with pytest.raises(NotFound):
        commands.bring_labels_file(
            actor=steward, asset_version_id=version.uid, policy="LP-9999", content=io.BytesIO(content)
        )


def _reader(world: World) -> Actor:
    return accounts.player(world.organization, Role.SCIENTIST).actor


def test_what_is_too_large_is_not_taken(version: AssetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "LARGEST", 10)
    with pytest.raises(RuleBroken) as refused:
        brought(version, labels.sound())
    assert refused.value.code == "LABELS_TOO_LARGE"
