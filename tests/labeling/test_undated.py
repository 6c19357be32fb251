"""L01: what says no day may have been labeled by the guideline before."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from apps.catalog.models import AssetVersion
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.labeling.checks.around import CitedFacts, WhenFacts
from apps.labeling.checks.who import of_cited
from apps.labeling.commands import review_label_set
from apps.labeling.imports.addresses import Pseudonyms
from apps.labeling.imports.attribution import SaidOfFile, attributed
from apps.labeling.imports.reading import read_export
from apps.labeling.imports.worked import first_day, undated_in
from apps.labeling.models import LabelSet
from tests.factories import accounts, catalog, labels
from tests.labeling.exports import choice, coco, cvat, label_studio, table, task

SINCE = date(2026, 3, 2)
BEFORE = SINCE - timedelta(days=1)
NAMED = {"are_raw_kept": True, "raw_activity": uuid4(), "raw_retention": uuid4()}
MADE = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5]}


@pytest.mark.parametrize(
    ("has_earlier", "when", "outcome"),
    [
        (False, WhenFacts(undated=3), "passed"),
        (True, WhenFacts(), "passed"),
        (True, WhenFacts(undated=1), "unmeasured"),
        (True, WhenFacts(undated=1, first=SINCE), "unmeasured"),
        (True, WhenFacts(undated=1, begun=SINCE), "passed"),
        (True, WhenFacts(undated=1, begun=BEFORE), "unmeasured"),
        (True, WhenFacts(first=SINCE, begun=BEFORE), "passed"),
        (True, WhenFacts(undated=1, first=BEFORE), "failed"),
    ],
)
def test_without_days_nobody_knows_which_guideline_was_followed(
    has_earlier: bool, when: WhenFacts, outcome: str
) -> None:
    cited = CitedFacts(
        ref="LP-0001",
        number=3,
        guideline_version="2",
        guideline_sha256="a" * 64,
        since=SINCE,
        has_earlier=has_earlier,
    )
    assert [each.outcome.value for each in of_cited(cited, when)] == [outcome]


@pytest.mark.parametrize(
    ("content", "undated", "first"),
    [
        (table("a,1,cat", "b,1,dog"), 2, None),
        (table("a,1,cat,2026-03-02", "b,1,dog,", head="item,annotator,label,at"), 1, SINCE),
        (table("a,1,cat,2026-03-02,1", "b,1,dog,,1", head="item,annotator,label,at,machine"), 0, None),
        (label_studio(task(1, choice(1, "cat"))), 1, None),
        (label_studio(task(1, choice(1, "cat", by=None, created_at="2026-03-02T01:00:00Z"))), 0, SINCE),
        (coco(MADE), 1, None),
        (coco({**MADE, "at": "2026-03-02"}, {**MADE, "id": 2}), 1, SINCE),
        (cvat('<image name="a"><tag label="cat"/></image>'), 1, None),
    ],
)
def test_it_is_counted_what_says_no_day(content: bytes, undated: int, first: date | None) -> None:
    export = read_export(content)
    assert not export.faults
    assert undated_in(export.annotations, export.work) == undated
    assert (first_day(export.work) if undated < 2 and first else None) == first


def test_days_of_what_names_nobody_are_those_of_whoever_labeled_it() -> None:
    people = Pseudonyms()
    content = coco({**MADE, "at": "2026-03-02"}, {**MADE, "id": 2, "annotator": 7, "at": "2026-03-03"})
    export, who = attributed(read_export(content, people=people), SaidOfFile(labeled_by="7"), people)
    assert (who, sorted(export.work["7"].seconds)) == ("7", [SINCE, SINCE + timedelta(days=1)])
    assert undated_in(export.annotations, export.work) == 0


@pytest.mark.parametrize("at", ["2.3.2026", 5, True])
def test_a_day_that_is_none_is_a_fault_of_its_line(at: object) -> None:
    (fault,) = read_export(coco({**MADE, "at": at})).faults
    assert (fault.line, fault.place, fault.reason.code) == (4, "at", "LABELS_PART_MALFORMED")


def test_a_label_is_not_older_than_the_task_in_which_it_was_given() -> None:
    picture = '<image name="a"><tag label="cat"/></image>'
    created = "<created>2026-03-02 08:57:24.614217+00:00</created>"
    assert read_export(cvat(picture, meta=created)).begun == SINCE
    assert read_export(cvat(picture, meta="<created>soon</created>")).begun is None
    assert read_export(cvat(picture)).begun is None


@pytest.fixture
def version(db: None) -> AssetVersion:
    """Its policy has another guideline since today."""
    found = labels.labeled_version(accounts.world().domain, **NAMED)
    labels.policy_restated(found, guideline_version="3", guideline_sha256="b" * 64)
    return found


def l01(made: LabelSet) -> list[tuple[str, str]]:
    review = review_label_set(actor=SYSTEM, label_set_id=made.uid)
    found = [
        [(each["outcome"], each["reason"]["code"]) for each in of.findings if each["check"] == "L01"]
        for of in (made, review)
    ]
    assert found[0] == found[1]
    return found[0]


UNDATED = [("unmeasured", "LABELS_CITE_WITHOUT_DAYS")]
CITED = [("passed", "LABELS_CITE_SCHEMA")]


def test_a_set_without_days_is_blocked_once_the_guideline_changed(version: AssetVersion) -> None:
    today = database_now().date()
    made = labels.brought(version)
    assert (made.verdict, l01(made)) == ("blocked", UNDATED)
    dated = labels.brought(version, labels.dated(labels.sound(), today))
    assert (dated.verdict, l01(dated)) == ("release", CITED)
    later = labels.brought(version, b"item,annotator,label\nother,7,shale", together_with=dated.uid)
    assert l01(later) == UNDATED
    head = b"item,annotator,label,at\n"
    all_dated = labels.brought(version, head + f"other,7,shale,{today}".encode(), together_with=dated.uid)
    assert l01(all_dated) == CITED


def test_a_guideline_that_was_never_about_these_data_is_none_of_theirs(version: AssetVersion) -> None:
    other = catalog.published_asset(version.asset.domain).versions.get()
    data = (version.asset.uid, other.asset.uid)
    labels.policy_restated(version, guideline_version="4", guideline_sha256="c" * 64, datasets=data)
    assert l01(labels.brought(version)) == UNDATED
    assert l01(labels.brought(other)) == CITED
