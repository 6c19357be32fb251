"""AI systems: what their class demands before they are trained, released and used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from apps.compliance.lifecycle import ai_systems
from apps.compliance.lifecycle.cycle import Standing
from apps.compliance.lifecycle.judging import judge
from apps.compliance.lifecycle.reading import read, read_kept
from apps.kernel.errors import InvalidInput
from tests.compliance.cycles.taken import AROUND, AT, codes, taken

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
    made: dict[str, Any] = {"derogations": frozenset({ai_systems.Derogation.NARROW_TASK}), **given}
    return system(
        risk_class=ai_systems.RiskClass.NOT_HIGH,
        annex_uses=frozenset({ai_systems.AnnexUse.RECRUITMENT}),
        not_high_assessment="Narrow.",
        **made,
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
        annex_uses=frozenset({ai_systems.AnnexUse.RECRUITMENT}),
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
    prohibited = system(
        risk_class=ai_systems.RiskClass.PROHIBITED, practices=frozenset({ai_systems.Practice.EMOTIONS})
    )
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
        annex_uses=frozenset({ai_systems.AnnexUse.CREDIT}),
        governance=frozenset(ai_systems.Governance),
    )
    assert codes(ai_systems.CYCLE, "release", None, used) == {"AI_DUTIES_OPEN"}
    assessed = replace(used, rights_assessment="FRIA-1")
    assert codes(ai_systems.CYCLE, "release", None, assessed) == set()


def test_who_serves_the_public_or_does_not_say_so_assesses_fundamental_rights_for_every_use_but_one() -> None:
    def asked(use: ai_systems.AnnexUse, *, serves: bool | None) -> bool:
        used = system(
            **USED,
            role=ai_systems.OrgRole.DEPLOYER,
            risk_class=ai_systems.RiskClass.HIGH_ANNEX_III,
            annex_uses=frozenset({use}),
            governance=frozenset(ai_systems.Governance),
            serves_public=serves,
        )
        return codes(ai_systems.CYCLE, "release", None, used) == {"AI_DUTIES_OPEN"}

    uses = ai_systems.AnnexUse
    for serves in (True, None):
        assert {use for use in uses if asked(use, serves=serves)} == set(uses) - {uses.INFRASTRUCTURE}
    assert {use for use in uses if asked(use, serves=False)} == {uses.CREDIT, uses.INSURANCE}


def test_a_use_that_nobody_named_may_be_one_for_which_fundamental_rights_are_assessed() -> None:
    """So it is with what was kept as text and names no use of the list."""
    kept = {"role": "deployer", "risk_class": "high_annex_III", "annex_point": "four", "serves_public": False}
    used = replace(
        read_kept(ai_systems.AiSystemContent, kept),
        personal_data=ai_systems.PersonalData.NO,
        governance=frozenset(ai_systems.Governance),
        **USED,  # type: ignore[arg-type]
    )
    standing = Standing(content=used, log=(), at=AT)
    release = next(step for step in ai_systems.CYCLE.steps if step.slug == "release")
    (reason,) = release.check(None, standing)
    assert (reason.code, reason.articles) == ("AI_DUTIES_OPEN", ("AI Act Art. 27",))
    assert reason.facts["points"] == ("annex_uses", "rights_assessment")
    assert codes(ai_systems.CYCLE, "release", None, replace(used, rights_assessment="FRIA-1")) == set()
    named = replace(used, annex_uses=frozenset({ai_systems.AnnexUse.RECRUITMENT}))
    assert codes(ai_systems.CYCLE, "release", None, named) == set()
    (unsaid,) = release.check(None, replace(standing, content=replace(named, serves_public=None)))
    assert unsaid.facts["points"] == ("serves_public", "rights_assessment")


ALL_ON_RECORD = {
    "technical_file": "T-1",
    "risk_management": "R-1",
    "instructions": "I-1",
    "quality_management": "Q-1",
    "conformity": "C-1",
    "declaration": "D-1",
    "registration": "EU-1",
    "monitoring_plan": "M-1",
}


@pytest.mark.parametrize(
    ("role", "article", "asked"),
    [
        ("authorized_representative", "22", {"technical_file", "conformity", "declaration", "registration"}),
        ("importer", "23", {"technical_file", "instructions", "conformity", "declaration"}),
        ("distributor", "24", {"instructions", "quality_management", "declaration"}),
        ("product_manufacturer", "16, 25(3)", set(ALL_ON_RECORD) - {"technical_file"}),
    ],
)
def test_who_passes_a_risky_system_on_or_stands_for_its_provider_has_duties_too(
    role: str, article: str, asked: set[str]
) -> None:
    passed_on = system(
        **ALL_ON_RECORD,
        role=ai_systems.OrgRole(role),
        risk_class=ai_systems.RiskClass.HIGH_ANNEX_I,
        governance=frozenset(ai_systems.Governance),
    )
    assert codes(ai_systems.CYCLE, "release", None, passed_on) == set()
    empty = replace(passed_on, **dict.fromkeys(ALL_ON_RECORD, ""))  # type: ignore[arg-type]
    release = next(step for step in ai_systems.CYCLE.steps if step.slug == "release")
    (reason,) = release.check(None, Standing(content=empty, log=(), at=AT))
    assert (reason.code, reason.articles) == ("AI_DUTIES_OPEN", (f"AI Act Art. {article}",))
    assert set(reason.facts["points"]) == asked


def test_a_practice_and_a_use_go_with_their_class_alone() -> None:
    practice = {"practices": frozenset({ai_systems.Practice.SOCIAL_SCORING})}
    use = {"annex_uses": frozenset({ai_systems.AnnexUse.CREDIT})}

    def faults(risk_class: ai_systems.RiskClass, said: dict[str, Any]) -> set[str]:
        found = judge(ai_systems.AI_SYSTEMS, system(risk_class=risk_class, **said), AROUND).obstacles
        return {reason.code for reason in found} & {
            "AI_PRACTICE_OF_ANOTHER_CLASS",
            "AI_USE_OF_ANOTHER_CLASS",
        }

    classes = ai_systems.RiskClass
    assert {each for each in classes if not faults(each, practice)} == {classes.PROHIBITED}
    with_uses = {classes.PROHIBITED, classes.HIGH_ANNEX_I, classes.HIGH_ANNEX_III}
    with_uses |= {classes.NOT_HIGH, classes.EXPERIMENT}
    assert {each for each in classes if not faults(each, use)} == with_uses
    unnamed = judge(ai_systems.AI_SYSTEMS, system(risk_class=classes.PROHIBITED), AROUND)
    assert "practices" in {reason.field for reason in unnamed.obstacles}


def test_a_use_without_high_risk_says_which_exception_holds_and_is_registered_before_its_release() -> None:
    alone = judge(ai_systems.AI_SYSTEMS, not_high(derogations=frozenset()), AROUND)
    assert {reason.field for reason in alone.obstacles} == {"derogations"}
    assert codes(ai_systems.CYCLE, "release", None, not_high()) == {"AI_NOT_REGISTERED"}
    assert codes(ai_systems.CYCLE, "release", None, not_high(registration="EU-1")) == set()
    registering = {
        role
        for role in ai_systems.OrgRole
        if codes(ai_systems.CYCLE, "release", None, replace(not_high(), role=role))
    }
    roles = ai_systems.OrgRole
    assert registering == {roles.PROVIDER, roles.MANUFACTURER, roles.REPRESENTATIVE}


def test_every_point_of_the_lists_of_the_act_is_there_once() -> None:
    points = {each.value for each in ai_systems.AnnexUse}
    letters = {"1": "abc", "3": "abcd", "4": "ab", "5": "abcd", "6": "abcde", "7": "abcd", "8": "ab"}
    assert points == {f"{area}({letter})" for area, found in letters.items() for letter in found} | {"2"}
    assert {f"5(1)({letter})" for letter in "abcdefgh"} < {each.value for each in ai_systems.Practice}
    assert {each.value for each in ai_systems.Derogation} == {f"6(3)({letter})" for letter in "abcd"}
    assert all(str(each.label) and each.article for each in (*ai_systems.AnnexUse, *ai_systems.Practice))


@pytest.mark.parametrize(("kept", "uses"), [("5 (b)", {"5(b)"}), ("four", set()), ("", set())])
def test_a_point_that_was_kept_as_text_counts_where_it_is_one_of_the_list(kept: str, uses: set[str]) -> None:
    found = read_kept(ai_systems.AiSystemContent, {"name": "Credit", "annex_point": kept})
    assert (found.name, {each.value for each in found.annex_uses}) == ("Credit", uses)
    with pytest.raises(InvalidInput):
        read(ai_systems.AiSystemContent, {"name": "Credit", "annex_point": kept})
