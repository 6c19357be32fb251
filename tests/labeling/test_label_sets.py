"""Label sets: what is kept of a file, what is refused, and that it stays."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from apps.accounts.roles import Role
from apps.catalog.models import AssetKind
from apps.compliance.lifecycle.labeling import LabelTask
from apps.compliance.models import LegalRecordVersion
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, InvalidInput, InvalidState, LakewardenError, NotFound, RuleBroken
from apps.labeling.commands import bring_labels, review_label_set
from apps.labeling.models import Label, LabelSet
from tests.factories import accounts, catalog, labels
from tests.factories.accounts import World
from tests.labeling.exports import box, label_studio, table, task

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return accounts.world()


def test_a_file_becomes_a_set_with_its_verdict(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.brought(version, by=world[Role.STEWARD].actor)
    assert (made.number, made.verdict, made.annotations, made.left_out) == (1, "release", 360, 0)
    assert made.addresses_removed == 120
    assert {each["check"]: each["outcome"] for each in made.findings}["L04"] == "passed"
    assert made.figures["agreement"] == 1
    assert Label.objects.filter(label_set=made).count() == 360
    assert set(Label.objects.values_list("annotator", flat=True)) == {""}
    again = labels.brought(version, labels.sound(wrong=60))
    assert (again.number, again.verdict) == (2, "blocked")


def test_who_labeled_is_kept_where_the_policy_lets_it_and_never_an_address(world: World) -> None:
    version = labels.labeled_version(world.domain)
    names = {"are_raw_kept": True, "raw_activity": version.uid, "raw_retention": version.uid}
    kept = labels.labeled_version(world.domain, **names)
    labels.brought(version)
    made = labels.brought(kept)
    named = Label.objects.filter(label_set=made).values_list("annotator", flat=True)
    assert set(named) == {"7", "8", labels.EXPERT}


def test_regions_are_kept_with_their_place(world: World) -> None:
    version = labels.labeled_version(world.domain, task=LabelTask.BOX)
    made = labels.brought(version, label_studio(task(1, box(1, "shale", lead_time=2.5), image="/a.png")))
    row = Label.objects.get(label_set=made)
    assert (row.item, row.label, row.left, row.top, row.width, row.height) == (
        "/a.png",
        "shale",
        10,
        10,
        20,
        20,
    )
    assert (row.is_region, row.seconds, row.line) == (True, 2.5, 2)


AREA = [[10, 20], [50, 20], [50, 90]]


SHAPES: dict[LabelTask, dict[str, dict[str, Any]]] = {
    LabelTask.SEGMENTATION: {
        "polygonlabels": {"points": AREA, "polygonlabels": ["shale"]},
        "ellipselabels": {"x": 50, "y": 50, "radiusX": 9, "radiusY": 5, "ellipselabels": ["shale"]},
    },
    LabelTask.SPAN: {
        "labels": {"start": 1, "end": 4, "labels": ["shale"]},
        "hypertextlabels": {"start": 9, "end": 12, "hypertextlabels": ["shale"]},
    },
}


@pytest.mark.parametrize("kind", SHAPES)
def test_areas_and_parts_of_texts_are_measured_anew_as_they_were_first(world: World, kind: LabelTask) -> None:
    version = labels.labeled_version(world.domain, task=kind)
    result = [{"type": type_, "value": value} for type_, value in SHAPES[kind].items()]
    by = ({"id": who, "completed_by": who, "result": result[: 5 - who]} for who in (3, 4))
    made = labels.brought(version, label_studio(task(1, *by)))
    first = made.figures
    assert first["coefficient"] == ("mean_dice" if kind is LabelTask.SEGMENTATION else "f1_at_half_overlap")
    assert 0 < first["agreement"] < 1
    again = review_label_set(actor=SYSTEM, label_set_id=made.uid).figures
    same = ("coefficient", "agreement", "lower", "upper", "classes", "annotators")
    assert {name: again[name] for name in same} == {name: first[name] for name in same}


def refusal(version: Any, content: bytes, **given: Any) -> LakewardenError:
    with pytest.raises(LakewardenError) as refused:
        labels.brought(version, content, **given)
    assert not LabelSet.objects.filter(version=version).exists()
    return refused.value


def test_nothing_is_kept_of_a_faulty_file_unless_that_is_wanted(world: World) -> None:
    version = labels.labeled_version(world.domain)
    content = labels.sound() + b"\ncore-1,9,granite,0\ncore-2,,shale,0"
    told = refusal(version, content)
    assert isinstance(told, InvalidInput)
    assert {reason.code for reason in told.reasons} == {
        "LABELS_LABEL_OUTSIDE_SCHEMA",
        "LABELS_PART_MALFORMED",
    }
    assert {reason.field.split(".")[1] for reason in told.reasons} == {"362", "363"}
    made = labels.brought(version, content, leave_out_faults=True)
    assert (made.annotations, made.left_out) == (360, 2)


def test_of_many_faults_the_first_are_told_and_the_others_counted(world: World) -> None:
    lines = (f"{item},,shale" for item in range(150))
    told = refusal(labels.labeled_version(world.domain), table(*lines))
    assert len(told.reasons) == 101
    assert told.reasons[-1].facts["more"] == 50


@pytest.mark.parametrize("stage", ["draft", "piloted", "approved", "paused"])
def test_labels_are_brought_where_people_label(world: World, stage: str) -> None:
    assert isinstance(refusal(labels.labeled_version(world.domain, stage=stage), b""), InvalidState)
    assert labels.brought(labels.labeled_version(world.domain, stage="closed"))


def test_labels_come_under_a_policy_in_force_about_these_data(world: World) -> None:
    version, other = labels.labeled_version(world.domain), labels.labeled_version(world.domain)
    given: dict[str, Any] = {"actor": SYSTEM, "asset_version_id": version.uid, "content": labels.sound()}
    with pytest.raises(RuleBroken):
        bring_labels(policy=labels.policy_of(other), **given)
    ref = labels.policy_of(version)
    LegalRecordVersion.objects.filter(legal_record__ref=ref).update(
        record_status="retired", ended_at=database_now()
    )
    with pytest.raises(NotFound):
        bring_labels(policy=ref, **given)


def test_a_model_has_no_items_to_label(world: World) -> None:
    version = labels.labeled_version(world.domain)
    model = catalog.published_asset(world.domain, AssetKind.MODEL).versions.get()
    given: dict[str, Any] = {"policy": labels.policy_of(version), "content": labels.sound()}
    with pytest.raises(RuleBroken):
        bring_labels(actor=SYSTEM, asset_version_id=model.uid, **given)


def test_the_same_file_is_brought_once(world: World) -> None:
    version, content = labels.labeled_version(world.domain), labels.sound()
    labels.brought(version, content)
    with pytest.raises(Conflict):
        labels.brought(version, content)


def test_the_database_keeps_what_was_brought_as_it_was(world: World) -> None:
    made = labels.brought(labels.labeled_version(world.domain))
    for rows in (LabelSet.objects.filter(pk=made.pk), Label.objects.filter(label_set=made)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**({"verdict": "release"} if rows.model is LabelSet else {"label": "shale"}))
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)


def test_who_stands_out_has_the_number_of_the_figures_where_it_is_not_kept_who_labeled(world: World) -> None:
    """The one with the tool's number 7 gave one label, and answered less than the other."""
    lines = [f"core-{item},7,shale" for item in range(30)]
    lines += [f"core-{item},8,{'shale' if item % 2 else 'sandstone'}" for item in range(40)]
    content = "\n".join(("item,annotator,label", *lines)).encode()

    def told(**given: Any) -> tuple[list[str], list[tuple[str, int]]]:
        made = labels.brought(labels.labeled_version(world.domain, **given), content)
        reasons = [each["reason"] for each in made.findings]
        figures = [(each["annotator"], each["answers"]) for each in made.figures["annotators"]]
        who = [each["facts"]["annotator"] for each in reasons if each["code"] == "LABELS_ALWAYS_THE_SAME"]
        return who, figures

    assert told() == (["2"], [("1", 40), ("2", 30)])
    kept = {"are_raw_kept": True, "raw_activity": world.domain.uid, "raw_retention": world.domain.uid}
    assert told(**kept) == (["7"], [("8", 40), ("7", 30)])
