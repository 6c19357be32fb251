"""A labeling policy while it is written: what does not fit is told at its field, or at its row of a table."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.models import LegalRecord
from apps.console.forms.rows import rows_of
from apps.console.records import KINDS
from tests.console.conftest import Browse
from tests.factories.access import AccessWorld
from tests.factories.records import kept, labeling_policy

POLICIES = "/records/labeling-policies/"
NEW = f"{POLICIES}new/"
LOOK = {"HX-Request": "true", "HX-Target": "findings"}
TABLE = {"HX-Request": "true", "HX-Target": "id_labels"}
MOST_QUERIES = 40
LONG = "Grains as fine as flour. " * 40


def typed(world: AccessWorld, **given: Any) -> dict[str, Any]:
    """As the form of a sound policy sends it."""
    content = labeling_policy(world.purposes["rock"].uid, datasets=(world.harmless.asset.uid,))
    said = KINDS["labeling-policies"].form.initial_of(content)
    rows = {name: said.pop(name) for name in ("labels", "evidence")}
    columns = [(f"labels-{name}", [row[name] for row in rows["labels"]]) for name in rows["labels"][0]]
    kept_of = {name: value for name, value in said.items() if value not in (None, "")}
    return {**kept_of, **dict(columns), "key": str(uuid4()), **given}


def kept_rows() -> int:
    return LegalRecord.objects.filter(kind="labeling-policies").count()


def test_a_policy_with_its_labels_is_written_and_read_back(world: AccessWorld, browse: Browse) -> None:
    sent = typed(world)
    sent["labels-definition"] = [LONG, "Splits.\nIn sheets.", "Cannot be told."]
    officer = browse("officer")
    answer = officer.post(NEW, {**sent, "save": "1"})
    assert answer.status_code == 302, answer.text
    said = LegalRecord.objects.get(kind="labeling-policies").versions.get().said
    assert [row.definition for row in said.labels] == [LONG.strip(), "Splits.\nIn sheets.", "Cannot be told."]
    assert [row.is_sensitive for row in said.labels] == [False] * 3
    assert [row.leaves_it_open for row in said.labels] == [False, False, True]
    again = officer.get(f"{answer.headers['Location']}edit/")
    assert again.context["form"]["labels"].value()[2]["leaves_it_open"] == "yes"
    assert "Splits.\nIn sheets." in again.text


def test_what_does_not_fit_is_told_while_it_is_written_and_nothing_is_kept(
    world: AccessWorld, browse: Browse
) -> None:
    sent = typed(world, annotations_per_item="1", gold_items="10", release_agreement="80 %")
    answer = browse("officer").post(NEW, sent, headers=LOOK)
    form = answer.context["form"]
    assert set(form.errors) == {"annotations_per_item", "release_agreement"}
    assert set(form.doubts) == {"gold_items"}
    assert "(L03, AI Act Art. 10(3))" in answer.text
    assert 'id="id_annotations_per_item_help" hx-swap-oob="true"' in answer.text
    assert "<html" not in answer.text and "<input" not in answer.text
    assert kept_rows() == 0
    sound = browse("officer").post(NEW, typed(world), headers=LOOK)
    assert "It can go to review." in sound.text


def test_what_is_only_missing_yet_is_listed_until_it_was_sent_once(
    world: AccessWorld, browse: Browse
) -> None:
    sent = {"key": str(uuid4()), "name": "", "labels-id": ["", "shale"]}
    answer = browse("officer").post(NEW, sent, headers=LOOK)
    assert not answer.context["form"].errors
    places = {each.control: str(each.text) for each in answer.context["looked"].missing}
    assert "id_task" in places
    assert places["id_labels_2_definition"] == "Labels, row 2: What it means"
    tried = browse("officer").post(NEW, {**sent, "tried": "1"}, headers=LOOK)
    assert {"name", "task", "labels"} <= set(tried.context["form"].errors)
    assert 'id="id_labels_2_told" hx-swap-oob="true"><p class="error">' in tried.text


def test_a_fault_of_a_row_is_told_at_the_row(world: AccessWorld, browse: Browse) -> None:
    sent = typed(world)
    sent["labels-id"] = ["shale", "shale", "unsure"]
    sent["labels-is_sensitive"] = ["no", "no", "perhaps"]
    answer = browse("officer").post(NEW, {**sent, "save": "1"})
    assert answer.status_code == 400
    assert 'href="#id_labels_3_is_sensitive">Row 3: Choose one of the words of the list.' in answer.text
    sent["labels-is_sensitive"] = ["no"] * 3
    checked = browse("officer").post(NEW, {**sent, "check": "1"})
    assert checked.status_code == 200
    assert 'href="#id_labels_2_id">Row 2: The label «shale» is there twice.' in checked.text
    assert kept_rows() == 0


@pytest.mark.parametrize(
    ("act", "ids"),
    [
        ("add:0", ["sandstone", "shale", "unsure", ""]),
        ("remove:1", ["shale", "unsure", ""]),
        ("up:3", ["sandstone", "unsure", "shale", ""]),
        ("up:1", ["sandstone", "shale", "unsure", ""]),
        ("remove:99", ["sandstone", "shale", "unsure", ""]),
    ],
)
def test_rows_are_added_taken_out_and_moved_without_a_script(
    world: AccessWorld, browse: Browse, act: str, ids: list[str]
) -> None:
    answer = browse("officer").post(NEW, {**typed(world), "rows": f"labels:{act}"})
    assert answer.status_code == 200
    assert ids_shown(answer) == ids
    assert "There is a problem" not in answer.text
    alone = browse("officer").post(NEW, {**typed(world), "rows": f"labels:{act}"}, headers=TABLE)
    assert alone.text.lstrip().startswith("<fieldset")
    assert alone.headers["HX-Trigger-After-Settle"] == "look"
    assert kept_rows() == 0


def ids_shown(answer: HttpResponse) -> list[str]:
    form: Any = answer.context["form"]  # type: ignore[attr-defined]
    return [row.cells[0].text for row in rows_of(form["labels"])]


@pytest.mark.parametrize("act", ["nothing:add:0", "name:add:0", "labels:add", "labels:eat:1", "\0"])
def test_what_is_no_act_on_rows_moves_none(world: AccessWorld, browse: Browse, act: str) -> None:
    answer = browse("officer").post(NEW, {**typed(world), "rows": act, "find": "datasets"})
    assert ids_shown(answer) == ["sandstone", "shale", "unsure", ""]


def test_looking_reads_little_and_nothing_that_is_hidden(world: AccessWorld, browse: Browse) -> None:
    elsewhere = labeling_policy(world.purposes["rock"].uid, datasets=(world.harmless.asset.uid,))
    record = kept(world.organization, LABELING_POLICIES, elsewhere)
    sent = typed(world, vendor=str(UUID(int=9)), workforce="vendor")
    officer = browse("officer")
    answer = officer.post(NEW, sent, headers=LOOK)
    assert "vendor" in answer.context["form"].errors
    page = f"{POLICIES}{record.uid}/edit/"
    with CaptureQueriesContext(connection) as asked:
        officer.post(page, {**typed(world), "row_version": "1"}, headers=LOOK)
    assert len(asked) <= MOST_QUERIES
    assert browse("scientist").post(page, typed(world), headers=LOOK).status_code in {403, 404}
