"""AI systems: what their class demands before they are trained, released and used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from apps.compliance.lifecycle import ai_systems
from apps.compliance.lifecycle.judging import judge
from tests.compliance.cycles.taken import AROUND, codes, taken

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


def test_a_review_leads_back_to_where_the_system_stood_and_ends_where_somebody_ends_it() -> None:
    back = next(step for step in ai_systems.CYCLE.steps if step.slug == "reviewed")
    asked = replace(taken("ask-review"), before="released", after="review_required")
    stayed = replace(taken("note"), before="review_required", after="review_required")
    assert back.stage_after(None, "review_required", (asked, stayed)) == "released"
    possible = {step.slug for step in ai_systems.CYCLE.possible("review_required")}
    assert possible == {"reviewed", "suspend", "resume", "retire-system"}


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
