"""Occurrences: what they reach, what they close, what has to be done, and how they end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.commands import off_board_person
from apps.accounts.events import PersonDeparted
from apps.accounts.models import Domain, Organization, Person
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.compliance import commands, queries
from apps.compliance.commands import Origin
from apps.compliance.facts import asset_facts
from apps.compliance.facts.reach import why_closed
from apps.compliance.facts.releases import what_holds
from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS, AiStage, AiSystemContent
from apps.compliance.lifecycle.model_assessments import ModelOutcome, ModelVerdict
from apps.compliance.lifecycle.occurrences import EFFECTS, Happening
from apps.compliance.lifecycle.retention import RETENTIONS, RetentionAction, RetentionContent, Trigger
from apps.compliance.lifecycle.rights import RightsType
from apps.compliance.models import AffectedVersion, Duty, LegalRecord, ModelAssessment, Occurrence
from apps.compliance.subscribers import free_duties
from apps.compliance.tasks import (
    end_retention,
    extend_occurrences,
    follow_record,
    free_duties_of,
    tell_class_raised,
)
from apps.kernel.actor import SYSTEM, Actor
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
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories import compliance
from tests.factories.access import about_people
from tests.factories.classification import classified, saying
from tests.factories.occurrences import drafted, in_effect, made_from, rights_request
from tests.factories.records import kept

H = Happening
pytestmark = pytest.mark.django_db


@dataclass
class House:
    """`raw`, what was made `clean` from it, a `model` trained on that, and `other` data."""

    organization: Organization = field(default_factory=people.organization)
    domain: Domain = field(init=False)
    actors: dict[str, Actor] = field(init=False)
    raw: AssetVersion = field(init=False)
    clean: AssetVersion = field(init=False)
    model: AssetVersion = field(init=False)
    other: AssetVersion = field(init=False)

    def __post_init__(self) -> None:
        self.domain = people.domain(self.organization)
        roles = {
            "steward": Role.STEWARD,
            "owner": Role.OWNER,
            "officer": Role.COMPLIANCE_OFFICER,
            "scientist": Role.SCIENTIST,
        }
        self.actors = {
            name: actor_of(people.player(self.organization, role).account) for name, role in roles.items()
        }
        self.raw, self.other = self.data(), self.data()
        self.clean = made_from(things.asset(self.domain), self.raw)
        self.model = made_from(
            things.asset(self.domain, AssetKind.MODEL), self.clean, role=InputRole.TRAINING
        )

    def __getitem__(self, name: str) -> Actor:
        return self.actors[name].renewed()

    def data(self) -> AssetVersion:
        asset = things.published_asset(self.domain)
        return AssetVersion.objects.select_related("asset").get(asset=asset)

    def occurs(self, happening: Happening, *versions: AssetVersion, **given: Any) -> Occurrence:
        if EFFECTS[happening].needs_source:
            given["approver"] = self["officer"]
        return in_effect(self.organization, happening, *(versions or (self.raw,)), **given)


@pytest.fixture
def house() -> House:
    return House()


def closed(*versions: AssetVersion) -> list[bool]:
    shut = why_closed([version.pk for version in versions])
    return [version.pk in shut for version in versions]


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
    release = queries.release_of(SYSTEM, house.model.uid)
    assert release.is_open == (not effects.models)


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


def test_a_higher_class_holds_releases_until_somebody_has_looked(house: House) -> None:
    occurrence = house.occurs(H.CLASS_RAISED)
    assert not queries.release_of(SYSTEM, house.model.uid).is_open
    for duty in Duty.objects.filter(occurrence=occurrence):
        commands.finish_duty(actor=house["steward"], duty_id=duty.uid, evidence="Classified anew.")
    assert Occurrence.objects.get(pk=occurrence.pk).state == "lifted"
    assert queries.release_of(SYSTEM, house.model.uid).is_open


VERDICT = ModelVerdict(
    is_extractable=False, other_ground="", anonymity_ref="", outcome=ModelOutcome.KEEP, why="Tested."
)


def test_a_suspended_model_that_is_kept_goes_on_and_one_that_is_retired_does_not(house: House) -> None:
    second = made_from(things.asset(house.domain, AssetKind.MODEL), house.raw, role=InputRole.TRAINING)
    house.occurs(H.UNLAWFUL_COLLECTION)
    kept = ModelAssessment.objects.get(version=house.model)
    with pytest.raises(NotPermitted):
        commands.assess_model(actor=house["steward"], model_assessment_id=kept.uid, verdict=VERDICT)
    commands.assess_model(actor=house["owner"], model_assessment_id=kept.uid, verdict=VERDICT)
    ended = ModelAssessment.objects.get(version=second)
    retire = ModelVerdict(
        is_extractable=True, other_ground="", anonymity_ref="", outcome=ModelOutcome.RETIRE, why="Leaks."
    )
    commands.assess_model(actor=house["owner"], model_assessment_id=ended.uid, verdict=retire)
    assert closed(house.model, second, house.raw) == [False, True, True]
    assert queries.release_of(SYSTEM, house.model.uid).is_open
    obstacles = queries.release_of(SYSTEM, second.uid).obstacles
    assert [reason.code for reason in obstacles] == ["MODEL_TO_BE_REPLACED"]
    with refused(InvalidState, "MODEL_DECIDED"):
        commands.assess_model(actor=house["owner"], model_assessment_id=kept.uid, verdict=retire)


def test_a_model_that_may_leak_is_not_kept_without_a_ground(house: House) -> None:
    house.occurs(H.CONSENT_WITHDRAWN)
    assessment = ModelAssessment.objects.get(version=house.model)
    given = {"actor": house["owner"], "model_assessment_id": assessment.uid}
    leaking = ModelVerdict(
        is_extractable=True, other_ground="", anonymity_ref="", outcome=ModelOutcome.KEEP, why="Useful."
    )
    with refused(RuleBroken, "MODEL_KEPT_WITHOUT_GROUND"):
        commands.assess_model(**given, verdict=leaking)


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


def test_retention_that_is_over_closes_once(house: House) -> None:
    origin = Origin(retention_ends_on=date(2026, 1, 1))
    commands.state_origin(actor=house["officer"], asset_version_id=house.raw.uid, origin=origin)
    end_retention()
    end_retention()
    assert [each.happening for each in Occurrence.objects.all()] == [H.RETENTION_ENDED]
    assert closed(house.raw, house.other) == [True, False]


def a_schedule(house: House, **given: Any) -> LegalRecord:
    """Over since January."""
    made = {"name": "Readings", "assets": (house.raw.asset.uid,), "trigger": Trigger.FIXED_DATE}
    made |= {
        "trigger_on": date(2025, 1, 1),
        "duration": "P1Y",
        "data": "All",
        "action": RetentionAction.ERASE,
    }
    return kept(house.organization, RETENTIONS, RetentionContent(**{**made, **given}))


def test_a_schedule_that_is_over_closes_too_and_a_hold_suspends_deletion(house: House) -> None:
    held = a_schedule(house, hold_ref="Case 7", hold_until_review=date(2099, 1, 1))
    ends = Origin(retention_ends_on=date(2026, 1, 1))
    commands.state_origin(actor=house["officer"], asset_version_id=house.raw.uid, origin=ends)
    a_schedule(house)
    end_retention()
    assert not Occurrence.objects.exists()
    commands.retire_record(actor=house["officer"], legal_record_id=held.uid)
    for _again in range(2):
        end_retention()
    assert [each.happening for each in Occurrence.objects.all()] == [H.RETENTION_ENDED]
    assert closed(house.raw, house.other) == [True, False]


def test_what_is_held_for_a_case_is_not_deleted_before_the_hold_ends(house: House) -> None:
    house.occurs(H.RETENTION_ENDED)
    duty = Duty.objects.get(code="delete_or_anonymise", asset=house.raw.asset)
    held = a_schedule(house, hold_ref="Case 7", hold_until_review=date(2099, 1, 1))
    with refused(RuleBroken, "DUTY_DATA_HELD"):
        commands.finish_duty(actor=house["steward"], duty_id=duty.uid, evidence="Wiped.")
    commands.retire_record(actor=house["officer"], legal_record_id=held.uid)
    commands.finish_duty(actor=house["steward"], duty_id=duty.uid, evidence="Wiped.")


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


def test_a_system_is_neither_trained_on_closed_data_nor_released_with_an_open_question(house: House) -> None:
    content = AiSystemContent(name="Churn", training=(house.raw.asset.uid,), models=(house.model.asset.uid,))
    row = LegalRecord(kind=AI_SYSTEMS.slug, organization=house.organization, ref="AI-0001")

    def held(after: AiStage) -> set[str]:
        return {reason.code for reason in what_holds(row, content, after)}

    assert held(AiStage.FOR_TRAINING) == held(AiStage.RELEASED) == set()
    house.occurs(H.CONSENT_WITHDRAWN)
    assert held(AiStage.FOR_TRAINING) == {"VERSION_CLOSED"}
    assert held(AiStage.FOR_RELEASE) == held(AiStage.RELEASED) == {"MODEL_ASSESSMENT_OPEN"}
    assert held(AiStage.DOCUMENTED) == set()


def test_a_system_is_judged_by_the_versions_that_its_record_names(house: House) -> None:
    before = AiSystemContent(
        name="Churn",
        training=(house.raw.asset.uid,),
        training_versions=(house.raw.uid,),
        models=(house.model.asset.uid,),
        model_versions=(house.model.uid,),
    )
    row = LegalRecord(kind=AI_SYSTEMS.slug, organization=house.organization, ref="AI-0001")
    house.occurs(H.UNLAWFUL_COLLECTION)
    later = made_from(house.raw.asset)
    house.model.asset.refresh_from_db()
    retrained = made_from(house.model.asset, later, role=InputRole.TRAINING)
    after = replace(before, training_versions=(later.uid,), model_versions=(retrained.uid,))

    def held(content: AiSystemContent, stage: AiStage) -> set[str]:
        return {reason.code for reason in what_holds(row, content, stage)}

    assert held(before, AiStage.FOR_TRAINING) == {"VERSION_CLOSED"}
    assert held(before, AiStage.RELEASED) == {"MODEL_ASSESSMENT_OPEN"}
    assert held(after, AiStage.FOR_TRAINING) == held(after, AiStage.RELEASED) == set()
    newest = replace(before, training_versions=(), model_versions=())
    assert held(newest, AiStage.FOR_TRAINING) == held(newest, AiStage.RELEASED) == set()


def test_what_a_model_was_made_from_is_told_beside_what_the_record_names(house: House) -> None:
    content = AiSystemContent(name="Churn", model_versions=(house.model.uid,))
    (made,) = queries.made_with(house["officer"], content)
    assert made.version == house.model
    assert [(each.version, each.role, each.is_named) for each in made.inputs] == [
        (house.clean, InputRole.TRAINING, False)
    ]
    named = replace(content, training_versions=(house.clean.uid,))
    assert [each.is_named for each in queries.made_with(house["officer"], named)[0].inputs] == [True]
    assert queries.made_with(house["officer"], replace(content, model_versions=())) == ()
    stranger = actor_of(people.player(people.organization(), Role.COMPLIANCE_OFFICER).account)
    assert queries.made_with(stranger, named) == ()
