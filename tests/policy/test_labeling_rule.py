"""LABELING: who labels stands on the roster of the policy about the data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from apps.policy.decision import Effect, Finding, Status
from apps.policy.facts import Action, LabelingFacts, RedactionFacts, RequestFacts
from apps.policy.law_words import LabelerGap
from apps.policy.reason import text_of

from . import records as r
from .records import judge


def asked(*stated: LabelingFacts, action: Action = Action.LABEL, **changes: Any) -> RequestFacts:
    facts = r.harmless(actions=frozenset({action}), labeling=stated)
    return replace(facts, **changes)


def found(facts: RequestFacts) -> Finding:
    return next(each for each in judge(facts).findings if each.rule == "LABELING")


def test_who_lacks_nothing_labels() -> None:
    assert found(asked(r.labeling())).status is Status.NOT_MATCHED
    assert judge(asked(r.labeling())).effect is judge(asked(action=Action.READ)).effect


def test_who_is_paused_does_not_label_whatever_else_they_lack() -> None:
    told = found(asked(r.labeling(gaps=frozenset({LabelerGap.PAUSE}))))
    assert (told.effect, [each.code for each in told.reasons]) == (Effect.DENY, ["LABELER_PAUSED"])
    both = found(asked(r.labeling(gaps=frozenset({LabelerGap.PAUSE, LabelerGap.TEST}))))
    assert [(each.code, each.facts.get("missing")) for each in both.reasons] == [
        ("LABELER_NOT_QUALIFIED", ("test",)),
        ("LABELER_PAUSED", None),
    ]


def test_nobody_labels_from_a_country_that_the_policy_does_not_name() -> None:
    told = found(asked(r.labeling(gaps=frozenset({LabelerGap.PLACE})), place_of_processing="BR"))
    assert told.effect is Effect.DENY
    assert [(each.code, each.facts["place"]) for each in told.reasons] == [("LABELER_ELSEWHERE", "BR")]


@pytest.mark.parametrize("gap", sorted(set(LabelerGap) - {LabelerGap.PAUSE, LabelerGap.PLACE}))
def test_who_lacks_something_does_not(gap: LabelerGap) -> None:
    told = found(asked(r.labeling(gaps=frozenset({gap}))))
    assert told.effect is Effect.DENY
    (reason,) = told.reasons
    assert (reason.code, reason.facts["missing"]) == ("LABELER_NOT_QUALIFIED", (gap.value,))
    assert judge(asked(r.labeling(gaps=frozenset({gap})))).effect is Effect.DENY


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.LABEL])
def test_other_actions_ask_nothing_of_it(action: Action) -> None:
    lacking = r.labeling(gaps=frozenset(LabelerGap))
    assert found(asked(lacking, action=action)).status is Status.NOT_MATCHED
    assert found(asked(lacking, action=action, labeling=None)).status is Status.NOT_MATCHED


def test_nobody_labels_while_it_stands_still() -> None:
    told = found(asked(r.labeling(is_open=False)))
    assert (told.effect, told.reasons[0].code) == (Effect.DENY, "LABELING_STANDS_STILL")


def test_one_policy_of_several_is_enough() -> None:
    lacking = r.labeling(policy="LP-0002", gaps=frozenset({LabelerGap.ROSTER}))
    assert found(asked(r.labeling(), lacking)).status is Status.NOT_MATCHED
    assert found(asked(lacking)).effect is Effect.DENY
    paused = r.labeling(policy="LP-0003", is_open=False)
    assert found(asked(lacking, paused)).effect is Effect.DENY


def test_data_without_a_policy_are_labeled_as_before_and_the_trace_says_so() -> None:
    told = found(asked())
    assert (told.status, told.effect, told.reasons[0].code) == (Status.MATCHED, None, "LABELING_UNGOVERNED")
    assert judge(asked()).effect is judge(asked(action=Action.READ)).effect


UNCHECKED = r.redaction(is_met=False, is_checked=False, planted=0, found=0, recall="undefined", audited=0)
MISSED = r.redaction(is_met=False, found=380, recall="0.985", audited=299, left=2)


@pytest.mark.parametrize(
    ("redaction", "code"), [(UNCHECKED, "LABELING_UNREDACTED"), (MISSED, "LABELING_REDACTION_MISSED")]
)
def test_nobody_labels_before_a_check_shows_that_names_were_taken_out(
    redaction: RedactionFacts, code: str
) -> None:
    told = found(asked(r.labeling(redaction=redaction)))
    assert (told.effect, [reason.code for reason in told.reasons]) == (Effect.BLOCK, [code])
    assert judge(asked(r.labeling(redaction=redaction))).effect is Effect.BLOCK
    assert found(asked(r.labeling(redaction=redaction), action=Action.READ)).status is Status.NOT_MATCHED
    assert found(asked(r.labeling(redaction=r.redaction()))).status is Status.NOT_MATCHED


def test_it_says_by_how_much_the_check_misses() -> None:
    (reason,) = found(asked(r.labeling(redaction=MISSED))).reasons
    text = text_of(reason.code)
    said = text.sentence % dict(reason.facts)
    assert "380 of 381 planted names" in said
    assert "at least 0.985, where 0.990 is needed" in said
    assert "the 299 items that were looked through (300 are needed) name somebody 2 times" in said
    assert "bring the check of the redaction" in text.remedy


def test_names_that_were_left_hinder_beside_what_people_lack() -> None:
    told = found(asked(r.labeling(gaps=frozenset({LabelerGap.TEST}), redaction=UNCHECKED)))
    assert told.effect is Effect.DENY
    assert {each.code for each in told.reasons} == {"LABELER_NOT_QUALIFIED", "LABELING_UNREDACTED"}
    sound = r.labeling(policy="LP-0002")
    assert found(asked(r.labeling(redaction=UNCHECKED), sound)).status is Status.NOT_MATCHED


def test_what_older_snapshots_do_not_say_of_it_waits() -> None:
    facts = asked(r.labeling(redaction=None))
    told = found(facts)
    assert (told.effect, told.reasons[0].code) == (Effect.BLOCK, "LABELING_REDACTION_UNKNOWN")
    assert [each.fact for each in told.unknown] == ["labeling.redaction"]
    assert "redaction" not in json.dumps(facts.as_json()["labeling"])


@pytest.mark.parametrize("changed", [{"is_open": None}, {"gaps": None}])
def test_what_is_not_known_of_a_policy_waits(changed: dict[str, Any]) -> None:
    told = found(asked(r.labeling(**changed)))
    assert (told.effect, told.reasons[0].code) == (Effect.BLOCK, "LABELERS_UNKNOWN")
    assert told.unknown


def test_nothing_known_at_all_waits() -> None:
    told = found(asked(labeling=None))
    assert (told.effect, told.reasons[0].code, bool(told.unknown)) == (Effect.BLOCK, "LABELERS_UNKNOWN", True)


def test_every_asset_is_looked_at() -> None:
    facts = asked(r.labeling())
    other = replace(facts.assets[0], uid="other")
    both = replace(facts, assets=(*facts.assets, other))
    assert found(both).reasons[0].code == "LABELING_UNGOVERNED"
    refused = r.labeling(asset="other", gaps=frozenset({LabelerGap.TEST}))
    assert found(replace(both, labeling=(r.labeling(), refused))).effect is Effect.DENY


def test_it_survives_storage() -> None:
    facts = asked(r.labeling(policy="LP-0002"), r.labeling())
    assert [each.policy for each in facts.labeling or ()] == ["LP-0001", "LP-0002"]
    assert RequestFacts.from_json(facts.as_json()) == facts
    assert "labeling" not in asked(labeling=None).as_json()
