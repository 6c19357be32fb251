"""Occurrences: what they reach, what they close, what has to be done, and how they end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.commands import off_board_person
from apps.accounts.events import PersonDeparted
from apps.accounts.models import Person
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.compliance import commands, queries
from apps.compliance.facts import asset_facts
from apps.compliance.facts.reach import why_closed
from apps.compliance.lifecycle.occurrences import EFFECTS, Happening
from apps.compliance.lifecycle.rights import RightsType
from apps.compliance.models import AffectedVersion, Duty, ModelAssessment, Occurrence
from apps.compliance.subscribers import free_duties
from apps.compliance.tasks import (
    extend_occurrences,
    follow_record,
    free_duties_of,
    tell_class_raised,
)
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.contributions import IMPACT_CHANGED, IMPACT_UNSEEN
from apps.kernel.errors import (
    Conflict,
    InvalidInput,
    InvalidState,
    NotPermitted,
    PreconditionMissing,
    RuleBroken,
    StaleVersion,
)
from apps.kernel.events import subscribers_of
from apps.policy.facts import RowFacts
from apps.policy.law_words import RowFlag
from tests.access.refusals import refused
from tests.compliance.happened import H, House, closed, obstacles
from tests.factories import catalog as things
from tests.factories import compliance
from tests.factories.access import about_people
from tests.factories.classification import classified, saying
from tests.factories.occurrences import drafted, in_effect, made_from, rights_request

pytestmark = pytest.mark.django_db


def given_to(happening: Happening) -> dict[str, Any]:
    return {"country": "US"} if EFFECTS[happening].needs_country else {}


@pytest.mark.parametrize("happening", list(Happening))
def test_each_row_closes_assesses_and_obliges_what_it_says(house: House, happening: Happening) -> None:
    occurrence = house.occurs(happening, **given_to(happening))
    effects = EFFECTS[happening]
    is_closing = effects.closing is not None
    is_model_closed = happening is H.UNLAWFUL_COLLECTION
    assert closed(house.raw, house.clean, house.model, house.other) == [
        is_closing,
        is_closing,
        is_model_closed,
        False,
    ]
    assessed = ModelAssessment.objects.filter(version=house.model, occurrence=occurrence)
    assert assessed.exists() == (happening in {H.CONSENT_WITHDRAWN, H.ERASURE_GRANTED, H.UNLAWFUL_COLLECTION})
    today = database_now().date()
    if assessed.exists():
        assert assessed.get().due_on == today + timedelta(days=30)
    duties = Duty.objects.filter(occurrence=occurrence)
    wanted = {spec.code: today + timedelta(days=spec.days) for spec in effects.duties}
    assert dict(duties.values_list("code", "due_on")) == wanted
    assert bool(obstacles(house.model)) == bool(effects.models)


def test_rows_that_must_not_be_read_are_told_to_the_rules_also_of_what_was_made_from_them(
    house: House,
) -> None:
    house.occurs(H.CONSENT_WITHDRAWN)
    last = house.occurs(H.OBJECTION)
    versions = [house.raw, house.clean, house.model, house.other]
    raw, clean, model, other = rows_told(house, *versions)
    assert raw.flags == clean.flags == {RowFlag.WITHDRAWN, RowFlag.OBJECTED}
    assert clean.list_version == last.list_number and clean.applied_version == 0
    assert (other.flags, other.list_version, other.applied_version) == (frozenset(), 0, 0)
    assert model == other  # a model is assessed, not read by rows
    with CaptureQueriesContext(connection) as queries_made:
        why_closed([version.pk for version in versions])
    assert len(queries_made) == 1


def test_a_request_that_took_effect_counts_by_its_list_and_not_twice(house: House) -> None:
    """The record names no list: that is not known only while no occurrence rests on it."""
    request = rights_request(house.organization, house["officer"], house.raw.asset, type=RightsType.OBJECTION)
    (before,) = rows_told(house, house.raw)
    assert before.flags == {RowFlag.OBJECTED} and before.list_version is None
    occurrence = in_effect(house.organization, H.OBJECTION, house.raw, source_id=request.uid)
    (bound,) = rows_told(house, house.raw)
    assert (bound.list_version, bound.applied_version) == (occurrence.list_number, 0)
    following = made_from(house.raw.asset)
    extend_occurrences(str(house.raw.asset.uid))
    vouch = {"actor": house["steward"], "asset_version_id": following.uid}
    commands.leave_rows_out(**vouch, evidence="Left out by the job of tonight.")
    old, new = rows_told(house, house.raw, following)
    assert (old.applied_version, new.applied_version) == (0, occurrence.list_number)


def rows_told(house: House, *versions: AssetVersion) -> list[RowFacts]:
    purpose = compliance.drafted_purpose(house.organization, house["officer"])
    asked = [(version, ()) for version in versions]
    facts = asset_facts(asked, purpose, at=database_now())
    return [each.rows for each in facts if each.rows is not None]


def test_a_version_that_leaves_the_rows_out_is_open_and_what_is_made_from_it(house: House) -> None:
    house.occurs(H.ERASURE_GRANTED)
    following = made_from(house.raw.asset)
    extend_occurrences(str(house.raw.asset.uid))
    assert closed(house.raw, following) == [True, True]  # nobody vouched that it leaves them out
    vouch = {"actor": house["steward"], "asset_version_id": following.uid}
    with refused(InvalidInput, "EVIDENCE_NOT_GIVEN"):
        commands.leave_rows_out(**vouch, evidence=" ")
    commands.leave_rows_out(**vouch, evidence="Run 12 left out P-17.")
    with refused(Conflict, "ROWS_LEFT_OUT_ALREADY"):
        commands.leave_rows_out(**vouch, evidence="Again.")
    assert closed(house.raw, following) == [True, False]
    derived = made_from(things.asset(house.domain), following)
    extend_occurrences(str(derived.asset.uid))
    assert closed(derived) == [False]
    house.occurs(H.OBJECTION, following)  # a later list counts anew
    assert closed(following) == [True]


def test_what_is_made_from_closed_data_later_is_closed_and_assessed_too(house: House) -> None:
    house.occurs(H.UNLAWFUL_COLLECTION)
    late = made_from(things.asset(house.domain, AssetKind.MODEL), house.clean, role=InputRole.TRAINING)
    extend_occurrences(str(late.asset.uid))
    extend_occurrences(str(late.asset.uid))
    assert closed(late) == [True]
    assert ModelAssessment.objects.filter(version=late).count() == 1


def test_what_it_was_only_validated_with_is_not_in_a_model(house: House) -> None:
    judged = made_from(things.asset(house.domain, AssetKind.MODEL), house.raw, role=InputRole.VALIDATION)
    house.occurs(H.ERASURE_GRANTED)
    assert not AffectedVersion.objects.filter(version=judged).exists()


def test_the_preview_shows_what_will_follow_and_taking_effect_names_it(house: House) -> None:
    drafted_one = drafted(house.organization, H.UNLAWFUL_COLLECTION, house.raw)
    officer = house["officer"]
    preview = queries.preview_of(officer, drafted_one.uid)
    assert [each.version.pk for each in preview.reached] == [house.raw.pk, house.clean.pk, house.model.pk]
    through = [each.through and each.through.pk for each in preview.reached]
    assert through == [None, house.raw.pk, house.clean.pk]
    assert closed(house.raw) == [False]
    given = {"actor": officer, "occurrence_id": drafted_one.uid}
    with refused(PreconditionMissing, IMPACT_UNSEEN):
        commands.put_in_effect(**given)
    seen = commands.impact_of_taking_effect(**given)
    made_from(things.asset(house.domain), house.clean)
    with refused(StaleVersion, IMPACT_CHANGED):
        commands.put_in_effect(**given, seen_impact=seen.digest)
    seen = commands.impact_of_taking_effect(**given)
    commands.put_in_effect(**given, seen_impact=seen.digest)
    assert closed(house.raw) == [True]
    with pytest.raises(InvalidState):
        commands.put_in_effect(**given)


@pytest.mark.parametrize(
    ("happening", "given", "error", "code"),
    [
        (H.ERASURE_GRANTED, {}, RuleBroken, "OCCURRENCE_SOURCE_MISSING"),
        (H.INSTRUMENT_INVALID, {}, InvalidInput, "OCCURRENCE_COUNTRY_MISSING"),
        (H.INSTRUMENT_INVALID, {"country": "usa"}, InvalidInput, "TRANSFER_COUNTRY_MALFORMED"),
        (H.CLASS_RAISED, {"said": " "}, InvalidInput, "OCCURRENCE_REASON_MISSING"),
        (H.CLASS_RAISED, {"version_ids": []}, InvalidInput, "OCCURRENCE_WITHOUT_VERSIONS"),
    ],
)
def test_what_does_not_follow_from_anything_is_refused(
    house: House, happening: Happening, given: dict[str, Any], error: Any, code: str
) -> None:
    with refused(error, code):
        drafted(house.organization, happening, house.raw, **given)


def test_a_record_of_another_kind_is_no_source(house: House) -> None:
    source = rights_request(house.organization, house["officer"], house.raw.asset)
    with refused(RuleBroken, "OCCURRENCE_SOURCE_UNFIT"):
        drafted(house.organization, H.DPIA_OUTDATED, house.raw, source_id=source.uid)


def test_only_officers_let_it_take_effect_and_others_do_not_see_it(house: House) -> None:
    made = drafted(house.organization, H.CLASS_RAISED, house.raw)
    with pytest.raises(NotPermitted):
        commands.put_in_effect(actor=house["steward"], occurrence_id=made.uid)
    assert not queries.occurrences_visible_to(house["scientist"]).exists()
    commands.discard_occurrence(actor=house["officer"], occurrence_id=made.uid, reason="A mistake.")
    with refused(InvalidState, "OCCURRENCE_STATE"):
        commands.put_in_effect(actor=house["officer"], occurrence_id=made.uid)


# Duties and models


def test_duties_are_asked_of_whoever_answers_for_them_and_done_with_evidence(house: House) -> None:
    occurrence = house.occurs(H.ERASURE_GRANTED)

    def asked(name: str) -> set[str]:
        return set(queries.duties_asked_of(house[name]).values_list("code", flat=True))

    assert asked("steward") == {"leave_out", "delete_rows", "tombstone"}
    assert asked("officer") == {"tell_recipients"}
    assert asked("owner") == asked("scientist") == set()
    duty = Duty.objects.get(occurrence=occurrence, code="tell_recipients")
    with pytest.raises(NotPermitted):
        commands.finish_duty(actor=house["steward"], duty_id=duty.uid, evidence="Done.")
    with refused(InvalidInput, "EVIDENCE_NOT_GIVEN"):
        commands.finish_duty(actor=house["officer"], duty_id=duty.uid, evidence="")
    helper = Person.objects.get(pk=house["scientist"].person_key)
    commands.assign_duty(actor=house["officer"], duty_id=duty.uid, person_id=helper.uid)
    assert asked("scientist") == {"tell_recipients"} and asked("officer") == set()
    commands.finish_duty(actor=house["scientist"], duty_id=duty.uid, evidence="Mails of today.")
    assert asked("scientist") == set()
    with refused(InvalidState, "DUTY_DONE"):
        commands.finish_duty(actor=house["officer"], duty_id=duty.uid, evidence="Again.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.filter(pk=duty.pk).update(evidence="Something else.")


def test_what_was_given_to_somebody_who_leaves_goes_back_to_those_who_answer_for_it(house: House) -> None:
    occurrence = house.occurs(H.ERASURE_GRANTED)
    duty = Duty.objects.get(occurrence=occurrence, code="tell_recipients")
    helper = Person.objects.get(pk=house["scientist"].person_key)
    commands.assign_duty(actor=house["officer"], duty_id=duty.uid, person_id=helper.uid)
    free_duties_of(str(helper.uid))
    assert not queries.duties_asked_of(house["officer"]).exists()
    off_board_person(actor=SYSTEM, person_id=helper.uid, reason="Left.")
    assert free_duties in subscribers_of(PersonDeparted.name).values()
    for _again in range(2):
        free_duties(helper.uid)
    assert set(queries.duties_asked_of(house["officer"])) == {duty}
    assert AuditEvent.objects.filter(name="compliance.duty.freed", subject_uid=duty.uid).count() == 1
    with refused(RuleBroken, "PERSON_DEPARTED"):
        commands.assign_duty(actor=house["officer"], duty_id=duty.uid, person_id=helper.uid)


# What follows by itself


def steps(house: House, row: Any, *taken: tuple[str, dict[str, Any]]) -> None:
    for step, said in taken:
        commands.take_step(actor=house["officer"], legal_record_id=row.uid, step=step, said=said)
        follow_record(str(row.uid))


def test_an_objection_binds_while_it_is_worked_on_and_is_lifted_when_it_is_refused(house: House) -> None:
    row = rights_request(house.organization, house["officer"], house.raw.asset, type=RightsType.OBJECTION)
    follow_record(str(row.uid))
    assert closed(house.raw) == [False]
    steps(house, row, ("begin", {}))
    follow_record(str(row.uid))
    assert closed(house.raw, house.clean) == [True, True]
    assert Occurrence.objects.filter(source=row).count() == 1
    refusal = {"outcome": "refused", "ground": "17(3)(e)", "was_told_remedies": True, "why": "A lawsuit."}
    steps(house, row, ("decide", refusal))
    assert closed(house.raw) == [False]


def test_an_erasure_takes_effect_when_it_is_granted(house: House) -> None:
    row = rights_request(house.organization, house["officer"], house.raw.asset)
    steps(house, row, ("begin", {}))
    assert not Occurrence.objects.exists()
    steps(house, row, ("decide", {"outcome": "fulfilled", "why": "It was no longer needed."}))
    assert [each.happening for each in Occurrence.objects.all()] == [H.ERASURE_GRANTED]
    assert closed(house.raw) == [True]


def test_a_higher_class_is_told_to_what_was_made_from_the_data_and_a_first_one_is_not(house: House) -> None:
    classified(house.raw, house["steward"], about_people("id"), about_people("value"))
    tell_class_raised(str(house.raw.uid))
    assert not Occurrence.objects.exists()
    higher = saying("id", sensitivity_class_code="restricted", category_codes=("Health",))
    classified(house.raw, house["steward"], higher)
    tell_class_raised(str(house.raw.uid))
    tell_class_raised(str(house.raw.uid))
    assert [each.happening for each in Occurrence.objects.all()] == [H.CLASS_RAISED]


def test_what_took_effect_cannot_be_changed_in_the_database(house: House) -> None:
    occurrence = house.occurs(H.CLASS_RAISED)
    row = Occurrence.objects.filter(pk=occurrence.pk)
    for change in ({"said": "Something else."}, {"happening": "rectification"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        AffectedVersion.objects.filter(occurrence=occurrence)._raw_delete("default")
