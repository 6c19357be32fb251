"""What is material in another version of an activity, so that its impact assessment is made anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from apps.compliance.lifecycle import DataSubjectCategory, Recipient, RecipientKind, SecurityMeasure
from apps.compliance.lifecycle.activity import ActivityContent
from apps.compliance.lifecycle.activity.content import Transfer
from apps.compliance.lifecycle.activity.material import material_changes
from apps.compliance.lifecycle.activity.particulars import (
    Automation,
    DataPlace,
    PersonalData,
    SpecialCategory,
    SubjectsBand,
)
from tests.factories.compliance import particulars

ONE, TWO = UUID(int=1), UUID(int=2)
BEFORE = ActivityContent(
    name="Upkeep of pumps",
    purpose_ids=(ONE,),
    asset_ids=(ONE,),
    data_subject_categories=frozenset({DataSubjectCategory.EMPLOYEE}),
    recipients=(Recipient(kind=RecipientKind.PROCESSOR, party="Cloud Inc."),),
    particulars=particulars(
        personal_data=(PersonalData(category="EmailAddress", columns="mail, name"),),
        subjects_band=SubjectsBand.HUNDREDS,
        automation=Automation.PROFILING,
    ),
)
MAIL = PersonalData(category="EmailAddress", columns="mail, name")
GROWN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("purposes", {"purpose_ids": (ONE, TWO)}, {}),
    ("data", {"asset_ids": (ONE, TWO)}, {}),
    ("people", {"data_subject_categories": frozenset({DataSubjectCategory.PATIENT})}, {}),
    ("recipients", {"recipients": (Recipient(kind=RecipientKind.PROCESSOR, party="Other Inc."),)}, {}),
    ("categories", {}, {"personal_data": (MAIL, PersonalData(category="Salary"))}),
    ("categories", {}, {"personal_data": (replace(MAIL, special_kind=SpecialCategory.HEALTH),)}),
    ("columns", {}, {"personal_data": (replace(MAIL, columns="mail, name, shift"),)}),
    ("countries", {}, {"places": (DataPlace(country="DE"), DataPlace(country="IN"))}),
    ("countries", {"transfers": (Transfer(country="US", importer="Cloud Inc."),)}, {}),
    ("transfers", {}, {"transfer_records": (ONE,)}),
    ("scale", {}, {"subjects_band": SubjectsBand.MANY}),
    ("task", {}, {"automation": Automation.SIGNIFICANT}),
]


def changed(
    said: dict[str, Any], particular: dict[str, Any], before: ActivityContent = BEFORE
) -> ActivityContent:
    return replace(before, **said, particulars=replace(before.particulars, **particular))


@pytest.mark.parametrize(("aspect", "said", "particular"), GROWN)
def test_more_of_anything_is_material_and_less_of_it_is_not(
    aspect: str, said: dict[str, Any], particular: dict[str, Any]
) -> None:
    after = changed(said, particular)
    assert material_changes(BEFORE, after) == (aspect,)
    both = changed({}, {}, BEFORE)
    wider = replace(
        after,
        purpose_ids=tuple({*after.purpose_ids, *both.purpose_ids}),
        data_subject_categories=after.data_subject_categories | both.data_subject_categories,
        recipients=(*after.recipients, *both.recipients),
    )
    assert material_changes(wider, after) == ()


def test_other_words_and_better_measures_are_routine() -> None:
    after = replace(
        BEFORE,
        name="Care",
        description="In words.",
        security_measures=frozenset({SecurityMeasure.ENCRYPTION}),
    )
    assert material_changes(BEFORE, after) == ()
    assert material_changes(BEFORE, BEFORE) == ()


def test_what_is_said_for_the_first_time_counts_as_more() -> None:
    unsaid = changed({}, {"subjects_band": None, "automation": None})
    assert material_changes(unsaid, BEFORE) == ("scale", "task")
    assert material_changes(BEFORE, unsaid) == ()
