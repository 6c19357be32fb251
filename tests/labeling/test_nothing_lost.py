"""What a reader could take for something else without a word: each is told, or kept apart."""

from __future__ import annotations

import io
from typing import Any

import pytest

from apps.kernel.errors import RuleBroken
from apps.kernel.texts import sentence
from apps.labeling.imports.addresses import addresses_in, without_addresses
from apps.labeling.imports.elements import LARGEST_ELEMENT
from apps.labeling.imports.reading import read_export
from tests.labeling.exports import choice, coco, faults_of, label_studio, labels_of, table, task


def answer(question: str, label: str) -> dict[str, Any]:
    return {"id": "r", "type": "choices", "from_name": question, "value": {"choices": [label]}}


def answers(id: int, by: int, *said: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "completed_by": by, "result": list(said)}


def test_answers_to_another_question_are_told_and_never_put_together() -> None:
    """«toxic: yes, spam: no» and «toxic: no, spam: yes» were the same answer."""
    content = label_studio(
        task(1, answers(1, 7, answer("toxic", "yes"), answer("spam", "no"))),
        task(2, answers(2, 8, answer("toxic", "no"), answer("spam", "yes"))),
    )
    assert faults_of(content) == [(2, "LABELS_SEVERAL_QUESTIONS"), (3, "LABELS_SEVERAL_QUESTIONS")]
    assert labels_of(read_export(content)) == [("1", "7", "yes"), ("2", "8", "no")]


def test_leaves_of_a_taxonomy_stay_under_their_branches() -> None:
    def path(id: int, *parts: str) -> dict[str, Any]:
        result = {"type": "taxonomy", "from_name": "kind", "value": {"taxonomy": [list(parts)]}}
        return {"id": id, "completed_by": id, "result": [result]}

    found = read_export(label_studio(task(1, path(1, "animal", "other"), path(2, "plant", "other"))))
    assert [each.label for each in found.annotations] == ["animal / other", "plant / other"]
    assert faults_of(label_studio(task(1, path(1, "animal", "")))) == [(2, "LABELS_LABEL_EMPTY")]


@pytest.mark.parametrize("said", [{"was_cancelled": "true"}, {"ground_truth": 1}, {"was_cancelled": [True]}])
def test_what_is_neither_true_nor_false_is_not_taken_for_no(said: dict[str, Any]) -> None:
    assert faults_of(label_studio(task(1, choice(1, "cat", **said)))) == [(2, "LABELS_PART_MALFORMED")]


def test_nobody_is_a_machine_and_the_truth_at_once() -> None:
    content = table("a,kim,cat,1,1", head="item,annotator,label,ground_truth,machine")
    assert faults_of(content) == [(2, "LABELS_PART_MALFORMED")]


def test_a_key_that_stands_twice_loses_nothing_without_a_word() -> None:
    content = b'[\n{"id": 1, "annotations": [{"id": 1, "result": [1]}], "annotations": []}]'
    with pytest.raises(RuleBroken) as refused:
        read_export(content)
    assert "line 2: the key «annotations» stands there twice" in sentence(refused.value.reasons[0])


def test_two_pictures_or_classes_of_one_name_never_become_one() -> None:
    pictures = [{"id": number, "file_name": "one.jpg"} for number in (1, 2)]
    classes = [{"id": number, "name": "cat"} for number in (1, 2)]
    assert faults_of(coco(images=pictures)) == [(1, "LABELS_ID_TWICE")]
    assert faults_of(coco(categories=classes)) == [(2, "LABELS_ID_TWICE")]


def test_coco_is_known_however_much_is_said_before_its_lists() -> None:
    content = coco({"id": 1, "image_id": 1, "category_id": 1})
    told = content.replace(b"{", b'{"info": {"description": "' + b"x" * 10_000 + b'"},', 1)
    assert labels_of(read_export(told)) == labels_of(read_export(content))


def test_coco_without_a_list_of_annotations_is_not_taken_for_an_empty_one() -> None:
    with pytest.raises(RuleBroken) as refused:
        read_export(b'{"images": [{"id": 1, "file_name": "a.jpg"}]}')
    assert "no list of annotations" in sentence(refused.value.reasons[0])


def test_an_attribute_without_an_end_is_given_up_before_it_is_held() -> None:
    begun = b'<annotations><image name="'
    content = io.BytesIO(begun + b"y" * (LARGEST_ELEMENT + (1 << 20)))
    with pytest.raises(RuleBroken) as refused:
        read_export(content)
    assert [reason.code for reason in refused.value.reasons] == ["LABELS_TOO_LARGE"]


def test_addresses_are_found_however_their_sign_is_written() -> None:
    assert addresses_in("photos/ada.lovelace%40example.org/1.jpg") == 1
    assert without_addresses("ada%40example.org") == "[address]"
    content = label_studio(task(1, choice(1, "cat"), image="ada%40example.org/1.jpg"))
    assert labels_of(read_export(content)) == [("[address 1]/1.jpg", "1", "cat")]
    written = content.replace(b"%40", b"\\u0040")
    found = read_export(written)
    assert (found.emails, labels_of(found)) == (1, [("[address 1]/1.jpg", "1", "cat")])


def test_a_telephone_number_is_no_number_of_a_tool() -> None:
    found = read_export(table("a,4915112345678,cat", "b,4711,cat"))
    assert [each.annotator for each in found.annotations] == ["annotator-1", "4711"]
