"""Rules of a house at random, as an organization could write them; and one set to start from."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from apps.policy.house.reader import policy_set_of, read_policy_set
from apps.policy.house.rules import PolicySet
from apps.policy.rulebook import DEFAULT_RULEBOOK, Rulebook

HOUSE = """\
# What this organization adds to the law.
format: 1
name: House rules
rules:
  - id: CLS-3
    about: High classes are judged by somebody independent.
    when: {class_rank: ">=3"}
    then:
      require: {stage: privacy, of: compliance_officer, independent: true, dpo_opinion: true, sla_days: 3}
      cap: {days: 20, ttl_minutes: 60}
  - id: TRAIN-2
    about: Models made from personal data are registered.
    when: {actions_any: train, categories_any: personal}
    then:
      require: {stage: model_risk, of: model_risk}
      require_condition: {code: REGISTER_MODEL, kind: during, text: Register the model., check: automatic}
  - id: REG-1
    about: Data stay in the EEA.
    when: {place_outside: EEA}
    then: {deny: TRANSFER_NOT_COVERED}
    fix: Process the data in the EEA.
  - id: MANY-1
    about: Who holds many personal data is looked at.
    when: {joint_personal_assets: ">=3"}
    then: {require: {stage: security, of: ciso}, notify: dpo}
  - id: EXPORT-1
    about: Exports go with a ticket.
    when: {actions_any: export}
    then: {require_ticket: {system: JIRA, pattern: "OPS-[0-9]{1,6}"}}
  - id: QUICK-1
    about: Small reads of internal mail addresses need nobody.
    when: {class_rank: "<=1", actions_only: read, days: "<=30", relation_only: employee}
    then: {auto_ok: true}
"""

ADDING: dict[str, tuple[Any, ...]] = {
    "class_rank": (">=1", ">=2", ">2"),
    "days": (">=30", ">90"),
    "column_count": (">=2",),
    "joint_personal_assets": (">=1", ">=3"),
    "categories_any": ("personal", "special", ["Location", "health"]),
    "categories_outside": (["Measurement"],),
    "joint_categories_any": ("special",),
    "actions_any": ("export", ["train", "share"]),
    "actions_outside": (["read"],),
    "relation_any": (["vendor", "contractor"],),
    "place_outside": ("EEA",),
    "purpose_any": ("ResearchAndDevelopment",),
    "identifiability_any": ("identified",),
    "personal": (True,),
    "special": (True,),
    "criminal": (True,),
    "unconfirmed": (True,),
    "coverage_gap": (True,),
    "linked_personal": (True,),
    "outside_eea": (True,),
}
GRANTING: dict[str, tuple[Any, ...]] = {
    "class_rank": ("<=1", "<3"),
    "days": ("<=60",),
    "categories": ("none",),
    "actions_only": (["read"], ["read", "train", "export"]),
    "relation_only": ("employee",),
    "place_only": ("EEA",),
    "personal": (False,),
    "joint_personal_assets": ("<=5",),
}
ADDED: tuple[dict[str, Any], ...] = (
    {"deny": "NOT_HERE"},
    {"block": "NOT_YET"},
    {"require": {"stage": "security", "of": "ciso"}},
    {"require": {"stage": "privacy", "of": ["compliance_officer", "legal"], "count": 2}},
    {"require": {"stage": "security", "of": "ciso", "keep_verdicts": "unchanged_facts"}},
    {"require_condition": {"code": "DELETE", "kind": "after", "text": "Delete the data.", "due_days": 30}},
    {"cap": {"days": 10, "ttl_minutes": 20}},
    {"cap": {"actions": ["read"], "columns_without": ["special"]}},
    {"notify": "dpo"},
    {"require_ticket": {"system": "JIRA", "pattern": "OPS-[0-9]{1,6}"}},
    {"require_ticket": {"system": "JIRA", "pattern": "OPS-[0-9]{1,6}", "verified": True}},
)


def policy_set(text: str = HOUSE) -> PolicySet:
    return read_policy_set(text)


def rulebook(house: PolicySet) -> Rulebook:
    return DEFAULT_RULEBOOK.joined(house, version="1+1")


@st.composite
def policy_sets(draw: st.DrawFn) -> PolicySet:
    rules = []
    for number in range(draw(st.integers(1, 4))):
        is_granting = draw(st.integers(0, 3)) == 0
        facts = GRANTING if is_granting else ADDING
        asked = draw(st.lists(st.sampled_from(sorted(facts)), min_size=1, max_size=3, unique=True))
        rule: dict[str, Any] = {"id": f"R-{number}", "about": "Said so.", "fix": "Ask for less."}
        rule["when"] = {name: draw(st.sampled_from(facts[name])) for name in asked}
        rule["then"] = {"auto_ok": True} if is_granting else draw(st.sampled_from(ADDED))
        rules.append(rule)
    return policy_set_of({"format": 1, "name": "Random", "rules": rules})
