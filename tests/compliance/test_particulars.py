"""What the record of an activity says besides purposes and assets: kept as declared, hashed only where it
is said, and naming records that are there."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from apps.accounts.roles import Role
from apps.compliance import commands
from apps.compliance.facts import activity_content as content_of
from apps.compliance.facts import content_sha256
from apps.compliance.lifecycle import (
    ActivityContent,
    DataSubjectCategory,
    Recipient,
    RecipientKind,
    SecurityMeasure,
    Transfer,
    TransferMechanism,
)
from apps.compliance.lifecycle.activity.particulars import (
    DataPlace,
    Particulars,
    PersonalData,
    SpecialCategory,
    has_children,
    has_vulnerable,
)
from apps.compliance.lifecycle.declaration import specs_of
from apps.compliance.lifecycle.parties import PartyContent, PartyRole
from apps.compliance.lifecycle.reading import read, written
from apps.console.forms.activities import ActivityForm
from apps.kernel.errors import InvalidInput
from tests.compliance.test_declarations import sample
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.compliance import activity_content, drafted_activity, drafted_purpose, drafted_record

APPROVED_BEFORE = "9ff02fc79798555f1663838125c4aa6f9d22b66310d55642f5211481920b1506"
"""The hash of `before` as it was approved when a record had no particulars."""


def before() -> ActivityContent:
    return ActivityContent(
        name="Upkeep of pumps",
        controller_id=UUID(int=1),
        purpose_ids=(UUID(int=2),),
        asset_ids=(UUID(int=3),),
        data_subject_categories=frozenset({DataSubjectCategory.EMPLOYEE}),
        recipients=(Recipient(kind=RecipientKind.INTERNAL_TEAM, party="Shift"),),
        transfers=(Transfer(country="CH", importer="Pumps AG", mechanism=TransferMechanism.ADEQUACY),),
        security_measures=frozenset({SecurityMeasure.ENCRYPTION}),
        effective_from=date(2026, 3, 1),
    )


def test_what_was_approved_before_keeps_its_hash() -> None:
    assert content_sha256(before()) == APPROVED_BEFORE


@pytest.mark.parametrize("name", sorted(specs_of(Particulars)))
def test_each_of_the_particulars_is_part_of_the_hash_and_comes_back_as_it_was(name: str) -> None:
    said = Particulars(**{name: sample(specs_of(Particulars)[name])})
    assert read(Particulars, written(said)) == said
    changed = ActivityContent(name="Upkeep of pumps", particulars=said)
    assert content_sha256(changed) != content_sha256(ActivityContent(name="Upkeep of pumps"))


def test_the_record_of_a_recipient_and_its_country_are_part_of_the_hash() -> None:
    found = [
        content_sha256(
            ActivityContent(name="x", recipients=(Recipient(kind=RecipientKind.PROCESSOR, **more),))
        )
        for more in ({}, {"country": "CH"}, {"party_id": UUID(int=1)})
    ]
    assert len(set(found)) == 3


def test_every_field_has_its_place_in_the_form_and_all_but_names_of_things_say_what_they_mean() -> None:
    placed = [name for section in ActivityForm.sections for name in section.names]
    assert len(placed) == len(set(placed))
    assert set(specs_of(Particulars)) <= set(placed)
    assert set(placed) <= set(ActivityForm.base_fields)
    legal = {name for name, spec in specs_of(Particulars).items() if spec.rule and not spec.article}
    assert not legal


def test_children_and_vulnerable_people_are_told_from_whose_data_they_are() -> None:
    nobody = Particulars()
    assert has_children(frozenset({DataSubjectCategory.CHILD}), nobody)
    assert has_children(frozenset({DataSubjectCategory.STUDENT}), Particulars(min_age=17))
    assert not has_children(frozenset({DataSubjectCategory.STUDENT}), Particulars(min_age=18))
    assert has_vulnerable(frozenset({DataSubjectCategory.EMPLOYEE}), nobody)
    assert not has_vulnerable(frozenset({DataSubjectCategory.CUSTOMER}), nobody)


@pytest.mark.django_db
def test_a_draft_keeps_what_was_said_and_names_only_records_that_are_there() -> None:
    world = people.world()
    writer, asset = world[Role.COMPLIANCE_OFFICER].actor, things.asset(world.domain)
    purpose = drafted_purpose(world.organization, writer)
    party = drafted_record(
        world.organization, "parties", PartyContent(name="Pumps Ltd", role=PartyRole.PROCESSOR), writer
    )
    said = Particulars(
        business_function="Maintenance",
        personal_data=(PersonalData(category="EmailAddress", special_kind=SpecialCategory.HEALTH),),
        places=(DataPlace(country="DE"),),
        sub_processors=(party.uid,),
    )
    recipient = Recipient(kind=RecipientKind.PROCESSOR, country="DE", party_id=party.uid)
    activity = drafted_activity(
        purpose,
        asset,
        writer=writer,
        particulars=said,
        recipients=(recipient,),
        no_recipients_confirmed=False,
    )
    kept = content_of(activity.versions.get())
    assert (kept.particulars, kept.recipients) == (said, (recipient,))
    assert activity.versions.get().particulars["personal_data"] == [
        {"category": "EmailAddress", "special_kind": "health"}
    ]

    def refused(**change: object) -> list[str]:
        content = activity_content(purpose, asset, **change)
        with pytest.raises(InvalidInput) as refusal:
            commands.edit_activity(actor=writer, processing_activity_id=activity.uid, content=content)
        return [reason.field for reason in refusal.value.reasons]

    stranger = uuid4()
    assert refused(particulars=Particulars(sub_processors=(stranger,))) == ["particulars.sub_processors"]
    assert refused(particulars=Particulars(transfer_records=(party.uid,))) == ["particulars.transfer_records"]
    row = PersonalData(category="EmailAddress", retention=party.uid)
    assert refused(particulars=Particulars(personal_data=(row,))) == ["particulars.personal_data.0.retention"]
    someone = Recipient(kind=RecipientKind.PROCESSOR, party_id=stranger)
    assert refused(recipients=(someone,)) == ["recipients.0.party_id"]
