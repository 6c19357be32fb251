"""Exports that name nobody: whoever brings one says who labeled it, and several become one set of labels."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.accounts.roles import Role
from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.labeling import LabelTask
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import Conflict, InvalidInput, LakewardenError, NotFound, RuleBroken
from apps.labeling import commands
from apps.labeling.commands import review_label_set
from apps.labeling.models import LabelImport, LabelSet
from apps.labeling.roster.standing import AnnotatorRole
from apps.labeling.work.job import worked
from tests.factories import accounts, labels, roster
from tests.factories.accounts import World
from tests.labeling.exports import ITEMS, KINDS, box, cvat, in_coco, in_cvat, label_studio, task

pytestmark = pytest.mark.django_db
Drawn = Callable[..., bytes]


def named_version(world: World, task: LabelTask = LabelTask.BOX) -> AssetVersion:
    names = {"are_raw_kept": True, "raw_activity": world.domain.uid, "raw_retention": world.domain.uid}
    return labels.labeled_version(world.domain, task=task, **names)


@pytest.fixture
def version(world: World) -> AssetVersion:
    return named_version(world)


@pytest.fixture
def classes(world: World) -> AssetVersion:
    """Whose items have a class each, and nothing is drawn."""
    return named_version(world, LabelTask.CLASSIFICATION)


def outcomes(made: LabelSet) -> dict[str, str]:
    """The worst of each check."""
    ranks = ["passed", "noted", "research_only", "unmeasured", "failed"]
    found: dict[str, str] = {}
    for each in made.findings:
        before = found.get(each["check"], "passed")
        found[each["check"]] = max(before, each["outcome"], key=ranks.index)
    return found


def codes(made: LabelSet, check: str) -> set[str]:
    return {each["reason"]["code"] for each in made.findings if each["check"] == check}


def who(made: LabelSet, *, gold: bool = False) -> set[str]:
    return set(made.labels.filter(is_gold=gold).values_list("annotator", flat=True))


@pytest.mark.parametrize("drawn", [in_coco, in_cvat])
def test_two_exports_and_gold_are_measured_and_released(version: AssetVersion, drawn: Drawn) -> None:
    nobody = labels.brought(version, drawn(wrong=2))
    assert (nobody.verdict, outcomes(nobody)["L02"]) == ("blocked", "unmeasured")
    one = labels.brought(version, drawn(wrong=2), labeled_by="7")
    assert (one.labeled_by, who(one), one.verdict) == ("7", {"7"}, "blocked")
    two = labels.brought(version, drawn(wrong=3, shift=1), labeled_by=labels.ADDRESS, together_with=one.uid)
    assert (two.labeled_by, who(two), two.annotations) == ("8", {"7", "8"}, 2 * ITEMS)
    assert outcomes(two)["L04"] == "passed" and outcomes(two)["L07"] == "failed"
    gold = labels.brought(
        version, drawn(shift=2), labeled_by=labels.EXPERT, is_gold=True, together_with=two.uid
    )
    assert (gold.verdict, gold.annotations) == ("release", 3 * ITEMS), outcomes(gold)
    assert gold.figures["items"] == ITEMS and gold.figures["gold"]["total"] > ITEMS
    assert gold.together_with == two
    review = review_label_set(actor=SYSTEM, label_set_id=gold.uid)
    assert (review.verdict, review.figures["agreement"]) == ("release", gold.figures["agreement"])
    assert one.labels.count() == ITEMS
    hashes = {each.asset_version.content_sha256 for each in (one, two, gold) if each.asset_version}
    assert len(hashes) == 3


def test_a_worker_reads_them_alike(version: AssetVersion) -> None:
    one = read(version, in_coco(wrong=2), labeled_by="7").label_set
    assert one is not None
    made = read(version, in_coco(wrong=3), labeled_by="8", together_with=one.uid)
    assert made.label_set is not None
    assert (made.labeled_by, who(made.label_set)) == ("8", {"7", "8"})
    assert made.label_set.figures["agreement"] > 0.9


def test_who_disagrees_is_not_released(version: AssetVersion) -> None:
    one = labels.brought(version, in_coco(), labeled_by="7")
    two = labels.brought(version, in_coco(wrong=60), labeled_by="8", together_with=one.uid)
    gold = labels.brought(version, in_coco(wrong=1), is_gold=True, together_with=two.uid)
    assert (gold.verdict, outcomes(gold)["L04"], outcomes(gold)["L07"]) == ("blocked", "failed", "failed")


def test_two_people_may_export_the_same_bytes_and_nobody_brings_a_file_twice(version: AssetVersion) -> None:
    same = in_coco()
    one = labels.brought(version, same, labeled_by="7")
    with pytest.raises(Conflict):
        labels.brought(version, same, labeled_by="7")
    with pytest.raises(InvalidInput) as refused:
        labels.brought(version, same, labeled_by="7", together_with=one.uid)
    assert {each.code for each in refused.value.reasons} == {
        "LABELS_ANSWERED_BEFORE",
        "LABELS_MORE_FAULTS_ALIKE",
    }
    with pytest.raises(RuleBroken) as mixed:
        labels.brought(version, same, is_gold=True, together_with=one.uid)
    assert mixed.value.reasons[0].code == "LABELS_GOLD_AND_ANSWERS"
    two = labels.brought(version, same, labeled_by="8", together_with=one.uid)
    assert outcomes(two)["L02"] == "unmeasured"
    assert "LABELS_DRAWN_ALIKE" in codes(two, "L02")
    with pytest.raises(Conflict):
        labels.brought(version, same, labeled_by="8", together_with=one.uid)


@pytest.mark.parametrize("is_gold", [False, True])
def test_one_file_with_a_blank_behind_it_is_not_two_peoples(version: AssetVersion, is_gold: bool) -> None:
    """A control: those who draw for themselves are a point or two apart."""
    who = {"labeled_by": labels.EXPERT if is_gold else "8", "is_gold": is_gold}
    one = labels.brought(version, in_coco(), labeled_by="7")
    alike = labels.brought(version, in_coco(wrong=5) + b" ", together_with=one.uid, **who)
    (told,) = (each for each in alike.findings if each["reason"]["code"] == "LABELS_DRAWN_ALIKE")
    other = "gold" if is_gold else "8"
    assert told["reason"]["facts"] == {"one": "7", "other": other, "same": 115, "drawn": 120}
    apart = labels.brought(version, in_coco(wrong=5, shift=0.5), together_with=one.uid, **who)
    assert "LABELS_DRAWN_ALIKE" not in codes(apart, "L02")


def test_the_same_classes_throughout_are_noted_alone(classes: AssetVersion) -> None:
    version = classes
    tags = (
        f'<image id="{n}" name="{n}.png" width="9" height="9"><tag label="{KINDS[n % 2]}"/></image>'
        for n in range(ITEMS)
    )
    same = cvat(*tags, labels=KINDS)
    one = labels.brought(version, same, labeled_by="7")
    two = labels.brought(version, same, labeled_by="8", together_with=one.uid)
    assert "LABELS_SAME_BYTES" in codes(two, "L02") and outcomes(two)["L02"] == "noted"
    gold = labels.brought(
        version, same + b"\n", labeled_by=labels.EXPERT, is_gold=True, together_with=two.uid
    )
    assert gold.verdict == "release", outcomes(gold)


def test_what_is_true_is_said_once(version: AssetVersion) -> None:
    one = labels.brought(version, in_coco(), is_gold=True)
    with pytest.raises(InvalidInput) as refused:
        labels.brought(version, in_coco(wrong=1), is_gold=True, together_with=one.uid)
    assert refused.value.reasons[0].code == "LABELS_GOLD_BEFORE"


def test_whoever_made_the_gold_is_not_held_against_it(version: AssetVersion) -> None:
    one = labels.brought(version, in_coco(), labeled_by="7")
    gold = labels.brought(version, in_coco(wrong=1), labeled_by="7", is_gold=True, together_with=one.uid)
    assert gold.figures["gold"]["total"] == 0


def test_nothing_on_an_item_is_an_answer_where_it_was_looked_at(version: AssetVersion) -> None:
    silent = set(range(20))
    one = labels.brought(version, in_coco(), labeled_by="7")
    unsaid = labels.brought(version, in_coco(empty=silent), labeled_by="8", together_with=one.uid)
    assert unsaid.figures["agreement"] == 1
    said = labels.brought(
        version, in_coco(empty=silent), labeled_by="8", all_items_seen=True, together_with=one.uid
    )
    assert said.figures["agreement"] < 0.9
    assert said.labels.filter(annotator="8", label="").count() == len(silent)


def test_items_that_nobody_labeled_count_in_what_is_put_together(version: AssetVersion) -> None:
    one = labels.brought(version, in_coco(empty=range(30)), labeled_by="7")
    two = labels.brought(version, in_coco(empty=range(30), wrong=40), labeled_by="8", together_with=one.uid)
    assert outcomes(two)["L08"] == "failed"


def test_erased_items_are_not_in_what_is_added_to(version: AssetVersion) -> None:
    one = labels.brought(version, in_coco(), labeled_by="7")
    labels.erased(version, "3.png")
    with pytest.raises(InvalidInput) as refused:
        labels.brought(version, in_coco(wrong=1), labeled_by="8", together_with=one.uid)
    assert {each.code for each in refused.value.reasons} == {"LABELS_ITEM_ERASED"}
    two = labels.brought(
        version, in_coco(wrong=1), labeled_by="8", together_with=one.uid, leave_out_faults=True
    )
    assert not two.labels.filter(item="3.png").exists()
    assert (two.annotations, two.figures["items"]) == (2 * (ITEMS - 1), ITEMS - 1)
    labels.erased(version, "4.png")
    assert not two.labels.filter(item="4.png").exists()
    assert review_label_set(actor=SYSTEM, label_set_id=two.uid).figures["items"] == ITEMS - 2


def test_items_that_are_erased_while_a_file_is_read_are_not_kept(
    version: AssetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = labels.brought(version, in_coco(), labeled_by="7")
    made = taken(version, in_coco(wrong=1, empty={3}), labeled_by="8", together_with=one.uid)
    keep = commands.importing.kept_labels

    def late(*given: Any, **named: Any) -> LabelSet:
        labels.erased(version, "3.png")
        return keep(*given, **named)

    monkeypatch.setattr(commands.importing, "kept_labels", late)
    worked(made.uid)
    made.refresh_from_db()
    assert made.state == "refused"
    assert [each["code"] for each in made.reasons] == ["ITEMS_CHANGED"]


def test_numbers_of_one_file_stand_for_nobody_in_the_next(classes: AssetVersion) -> None:
    version = classes
    table = "item,annotator,label\nx {0}@b.org,{0},shale\ny,{0},shale\n"
    one = labels.brought(version, table.format("ann").encode())
    two = labels.brought(version, table.format("bob").encode(), together_with=one.uid)
    assert who(two) == {"annotator-1", "annotator-2"}
    assert set(two.labels.values_list("item", flat=True)) == {"x [address 1]", "x [address 2]", "y"}
    assert outcomes(two)["L02"] == "failed"


def test_what_was_found_by_days_stays(classes: AssetVersion) -> None:
    policy, version = roster.policy_about(classes), classes
    dated = b"item,annotator,label,at\n" + b"\n".join(b"%d.png,7,shale,2020-01-01" % n for n in range(5))
    one = labels.brought(version, dated)
    assert "LABELS_BY_SOMEBODY_NOT_LISTED_THEN" in codes(one, "L02")
    roster.entered(policy, "9")
    more = b"item,annotator,label\n" + b"\n".join(b"%d.png,9,shale" % item for item in range(5))
    two = labels.brought(version, more, together_with=one.uid)
    assert "LABELS_BY_SOMEBODY_NOT_LISTED_THEN" in codes(two, "L02")
    assert two.figures["first_day"] == "2020-01-01"


def test_somebody_unknown_is_a_pseudonym_and_blocks(version: AssetVersion) -> None:
    made = labels.brought(version, in_coco(), labeled_by="somebody@example.com")
    assert (made.labeled_by, who(made)) == ("annotator-1", {"annotator-1"})
    assert "LABELS_BY_UNKNOWN" in codes(made, "L02")
    with pytest.raises(Conflict):
        labels.brought(version, in_coco(), labeled_by="somebody else")


def test_an_adjudicator_adds_what_settles(version: AssetVersion) -> None:
    roster.entered(roster.policy_about(version), "20", role=AnnotatorRole.ADJUDICATOR)
    one = labels.brought(version, in_coco(), labeled_by="7")
    two = labels.brought(version, in_coco(wrong=9), labeled_by="8", together_with=one.uid)
    settled = labels.brought(version, in_coco(9, wrong=1), labeled_by="20", together_with=two.uid)
    assert settled.labels.filter(is_settled=True).count() == 9
    assert settled.figures["agreement"] == two.figures["agreement"]
    assert "LABELS_SETTLED_BY_OTHERS" in codes(settled, "L02")


def test_where_it_is_not_kept_who_labeled_nothing_is_put_together(world: World) -> None:
    version = labels.labeled_version(world.domain, task=LabelTask.BOX)
    one = labels.brought(version, in_coco(), labeled_by="7")
    assert (one.labeled_by, who(one)) == ("annotator-1", {""})
    assert outcomes(one)["L02"] == "passed"
    with pytest.raises(RuleBroken) as refused:
        labels.brought(version, in_coco(), labeled_by="8", together_with=one.uid)
    assert refused.value.reasons[0].code == "LABELS_JOINED_NAMELESS"
    with pytest.raises(Conflict):
        labels.brought(version, in_coco(), labeled_by="8")
    made = read(version, in_coco(wrong=1), labeled_by="7")
    assert (made.state, made.labeled_by) == ("done", "annotator-1")


def test_a_refused_file_does_not_tell_who_labeled_it(version: AssetVersion) -> None:
    made = read(version, b"{", labeled_by="7")
    assert (made.state, made.labeled_by) == ("refused", "annotator-1")


def test_sets_are_put_together_with_their_like_alone(world: World, version: AssetVersion) -> None:
    one = labels.brought(version, in_coco(), labeled_by="7")
    other = named_version(world)
    refused_for(other, "LABELS_JOINED_OTHER_DATA", together_with=one.uid)
    refused_for(version, "LABELS_SEEN_BY_NOBODY", all_items_seen=True)
    refused_for(version, "LABELS_LABELED_BY_TOO_LONG", labeled_by="7" * 255)
    with pytest.raises(NotFound):
        labels.brought(version, in_coco(wrong=1), together_with=other.uid)
    stranger = accounts.player(world.organization, Role.STEWARD).actor
    assert labels.brought(version, in_coco(wrong=1), labeled_by="8", by=stranger, together_with=one.uid)


def test_reviews_whose_authors_are_not_kept_end_there(version: AssetVersion) -> None:
    reviews = [{"created_by": 9}]
    one = labels.brought(version, label_studio(task(1, box(1, "shale", by=7, reviews=reviews))))
    assert "LABELS_SETTLED_BY_OTHERS" in codes(one, "L02")
    refused_for(version, "LABELS_JOINED_REVIEWED", together_with=one.uid)


def refused_for(version: AssetVersion, code: str, **given: Any) -> None:
    with pytest.raises(LakewardenError) as refused:
        labels.brought(version, in_coco(wrong=1), **given)
    assert [each.code for each in refused.value.reasons] == [code]


def test_cvat_names_whoever_has_the_job(version: AssetVersion) -> None:
    job = (
        "<assignee><username>ada</username><email>Ada@example.org</email></assignee>"
        "<owner><username>7</username></owner>"
    )
    export = in_cvat(meta=job).replace(b"<task>", b"<job>").replace(b"</task>", b"</job>")
    assert who(labels.brought(version, export)) == {"8"}
    assert who(labels.brought(version, export, labeled_by="7")) == {"7"}
    assert who(labels.brought(version, in_cvat(meta=job))) == {""}


def test_coco_names_an_annotator_where_label_studio_wrote_one(version: AssetVersion) -> None:
    made = labels.brought(version, in_coco(annotator=labels.ADDRESS), labeled_by="7")
    assert who(made) == {"8"}


def taken(version: AssetVersion, content: bytes, **given: Any) -> LabelImport:
    made: LabelImport = commands.bring_labels_file(
        actor=SYSTEM,
        asset_version_id=version.uid,
        policy=labels.policy_of(version),
        content=io.BytesIO(content),
        **given,
    )
    return made


def read(version: AssetVersion, content: bytes, **given: Any) -> LabelImport:
    made = taken(version, content, **given)
    worked(made.uid)
    made.refresh_from_db()
    return made


def test_the_report_measures_several_files_at_once(tmp_path: Path) -> None:
    one, two, truth = (tmp_path / name for name in ("one.json", "two.json", "truth.json"))
    one.write_bytes(in_coco(wrong=2))
    two.write_bytes(in_coco(wrong=3))
    truth.write_bytes(in_coco())

    def report(*given: str) -> str:
        out = io.StringIO()
        call_command("label_report", str(one), str(two), *given, stdout=out)
        return out.getvalue()

    named = ["--labeled-by=ann", "--labeled-by=bob", f"--gold={truth}"]
    told = report(*named)
    assert f"coco: {3 * ITEMS} annotations on {ITEMS} items" in told
    assert "Verdict: release" in told
    assert "Verdict: blocked" in report(f"--gold={truth}")
    with pytest.raises(CommandError, match="once for each file"):
        report("--labeled-by=ann")
    with pytest.raises(CommandError, match="Nothing was measured"):
        report("--labeled-by=ann", "--labeled-by=ann")
