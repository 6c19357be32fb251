"""Erased items: they leave labels, gold and lists, nothing else does, and they do not come back."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.roles import Role
from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import Duty
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from apps.labeling.commands import begin_import, bring_labels_file, refuse_import, review_label_set
from apps.labeling.models import (
    DatasetItem,
    ItemErasure,
    Label,
    LabelImport,
    LabelSet,
    LabelSetReview,
    Tombstone,
)
from apps.labeling.tasks import keep_label_sets_in_step, review_after_erasure
from apps.labeling.work.job import worked
from tests.factories import accounts, catalog, labels
from tests.factories.accounts import World
from tests.factories.occurrences import in_effect, made_from


@pytest.fixture
def world(db: None) -> World:
    return accounts.world()


def checks(found: Any, check: str) -> list[tuple[str, str]]:
    return [(each["outcome"], each["reason"]["code"]) for each in found.findings if each["check"] == check]


def named(label_set: LabelSet) -> list[str]:
    """Two items of the set."""
    items = Label.objects.filter(label_set=label_set).order_by("line").values_list("item", flat=True)
    return list(dict.fromkeys(items))[:2]


def test_what_was_erased_leaves_labels_and_gold_and_the_verdict_is_found_anew(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.brought(version)
    gone = named(made)
    erasure = labels.erased(version, *gone, by=world[Role.DPO].actor)
    assert (erasure.labels, erasure.items, erasure.is_late) == (6, 0, False)
    assert not Label.objects.filter(item__in=gone).exists()
    assert Label.objects.filter(label_set=made).count() == 354
    waiting = LabelSetReview.objects.get(label_set=made)
    assert (waiting.verdict, waiting.figures) == ("blocked", None)
    assert LabelSet.objects.with_verdict().get(pk=made.pk).current_verdict == "blocked"
    keep_label_sets_in_step()
    newest = LabelSetReview.objects.filter(label_set=made).latest("pk")
    assert newest.verdict == "release"
    assert newest.figures is not None
    assert (newest.figures["items"], newest.figures["agreement"]) == (118, 1)
    assert checks(newest, "L13") == [("passed", "LABELS_ERASED_IN_TIME")]
    assert LabelSet.objects.with_verdict().get(pk=made.pk).current_verdict == "release"
    made.refresh_from_db()
    assert (made.verdict, made.figures["items"]) == ("release", 120)
    keep_label_sets_in_step()
    assert LabelSetReview.objects.filter(label_set=made).count() == 2


def test_labels_measured_anew_give_what_they_gave_though_nobody_is_named(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.brought(version, labels.sound(wrong=10))
    assert set(Label.objects.values_list("annotator", flat=True)) == {""}
    review = review_label_set(actor=world[Role.STEWARD].actor, label_set_id=made.uid)
    assert review.verdict == made.verdict
    for figure in ("items", "labeled", "agreement", "lower", "upper", "gold", "classes"):
        assert review.figures[figure] == made.figures[figure], figure
    outcome = {each["check"]: each["outcome"] for each in made.findings}
    assert {each["check"]: each["outcome"] for each in review.findings} == outcome


def test_nobody_is_known_again_by_what_tells_answers_apart(world: World) -> None:
    made = labels.brought(labels.labeled_version(world.domain))
    answers = list(Label.objects.filter(label_set=made).values_list("answer", flat=True))
    assert len(set(answers)) == len(answers) == 360
    assert 0 not in answers


def test_erased_items_are_refused_with_their_line_and_without_their_name(world: World) -> None:
    version = labels.labeled_version(world.domain)
    content = labels.sound()
    made = labels.brought(version, content)
    gone = named(made)
    labels.erased(version, *gone)
    with pytest.raises(InvalidInput) as refused:
        labels.brought(version, content + b"\nnew,7,shale,0")
    told = [(reason.code, reason.field) for reason in refused.value.reasons]
    assert told == [("LABELS_ITEM_ERASED", f"content.{line}") for line in range(2, 8)]
    assert not any(name in str(reason.facts) for name in gone for reason in refused.value.reasons)
    anew: AssetVersion = made_from(catalog.asset(world.domain), version)
    with pytest.raises(InvalidInput) as refused:
        labels.with_items(anew, f"item\n{gone[0]}\nother".encode())
    assert [(each.code, each.field) for each in refused.value.reasons] == [
        ("LABELS_ITEM_ERASED", "content.2")
    ]


def test_a_person_is_erased_with_all_their_items_wherever_they_went(world: World) -> None:
    version = labels.labeled_version(world.domain)
    derived = made_from(catalog.asset(world.domain), version)
    other = catalog.published_asset(world.domain).versions.get()
    content = b"item,subject\na,p1\nb,p1\nc,p2"
    for each in (version, derived, other):
        labels.with_items(each, content)
    labels.brought(version, b"item,annotator,label\na,1,shale\na,2,shale\nc,1,shale")
    erasure = labels.erased(version, subjects=["p1"])
    assert (erasure.items, erasure.labels) == (4, 2)
    left = DatasetItem.objects.values_list("manifest__version", "name")
    assert sorted(left) == sorted(
        [(version.pk, "c"), (derived.pk, "c"), (other.pk, "a"), (other.pk, "b"), (other.pk, "c")]
    )
    anew = made_from(version.asset, version)
    with pytest.raises(InvalidInput) as refused:
        labels.with_items(anew, b"item,subject\nd,p1\nc,p2")
    assert [each.code for each in refused.value.reasons] == ["ITEMS_SUBJECT_ERASED"]


def test_no_name_stays_anywhere(world: World) -> None:
    version = labels.labeled_version(world.domain)
    labels.with_items(
        version, b"item,subject,split\nmarked-item-7,marked-person-9,train\nmarked-item-8,,test"
    )
    labels.brought(version, b"item,annotator,label\nmarked-item-7,1,shale\nmarked-item-8,1,shale")
    labels.erased(version, "marked-item-7", subjects=["marked-person-9"])
    keep_label_sets_in_step()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        holding = {"marked-item-7": [], "marked-person-9": [], "marked-item-8": []}
        for table in tables:
            for name, found in holding.items():
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{name}%"])  # noqa: S608
                if cursor.fetchone()[0]:
                    found.append(table)
    assert holding["marked-item-7"] == holding["marked-person-9"] == []
    assert set(holding["marked-item-8"]) == {"labeling_datasetitem", "labeling_label"}


def test_the_database_lets_nothing_go_but_by_an_erasure(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.brought(version)
    first, second = named(made)
    earlier = labels.erased(version, first)
    for row in (earlier, Tombstone.objects.get(), LabelSetReview.objects.get()):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk)._raw_delete("default")
    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("DELETE FROM labeling_label WHERE item = %s", [second])
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE labeling_label SET label = 'shale' WHERE item = %s", [second])
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("INSERT INTO labeling_nametoerase VALUES (%s, %s)", [earlier.pk, second])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Label.objects.filter(item=second).count() == 3


@pytest.mark.django_db(transaction=True)
def test_an_erasure_that_is_over_lets_nothing_go() -> None:
    made_world = accounts.world()
    version = labels.labeled_version(made_world.domain)
    made = labels.brought(version)
    first, second = named(made)
    earlier = labels.erased(version, first)
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="stay as they are"),
        transaction.atomic(),
    ):
        cursor.execute("INSERT INTO labeling_nametoerase VALUES (%s, %s)", [earlier.pk, second])
        cursor.execute("DELETE FROM labeling_label WHERE item = %s", [second])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "ITEMS_NOTHING_TO_ERASE"),
        ({"items": ["  "]}, "ITEMS_NOTHING_TO_ERASE"),
        ({"items": ["a"], "why": " "}, "ITEMS_ERASURE_UNEXPLAINED"),
        ({"items": ["a" * 1001]}, "ITEMS_NAME_TO_ERASE_LONG"),
        ({"items": ["a"] * 10_001}, "ITEMS_TOO_MANY_TO_ERASE"),
        ({"items": ["a"], "demanded_at": database_now}, "ITEMS_ERASURE_AHEAD"),
        ({"items": ["scan-[address 7].png"]}, "ITEMS_TOKEN_TO_ERASE"),
        ({"subjects": ["[address 7]"]}, "ITEMS_TOKEN_TO_ERASE"),
        ({"subjects": ["ada@example.org"]}, "ITEMS_ADDRESS_OF_SUBJECT"),
        ({"none_here": True}, "ITEMS_NONE_HERE_OF_NOBODY"),
    ],
)
def test_an_erasure_says_what_and_why(world: World, given: dict[str, Any], code: str) -> None:
    version = labels.labeled_version(world.domain)
    said = dict(given)
    if "demanded_at" in said:
        said["demanded_at"] = database_now() + timedelta(hours=1)
    with pytest.raises(InvalidInput) as refused:
        labels.erased(version, *said.pop("items", ()), **said)
    assert [each.code for each in refused.value.reasons] == [code]
    assert not ItemErasure.objects.exists()


def test_items_are_erased_by_those_who_answer_for_the_data(world: World) -> None:
    version = labels.labeled_version(world.domain)
    with pytest.raises(NotPermitted):
        labels.erased(version, "a", by=world[Role.SCIENTIST].actor)


def test_what_was_asked_for_and_not_done_for_a_day_blocks_the_labels(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.brought(version)
    occurred = in_effect(
        world.organization,
        Happening.ERASURE_GRANTED,
        version,
        approver=world[Role.COMPLIANCE_OFFICER].actor,
        has_other_ground=False,
    )
    keep_label_sets_in_step()
    assert not LabelSetReview.objects.exists()
    type(occurred).objects.filter(pk=occurred.pk).update(took_effect_at=database_now() - timedelta(hours=25))
    LabelSetReview.objects.create(
        label_set=made,
        verdict="release",
        findings=[],
        figures={},
        created_at=database_now() - timedelta(days=2),
    )
    keep_label_sets_in_step()
    newest = LabelSetReview.objects.latest("pk")
    assert newest.verdict == "blocked"
    assert checks(newest, "L13") == [("failed", "LABELS_ERASURE_OPEN")]
    duty = Duty.objects.filter(occurrence=occurred, asset=version.asset).earliest("pk")
    erasure = labels.erased(version, named(made)[0], duty_id=duty.uid)
    assert erasure.is_late
    keep_label_sets_in_step()
    newest = LabelSetReview.objects.latest("pk")
    assert (newest.verdict, checks(newest, "L13")) == ("release", [("noted", "LABELS_ERASED_LATE")])
    other = labels.labeled_version(world.domain)
    with pytest.raises(RuleBroken):
        labels.erased(other, "a", duty_id=duty.uid)


def demanded(world: World, version: AssetVersion, *, hours: int = 25) -> Duty:
    """One of those that follow from an erasure that was granted so long ago."""
    occurred = in_effect(
        world.organization,
        Happening.ERASURE_GRANTED,
        version,
        approver=world[Role.COMPLIANCE_OFFICER].actor,
        has_other_ground=False,
    )
    long_ago = database_now() - timedelta(hours=hours)
    type(occurred).objects.filter(pk=occurred.pk).update(took_effect_at=long_ago)
    return Duty.objects.filter(occurrence=occurred, asset=version.asset).earliest("pk")


def test_what_meets_nothing_answers_no_demand(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.brought(version)
    duty = demanded(world, version)
    with pytest.raises(RuleBroken) as refused:
        labels.erased(version, "core-of-nobody", duty_id=duty.uid)
    assert [(each.code, each.field) for each in refused.value.reasons] == [("ITEMS_ERASED_NOTHING", "items")]
    labels.erased(version, "core-of-nobody")
    review = review_label_set(actor=SYSTEM, label_set_id=made.uid)
    assert (review.verdict, checks(review, "L13")) == ("blocked", [("failed", "LABELS_ERASURE_OPEN")])
    unsaid = ItemErasure.objects.create(
        version=version,
        duty=duty,
        why="As it was recorded before anybody had to say so.",
        demanded_at=database_now() - timedelta(hours=1),
        due_at=database_now() + timedelta(hours=1),
        items=0,
        labels=0,
        created_at=database_now(),
    )
    unsaid.reached.create(version=version)
    review = review_label_set(actor=SYSTEM, label_set_id=made.uid)
    assert checks(review, "L13") == [("failed", "LABELS_ERASURE_OPEN")]


def test_who_says_that_none_are_here_answers_a_demand_and_no_more_waits(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made, untouched = labels.brought(version), labels.brought(version)
    duty = demanded(world, version)
    keep_label_sets_in_step()
    assert {each.verdict for each in LabelSetReview.objects.all()} <= {"blocked"}
    gone = named(made)[0]
    with pytest.raises(RuleBroken) as refused:
        labels.erased(version, gone, duty_id=duty.uid, none_here=True)
    assert [(each.code, each.facts) for each in refused.value.reasons] == [
        ("ITEMS_SOME_ARE_HERE", {"items": 0, "labels": 3})
    ]
    erasure = labels.erased(version, "core-later", duty_id=duty.uid, none_here=True)
    assert (erasure.items, erasure.labels, erasure.none_here, erasure.is_late) == (0, 0, True, True)
    review_after_erasure(erasure.uid)
    for each in (made, untouched):
        newest = LabelSetReview.objects.filter(label_set=each).latest("pk")
        assert (newest.verdict, checks(newest, "L13")) == ("release", [("noted", "LABELS_ERASED_LATE")])
    with pytest.raises(InvalidInput) as kept_out:
        labels.brought(version, b"item,annotator,label\ncore-later,7,shale\n")
    assert [each.code for each in kept_out.value.reasons] == ["LABELS_ITEM_ERASED"]


def test_the_database_keeps_that_none_are_here_to_what_met_nothing_for_a_duty(world: World) -> None:
    version = labels.labeled_version(world.domain)
    now = database_now()
    given = {"version": version, "why": "So.", "demanded_at": now, "due_at": now, "created_at": now}
    duty = demanded(world, version)
    for wrong in ({"items": 0, "labels": 0}, {"items": 0, "labels": 1, "duty": duty}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ItemErasure.objects.create(**given, **wrong, none_here=True)


def test_a_late_erasure_is_told_as_long_as_the_set_is(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.brought(version)
    duty = demanded(world, version)
    labels.erased(version, named(made)[0], duty_id=duty.uid)
    labels.erased(version, named(made)[0])
    for _ in range(2):
        review = review_label_set(actor=SYSTEM, label_set_id=made.uid)
        assert (review.verdict, checks(review, "L13")) == ("release", [("noted", "LABELS_ERASED_LATE")])
    later = labels.brought(version)
    assert checks(later, "L13") == [("noted", "LABELS_ERASED_LATE")]


def test_a_refused_file_about_an_erased_item_tells_its_line_alone_and_its_bytes_go(world: World) -> None:
    version = labels.labeled_version(world.domain)
    content = b"item,annotator,label\ncore-77,7,granite\ncore-78,7,granite\n"
    made = bring_labels_file(
        actor=SYSTEM,
        asset_version_id=version.uid,
        policy=labels.policy_of(version),
        content=BytesIO(content),
    )
    worked(made.uid)
    made.refresh_from_db()
    assert "core-77" in str(made.reasons)
    assert made.pieces.exists()
    labels.erased(version, "core-77")
    made.refresh_from_db()
    told = [(each["code"], each["field"].split(".")[:2]) for each in made.reasons]
    assert told == [
        ("LABELS_ITEM_ERASED", ["content", "2"]),
        ("LABELS_LABEL_OUTSIDE_SCHEMA", ["content", "3"]),
    ]
    assert "core-77" not in str(made.reasons)
    assert not made.pieces.exists()


def test_what_was_left_out_of_a_file_names_no_erased_item(world: World) -> None:
    version = labels.labeled_version(world.domain)
    content = b"item,annotator,label\ncore-77,7,granite\ncore-78,7,granite\ncore-79,7,shale\n"
    made = labels.brought(version, content, leave_out_faults=True)
    noted = LabelImport.objects.get(label_set=made)
    assert "core-77" in str(noted.reasons)
    labels.erased(version, "core-77")
    noted.refresh_from_db()
    assert "core-77" not in str(noted.reasons) and "core-78" in str(noted.reasons)
    later = labels.brought(version, content + b"core-80,7,shale\n", leave_out_faults=True)
    noted = LabelImport.objects.get(label_set=later)
    told = [(each["code"], each["field"]) for each in noted.reasons]
    assert told == [
        ("LABELS_ITEM_ERASED", "content.2"),
        ("LABELS_LABEL_OUTSIDE_SCHEMA", "content.3.core-78"),
    ]


def test_a_file_that_ends_after_an_erasure_names_no_erased_item(world: World) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.faulty_file(version)
    begun = begin_import(actor=SYSTEM, label_import_id=made.uid)
    with pytest.raises(InvalidInput) as found:
        labels.brought(version, labels.FAULTY)
    assert "content.3.a" in [reason.field for reason in found.value.reasons]
    labels.erased(version, "a")
    refuse_import(
        actor=SYSTEM, label_import_id=made.uid, run=begun.run, reasons=found.value.reasons, are_faults=True
    )
    made.refresh_from_db()
    assert [each["field"] for each in made.reasons] == ["content.4.label", "content.3"]
