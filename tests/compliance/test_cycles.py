"""The cycles of impact assessments, breaches, rights requests and AI systems, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.compliance.lifecycle import ai_systems, breach, dpia, rights
from apps.compliance.lifecycle.cycle import Cycle, Standing, Taken, Taker
from apps.compliance.lifecycle.declaration import Around
from apps.compliance.lifecycle.dpia import DpiaStage, consultation
from apps.compliance.lifecycle.judging import judge
from apps.kernel.errors import InvalidState
from apps.policy import law_words
from tests.factories.compliance import breach_content

AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
AROUND = Around(today=AT.date())


def codes(cycle: Cycle, step: str, said: Any, content: Any, *log: Taken) -> set[str]:
    """What keeps a step from being taken."""
    chosen = next(each for each in cycle.steps if each.slug == step)
    standing = Standing(content=content, log=log, at=AT)
    return {reason.code for reason in chosen.check(said, standing)}


def taken(step: str, said: Any = None) -> Taken:
    return Taken(step=step, before="", after="", said=said, at=AT)


# Impact assessments

Opinion, Decision, Level = dpia.Opinion, dpia.OwnerDecision, dpia.Level


def assessment(*yes: str, **given: Any) -> dpia.DpiaContent:
    points = {name: name in yes for name in (*dpia.POINTS, *dpia.DECISIVE)}
    made: dict[str, Any] = {"name": "Shifts", "activities": (UUID(int=1),), **points}
    return dpia.DpiaContent(**{**made, **given})


def written_out(**given: Any) -> dpia.DpiaContent:
    risk = dpia.Risk(
        harm=dpia.Harm.REIDENTIFICATION,
        impact="Known to all",
        severity=Level.LIMITED,
        likelihood=Level.LIMITED,
    )
    made: dict[str, Any] = {
        **dict.fromkeys(("description", "necessity", "proportionality", "views"), "In words."),
        "risks": (risk,),
        "initial_risk": Level.IMPORTANT,
        "residual_risk": Level.LIMITED,
    }
    return assessment(**{**made, **given})


@pytest.mark.parametrize(
    ("content", "is_required", "by_law"),
    [
        (assessment(), False, False),
        (assessment("is_vulnerable"), False, False),
        (assessment("is_vulnerable", "is_innovative"), True, False),
        (assessment("is_public_monitoring"), True, True),
        (assessment("is_public_monitoring", is_on_exempt_list=True), True, True),
        (assessment("is_vulnerable", "is_innovative", is_on_exempt_list=True), False, False),
        (assessment("is_public_monitoring", is_assessed_in_law=True), False, False),
    ],
)
def test_the_screening_counts_criteria_and_hears_the_law(
    content: dpia.DpiaContent, is_required: bool, by_law: bool
) -> None:
    screened = dpia.screening_of(content)
    assert (screened.is_required, screened.is_required_by_law) == (is_required, by_law)


def test_guidance_is_overridden_with_reasons_and_the_view_of_the_dpo_and_the_law_is_not() -> None:
    two = assessment("is_vulnerable", "is_innovative")
    said = dpia.NotNeeded(view_of_dpo="Agreed.")
    assert codes(dpia.CYCLE, "not-needed", said, two) == {"DPIA_OVERRIDE_UNSAID"}
    explained = replace(two, reasons_for_not_doing="Ten people, all asked.")
    assert codes(dpia.CYCLE, "not-needed", said, explained) == set()
    assert codes(dpia.CYCLE, "not-needed", dpia.NotNeeded(), explained) == {"DPIA_OVERRIDE_UNSAID"}
    required = assessment("is_large_scale_sensitive", reasons_for_not_doing="Never mind.")
    assert codes(dpia.CYCLE, "not-needed", said, required) == {"DPIA_REQUIRED"}


def test_the_dpo_is_asked_about_a_complete_assessment() -> None:
    assert codes(dpia.CYCLE, "consult", None, written_out()) == set()
    assert codes(dpia.CYCLE, "consult", None, written_out(risks=())) == {"DPIA_CONTENT_MISSING"}
    assert codes(dpia.CYCLE, "consult", None, written_out(views="", views_not_sought="Too many.")) == set()


def decided(decision: Any, content: dpia.DpiaContent, *log: Taken, why: str = "") -> set[str]:
    said = dpia.Decided(decision=decision, conditions="None", deviation_reason=why)
    return codes(dpia.CYCLE, "decide", said, content, *log)


def opinion(word: Any) -> Taken:
    return taken("advise", dpia.Advice(opinion=word, text="As written."))


def test_v26_holds_after_the_dpo_was_heard() -> None:
    assert decided(Decision.APPROVE, written_out(), opinion(Opinion.FAVOURABLE)) == set()
    assert decided(Decision.REJECT, written_out(), opinion(Opinion.UNFAVOURABLE)) == set()


def test_v26_does_not_hold_without_an_opinion_or_in_silent_departure_from_it() -> None:
    content = written_out()
    assert decided(Decision.APPROVE, content) == {"DPIA_OPINION_MISSING"}
    for word in (Opinion.UNFAVOURABLE, Opinion.CONDITIONS):
        assert decided(Decision.APPROVE, content, opinion(word)) == {"DPIA_DEPARTURE_UNEXPLAINED"}
        assert decided(Decision.APPROVE, content, opinion(word), why="Outweighed.") == set()
    assert decided(Decision.APPROVE_WITH_CONDITIONS, content, opinion(Opinion.CONDITIONS)) == set()


def test_a_high_risk_that_remains_is_put_before_the_authority() -> None:
    content, heard = written_out(residual_risk=Level.IMPORTANT), opinion(Opinion.FAVOURABLE)
    assert decided(Decision.APPROVE, content, heard) == {"DPIA_CONSULTATION_NEEDED"}
    assert decided(Decision.CONSULT, content, heard) == set()
    assert decided(Decision.APPROVE, content, heard, taken("advice")) == set()
    assert decided(Decision.APPROVE, content, heard, taken("period-elapsed")) == set()


def asked_the_authority(*further: Taken) -> tuple[Taken, ...]:
    """Half a year ago: what counts is when the authority received it."""
    consulting = DpiaStage.PRIOR_CONSULTATION
    begun = Taken(
        step="decide", before="owner_decision", after=consulting, said=None, at=AT - timedelta(days=182)
    )
    return (begun, *(replace(each, before=consulting, after=consulting) for each in further))


def received(weeks: int, days: int = 0) -> Taken:
    on = AT.date() - timedelta(weeks=weeks, days=days)
    return taken("authority-received", consultation.Received(received_on=on))


def prolonged(weeks: int) -> Taken:
    return taken("authority-prolongs", consultation.Prolonged(told_on=AT.date() - timedelta(weeks=weeks)))


@pytest.mark.parametrize(
    ("weeks", "days", "is_extended", "is_over"),
    [(8, 1, False, True), (8, 0, False, False), (8, 1, True, False), (14, 1, True, True)],
)
def test_the_authority_has_eight_weeks_from_receipt_and_six_more(
    weeks: int, days: int, is_extended: bool, is_over: bool
) -> None:
    log = [received(weeks, days), *([prolonged(weeks)] if is_extended else ())]
    found = codes(dpia.CYCLE, "period-elapsed", None, None, *asked_the_authority(*log))
    assert found == (set() if is_over else {"DPIA_PERIOD_RUNNING"})


def test_without_its_receipt_no_period_of_the_authority_runs_or_ends() -> None:
    log = asked_the_authority()
    assert codes(dpia.CYCLE, "period-elapsed", None, None, *log) == {"DPIA_RECEIPT_UNKNOWN"}
    said = consultation.InformationAsked(asked_on=AT.date())
    assert codes(dpia.CYCLE, "authority-asks", said, None, *log) == {"DPIA_RECEIPT_UNKNOWN"}
    standing = Standing(content=None, log=log, at=AT)
    assert dpia.CYCLE.due(standing) is None
    running = consultation.consultation_in(log)
    assert running is not None and running.receipt_due_on == date(2026, 6, 4)


def test_the_period_stands_while_the_authority_waits_for_information() -> None:
    asks = consultation.InformationAsked(asked_on=AT.date() - timedelta(weeks=7))
    waiting = asked_the_authority(received(9), taken("authority-asks", asks))
    assert codes(dpia.CYCLE, "period-elapsed", None, None, *waiting) == {"DPIA_PERIOD_STANDS"}
    given = consultation.InformationGiven(given_on=AT.date() - timedelta(weeks=5))
    went_on = (*waiting, replace(waiting[-1], step="information-given", said=given))
    due = dpia.CYCLE.due(Standing(content=None, log=went_on, at=AT))
    assert due == AT.date() + timedelta(weeks=1)  # eight weeks, and the two that it waited


def test_a_longer_period_is_told_within_a_month_of_receipt_or_not_at_all() -> None:
    log = asked_the_authority(received(8))
    late = consultation.Prolonged(told_on=AT.date() - timedelta(weeks=3))
    assert codes(dpia.CYCLE, "authority-prolongs", late, None, *log) == {"DPIA_PROLONGED_LATE"}
    in_time = consultation.Prolonged(told_on=AT.date() - timedelta(weeks=4))
    assert codes(dpia.CYCLE, "authority-prolongs", in_time, None, *log) == set()


def test_a_second_consultation_begins_anew() -> None:
    again = (*asked_the_authority(received(20)), *asked_the_authority())
    assert codes(dpia.CYCLE, "period-elapsed", None, None, *again) == {"DPIA_RECEIPT_UNKNOWN"}


def test_the_dpo_advises_and_the_owner_decides() -> None:
    takers = {step.slug: step.taker for step in dpia.CYCLE.steps}
    assert [slug for slug, taker in takers.items() if taker is Taker.DPO] == ["advise"]
    assert [slug for slug, taker in takers.items() if taker is Taker.OWNER] == ["decide"]


# Breaches


def test_the_clock_runs_by_the_hour_through_weekends_and_summer_time() -> None:
    deadline = breach.authority_deadline(breach_content())
    assert deadline == datetime(2026, 3, 30, 16, 30, tzinfo=UTC)
    assert breach.authority_deadline(breach_content(risk=breach.BreachRisk.UNLIKELY)) is None


def test_a_late_notification_says_why() -> None:
    content = breach_content()
    in_time = breach.Notified(at=datetime(2026, 3, 30, 16, 30, tzinfo=UTC))
    late = breach.Notified(at=datetime(2026, 3, 30, 16, 31, tzinfo=UTC))
    assert codes(breach.CYCLE, "tell-authority-first", in_time, content) == set()
    assert codes(breach.CYCLE, "tell-authority-first", late, content) == {"BREACH_DELAY_UNEXPLAINED"}
    explained = replace(late, delay_reasons="The processor told us late.")
    assert codes(breach.CYCLE, "tell-authority", explained, content) == set()
    told_first = taken("tell-authority-first", in_time)
    assert codes(breach.CYCLE, "tell-authority", late, content, told_first) == set()


def test_only_an_unlikely_risk_is_kept_from_the_authority() -> None:
    said = breach.NotToBeTold(why="Encrypted.")
    assert codes(breach.CYCLE, "not-notifiable", said, breach_content()) == {"BREACH_STILL_A_RISK"}
    unlikely = breach_content(risk=breach.BreachRisk.UNLIKELY)
    assert codes(breach.CYCLE, "not-notifiable", said, unlikely) == set()


def test_a_breach_is_closed_with_its_lessons_and_the_people_told() -> None:
    assert codes(breach.CYCLE, "close", None, breach_content()) == {"BREACH_LESSONS_MISSING"}
    high = breach_content(risk=breach.BreachRisk.HIGH, lessons="Lists are checked.")
    assert codes(breach.CYCLE, "close", None, high) == {"BREACH_SUBJECTS_UNTOLD"}
    assert codes(breach.CYCLE, "close", None, high, taken("tell-people")) == set()
    exempt = replace(high, exemptions=frozenset({breach.Exemption.UNINTELLIGIBLE}))
    assert codes(breach.CYCLE, "close", None, exempt) == set()


# Rights requests


def asked(received: date = date(2026, 8, 31), calendar: str = "DE") -> rights.RightsContent:
    return rights.RightsContent(
        name="Access",
        type=rights.RightsType.ACCESS,
        received_at=datetime(received.year, received.month, received.day, 9, 0, tzinfo=UTC),
        person_ref="7",
        calendar=calendar,
    )


@pytest.mark.parametrize(
    ("received", "calendar", "first", "extended"),
    [
        (date(2026, 8, 31), "DE", date(2026, 9, 30), date(2026, 11, 30)),
        (date(2026, 3, 5), "FR", date(2026, 4, 7), date(2026, 6, 5)),
        (date(2027, 1, 31), "DE", date(2027, 3, 1), date(2027, 4, 30)),
    ],
)
def test_an_answer_is_due_by_the_calendar(received: date, calendar: str, first: date, extended: date) -> None:
    content = asked(received, calendar)
    assert rights.due_of(Standing(content=content, log=(), at=AT)) == first
    log = (taken("extend"),)
    assert rights.due_of(Standing(content=content, log=log, at=AT)) == extended
    assert rights.due_of(Standing(content=content, log=(taken("decide"),), at=AT)) is None


def test_the_clock_stands_while_they_are_asked_who_they_are() -> None:
    question = replace(taken("ask-who"), at=datetime(2026, 9, 1, 9, 0, tzinfo=UTC))
    answer = replace(taken("begin"), at=datetime(2026, 9, 8, 9, 0, tzinfo=UTC))
    assert rights.due_of(Standing(content=asked(), log=(question,), at=AT)) is None
    later = rights.due_of(Standing(content=asked(), log=(question, answer), at=AT))
    assert later == date(2026, 10, 7)


def test_a_place_without_published_holidays_is_refused() -> None:
    found = judge(rights.RIGHTS, asked(calendar="XX"), AROUND)
    assert "RIGHTS_CALENDAR_UNKNOWN" in {reason.code for reason in found.faults}
    assert judge(rights.RIGHTS, asked(calendar="DE-BY"), AROUND).obstacles == ()


def test_an_extension_is_told_within_the_first_month() -> None:
    def told(on: date) -> set[str]:
        said = rights.Extension(reason=rights.ExtensionReason.NUMBER, told_on=on)
        return codes(rights.CYCLE, "extend", said, asked())

    assert told(date(2026, 9, 30)) == set()
    assert told(date(2026, 10, 1)) == {"RIGHTS_EXTENSION_LATE"}


def test_a_refusal_names_its_ground_and_the_remedies() -> None:
    said = rights.RightsDecision(
        outcome=rights.RightsOutcome.REFUSED,
        ground=rights.RefusalGround.RESEARCH,
        was_told_remedies=False,
        why="x",
    )
    assert codes(rights.CYCLE, "decide", said, asked()) == {"RIGHTS_REMEDIES_UNTOLD"}
    assert codes(rights.CYCLE, "decide", replace(said, was_told_remedies=True), asked()) == set()


# AI systems


def system(**given: Any) -> ai_systems.AiSystemContent:
    made: dict[str, Any] = {
        "name": "Failure forecast",
        "version_label": "1",
        "intended_purpose": "Tell when a pump fails.",
        "role": ai_systems.OrgRole.PROVIDER,
        "risk_class": ai_systems.RiskClass.MINIMAL,
        "is_profiling": False,
        "needs_transparency": False,
        "is_gpai": False,
        "personal_data": ai_systems.PersonalData.NO,
    }
    return ai_systems.AiSystemContent(**{**made, **given})


def not_high(**given: Any) -> ai_systems.AiSystemContent:
    return system(
        risk_class=ai_systems.RiskClass.NOT_HIGH, annex_point="4(a)", not_high_assessment="Narrow.", **given
    )


def rules(content: ai_systems.AiSystemContent) -> set[str]:
    return {reason.rule for reason in judge(ai_systems.AI_SYSTEMS, content, AROUND).obstacles}


def test_v27_holds_without_profiling_and_not_with_it() -> None:
    assert rules(not_high()) == set()
    assert rules(not_high(is_profiling=True)) == {"V-27"}


def test_v28_a_system_of_high_risk_names_the_versions_of_its_data_and_how_labels_were_made() -> None:
    named = (UUID(int=1),)
    complete = system(
        risk_class=ai_systems.RiskClass.HIGH_ANNEX_III,
        annex_point="4(a)",
        training_versions=named,
        validation_versions=named,
        testing_versions=named,
        labeling="Two people each.",
        technical_file="F-1",
        oversight="A shift leader.",
        robustness="Tested.",
    )
    assert rules(complete) == set()
    data = ("training_versions", "validation_versions", "testing_versions")
    for gone in (*({name: ()} for name in data), {"labeling": ""}):
        assert rules(replace(complete, **gone)) == {"V-28"}  # type: ignore[arg-type]


def test_a_prohibited_system_is_not_trained_and_a_risky_one_not_without_its_data_on_record() -> None:
    prohibited = system(risk_class=ai_systems.RiskClass.PROHIBITED)
    assert codes(ai_systems.CYCLE, "allow-training", None, prohibited) == {"AI_PROHIBITED"}
    risky = system(risk_class=ai_systems.RiskClass.HIGH_ANNEX_I)
    assert codes(ai_systems.CYCLE, "allow-training", None, risky) == {"AI_GOVERNANCE_OPEN"}
    on_record = replace(risky, governance=frozenset(ai_systems.Governance))
    assert codes(ai_systems.CYCLE, "allow-training", None, on_record) == set()


def test_a_provider_releases_a_risky_system_once_all_that_the_act_demands_is_on_record() -> None:
    """Art. 16 names duties of providers; whoever only uses the system has others."""
    trained = system(
        risk_class=ai_systems.RiskClass.HIGH_ANNEX_I, governance=frozenset(ai_systems.Governance)
    )
    duties = {
        "risk_management": "R-1",
        "instructions": "I-1",
        "quality_management": "Q-1",
        "conformity": "C-1",
        "declaration": "D-1",
        "registration": "EU-1",
        "monitoring_plan": "M-1",
    }
    complete = replace(trained, **duties)  # type: ignore[arg-type]
    for step in ("allow-release", "release"):
        assert codes(ai_systems.CYCLE, step, None, complete) == set()
        for name in duties:
            lacking = replace(complete, **{name: " "})  # type: ignore[arg-type]
            assert codes(ai_systems.CYCLE, step, None, lacking) == {"AI_DUTIES_OPEN"}
    assert codes(ai_systems.CYCLE, "allow-training", None, trained) == set()
    minimal = system()
    assert codes(ai_systems.CYCLE, "release", None, minimal) == set()


USED = {"instructions": "I-1", "log_months": "12", "are_workers_told": True}


def test_who_uses_a_risky_system_follows_the_instructions_keeps_logs_and_tells_the_workers() -> None:
    """Art. 26; the impact assessment is asked for where personal data are in it."""
    used = system(
        role=ai_systems.OrgRole.DEPLOYER,
        risk_class=ai_systems.RiskClass.HIGH_ANNEX_I,
        governance=frozenset(ai_systems.Governance),
        **USED,
    )
    assert codes(ai_systems.CYCLE, "release", None, used) == set()
    for name, empty in (("instructions", " "), ("log_months", ""), ("are_workers_told", False)):
        lacking = replace(used, **{name: empty})  # type: ignore[arg-type]
        assert codes(ai_systems.CYCLE, "release", None, lacking) == {"AI_DUTIES_OPEN"}
    about_people = replace(used, personal_data=ai_systems.PersonalData.YES)
    assert codes(ai_systems.CYCLE, "release", None, about_people) == {"AI_DUTIES_OPEN"}
    assessed = replace(about_people, dpia=UUID(int=9))
    assert codes(ai_systems.CYCLE, "release", None, assessed) == set()


def test_who_uses_a_system_that_grants_credit_assesses_fundamental_rights_first() -> None:
    used = system(
        **USED,
        role=ai_systems.OrgRole.DEPLOYER,
        risk_class=ai_systems.RiskClass.HIGH_ANNEX_III,
        annex_point="5(b)",
        governance=frozenset(ai_systems.Governance),
    )
    assert codes(ai_systems.CYCLE, "release", None, used) == {"AI_DUTIES_OPEN"}
    assessed = replace(used, rights_assessment="FRIA-1")
    assert codes(ai_systems.CYCLE, "release", None, assessed) == set()


# Words


def test_a_step_of_another_stage_is_refused_with_those_that_are_possible() -> None:
    with pytest.raises(InvalidState) as refused:
        breach.CYCLE.step("close", "suspected")
    assert refused.value.reasons[0].facts["possible"] == "confirm"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (dpia.DpiaStage, law_words.DpiaState),
        (ai_systems.RiskClass, law_words.AiRiskClass),
        (ai_systems.OrgRole, law_words.AiRole),
        (ai_systems.Governance, law_words.DataGovernance),
    ],
)
def test_the_words_are_those_that_policy_knows(ours: Any, theirs: Any) -> None:
    assert {word.value for word in ours} == {word.value for word in theirs}
