"""A labeling policy is tried out by labels that are measured here, and not by a figure that is typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetVersion
from apps.compliance import commands
from apps.compliance.lifecycle.labeling import LabelTask
from apps.compliance.models import LegalRecord, RecordStep
from apps.kernel.errors import InvalidInput, InvalidState, NotPermitted, RuleBroken
from apps.labeling.commands import PilotFile, measure_pilot
from apps.labeling.commands.piloting import LARGEST_PILOT
from apps.labeling.models import Label, LabelSet, Pilot
from apps.labeling.pilots import pilots_visible_to
from tests.access.refusals import refused
from tests.factories import accounts, labels
from tests.factories.accounts import World
from tests.factories.records import restated
from tests.factories.roster import policy_about
from tests.labeling.exports import in_coco

pytestmark = pytest.mark.django_db
LEARNED = {"learned": "Shale is split by its color."}


@pytest.fixture
def world() -> World:
    return accounts.world()


@pytest.fixture
def version(world: World) -> AssetVersion:
    return labels.labeled_version(world.domain, stage="draft")


@pytest.fixture
def record(version: AssetVersion) -> LegalRecord:
    return policy_about(version)


def tried_out(world: World, record: LegalRecord, **said: Any) -> RecordStep:
    given = {"said": {**LEARNED, **said}, "step": "pilot", "legal_record_id": record.uid}
    taken: RecordStep = commands.take_step(actor=world[Role.COMPLIANCE_OFFICER].actor, **given)
    return taken


def test_the_step_reads_its_figures_from_the_labels(world: World, record: LegalRecord) -> None:
    pilot = labels.pilot_measured(record, labels.of_pilot(40, wrong=2))
    taken = tried_out(world, record)
    assert (pilot.items, pilot.lower) == (40, pytest.approx(0.78, abs=0.1))
    assert taken.said == {
        **LEARNED,
        "items": 40,
        "reached": f"{pilot.lower:.4f}",
        "sha256": pilot.file_sha256,
        "basis": "measured",
    }
    assert taken.stage_after == "piloted"
    told = AuditEvent.objects.filter(name="compliance.record.step_taken").latest("pk")
    assert told.data["basis"] == "measured"


def test_what_was_measured_badly_is_not_outdone_by_what_is_typed(world: World, record: LegalRecord) -> None:
    labels.pilot_measured(record)
    labels.pilot_measured(record, labels.of_pilot(40, wrong=15))
    with refused(RuleBroken, "LABELING_PILOT_FAILED"):
        tried_out(world, record)
    with refused(RuleBroken, "LABELING_PILOT_MEASURED"):
        tried_out(world, record, items=60, reached="0.9", report="Shelf 4")
    labels.pilot_measured(record, labels.of_pilot(41))
    assert tried_out(world, record).said["items"] == 41


def test_what_nobody_measured_is_told_as_that(world: World, record: LegalRecord) -> None:
    with refused(RuleBroken, "LABELING_PILOT_UNSHOWN"):
        tried_out(world, record, items=60, reached="0.9")
    taken = tried_out(world, record, items=60, reached="0.9", report="Shelf 4", basis="measured")
    assert taken.said["basis"] == "told"


def test_another_version_of_the_policy_is_tried_out_by_labels_of_its_own(
    world: World, record: LegalRecord
) -> None:
    labels.pilot_measured(record)
    restated(record, record.versions.get().said)
    with refused(RuleBroken, "LABELING_PILOT_UNSHOWN"):
        tried_out(world, record)


def test_nothing_of_the_labels_is_kept_and_the_figures_stay(record: LegalRecord) -> None:
    pilot = labels.pilot_measured(record)
    assert not Label.objects.exists()
    assert not LabelSet.objects.exists()
    assert {"L01", "L02", "L04"} <= {each["check"] for each in pilot.findings}
    with pytest.raises(IntegrityError), transaction.atomic():
        Pilot.objects.filter(pk=pilot.pk).update(lower=1.0)


def test_whoever_is_on_no_roster_is_told(record: LegalRecord) -> None:
    stranger = labels.of_pilot().replace(b",8,", b",99,")
    found = labels.pilot_measured(record, stranger).findings
    assert "LABELS_BY_UNKNOWN" in {each["reason"]["code"] for each in found}
    known = labels.pilot_measured(record).findings
    assert "LABELS_BY_UNKNOWN" not in {each["reason"]["code"] for each in known}


def of_one(label: str, items: int = 24) -> bytes:
    """A COCO file, which names nobody."""
    images = [{"id": item, "file_name": f"p-{item}.png", "width": 9, "height": 9} for item in range(items)]
    categories = [{"id": number, "name": name} for number, name in enumerate(labels.KINDS)]
    drawn = [
        {"id": item, "image_id": item, "category_id": item % 2, "bbox": [1, 1, 4, 4 if label else 3]}
        for item in range(items)
    ]
    return json.dumps({"images": images, "categories": categories, "annotations": drawn}).encode()


def test_people_whom_a_file_does_not_name_bring_one_each(world: World) -> None:
    version = labels.labeled_version(world.domain, stage="draft", task=LabelTask.BOX)
    record = policy_about(version)
    alone = labels.pilot_measured(record, of_one("a"))
    assert (alone.items, alone.lower) == (0, None)
    with refused(RuleBroken, "LABELING_PILOT_UNDEFINED"):
        tried_out(world, record)
    files = (PilotFile(content=of_one("a"), labeled_by="7"), PilotFile(content=of_one(""), labeled_by="8"))
    both = measure_pilot(actor=world[Role.STEWARD].actor, legal_record_id=record.uid, files=files)
    assert (both.items, both.lower, both.files) == (24, 1.0, 2)
    assert both.file_sha256 not in {alone.file_sha256, ""}
    assert tried_out(world, record).said["items"] == 24


@pytest.mark.parametrize(
    ("content", "error", "code"),
    [
        (labels.FAULTY, InvalidInput, "LABELS_LABEL_OUTSIDE_SCHEMA"),
        (b"", RuleBroken, "LABEL_IMPORT_EMPTY"),
        (b"no export", RuleBroken, "LABELS_OF_UNKNOWN_FORMAT"),
        (b"x" * (LARGEST_PILOT + 1), RuleBroken, "LABELS_TOO_LARGE"),
    ],
)
def test_one_fault_refuses_all(record: LegalRecord, content: bytes, error: Any, code: str) -> None:
    with refused(error, code):
        labels.pilot_measured(record, content)
    assert not Pilot.objects.exists()


def test_whoever_works_on_the_policy_or_looks_after_its_data_may_measure(
    world: World, record: LegalRecord
) -> None:
    for role in (Role.COMPLIANCE_OFFICER, Role.STEWARD, Role.OWNER):
        labels.pilot_measured(record, by=world[role].actor)
    with refused(NotPermitted):
        labels.pilot_measured(record, by=world[Role.SCIENTIST].actor)
    assert pilots_visible_to(world[Role.STEWARD].actor).count() == 3
    assert not pilots_visible_to(world[Role.SCIENTIST].actor).exists()


@pytest.mark.parametrize("stage", ["approved", "active", "closed"])
def test_what_is_not_tried_out_now_takes_no_pilot(world: World, stage: str) -> None:
    record = policy_about(labels.labeled_version(world.domain, stage=stage))
    with refused(InvalidState, "LABELING_NOT_TRIED_OUT_NOW"):
        labels.pilot_measured(record)


def test_words_of_ones_own_are_not_measured(world: World) -> None:
    version = labels.labeled_version(world.domain, stage="draft", task=LabelTask.FREE_TEXT, labels=())
    with refused(RuleBroken, "LABELING_PILOT_OF_WORDS"):
        labels.pilot_measured(policy_about(version))


def test_one_persons_drawing_is_no_pilot_of_two(world: World) -> None:
    """A control: those who draw for themselves are a point apart."""
    version = labels.labeled_version(world.domain, stage="draft", task=LabelTask.BOX)
    officer = world[Role.COMPLIANCE_OFFICER].actor
    given: dict[str, Any] = {"actor": officer, "legal_record_id": policy_about(version).uid}
    first = PilotFile(content=in_coco(30), labeled_by="7")
    with refused(RuleBroken, "LABELS_DRAWN_ALIKE"):
        measure_pilot(files=[first, PilotFile(content=in_coco(30) + b" ", labeled_by="8")], **given)
    assert not Pilot.objects.exists()
    apart = PilotFile(content=in_coco(30, shift=1), labeled_by="8")
    assert measure_pilot(files=[first, apart], **given).items == 30
