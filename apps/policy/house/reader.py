"""Text to a policy set, or every fault of it at once."""

from __future__ import annotations

import re
from typing import Any

from apps.policy.house.actions import PARTS, read_keeping, read_then
from apps.policy.house.comparisons import read_when
from apps.policy.house.faults import (
    POLICY_AUTO_OK_ADDS,
    POLICY_KEY_MISSING,
    POLICY_KEY_UNKNOWN,
    POLICY_RULE_EMPTY,
    POLICY_RULE_TWICE,
    POLICY_TEXT_UNREADABLE,
    Faults,
    PolicySetRefused,
)
from apps.policy.house.rules import HouseRule, PolicySet
from apps.policy.house.text import Document, Place, TextUnreadable, read_text
from apps.policy.house.values import is_line, is_number, read_line, read_lines
from apps.policy.reason import Reason, Value
from apps.policy.route import PHASES
from apps.policy.rules import CATALOGUE

FORMAT = 1
MOST_RULES = 200
HIGHEST_RANK = 20
USUAL_AUTO_OK_BELOW = 2
RULE_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
RESERVED = frozenset({*CATALOGUE, "ROUTE"})


def read_policy_set(text: str) -> PolicySet:
    """Raises: PolicySetRefused."""
    try:
        document = read_text(text)
    except TextUnreadable as fault:
        facts: dict[str, Value] = {"line": fault.line, "problem": fault.problem}
        raise PolicySetRefused(Reason(code=POLICY_TEXT_UNREADABLE, field="text", facts=facts)) from fault
    return _read(document)


def policy_set_of(stated: dict[str, Any]) -> PolicySet:
    """A policy set from its document, as it is stored.  Raises: PolicySetRefused, all at line one."""
    return _read(Document(value=stated, lines={}), is_stored=True)


def _read(document: Document, *, is_stored: bool = False) -> PolicySet:
    faults = Faults(document=document, is_stored=is_stored)
    stated = document.value
    if not isinstance(stated, dict):
        faults.wrong((), "format, name and rules")
        raise PolicySetRefused(*faults.found)
    check_keys(
        faults,
        stated,
        (),
        needed=("format", "name", "rules"),
        allowed=("auto_ok_below_rank", "keep_verdicts"),
    )
    if stated.get("format", FORMAT) != FORMAT:
        faults.wrong(("format",), str(FORMAT))
    name = read_line(faults, stated, ("name",), longest=100) if "name" in stated else ""
    below = stated.get("auto_ok_below_rank", USUAL_AUTO_OK_BELOW)
    if not is_number(below, 0, HIGHEST_RANK):
        faults.wrong(("auto_ok_below_rank",), f"a whole number from 0 to {HIGHEST_RANK}")
        below = 0
    rules = _read_rules(faults, stated.get("rules", []))
    kept = _read_kept(faults, stated.get("keep_verdicts", {}), rules)
    if faults.found:
        raise PolicySetRefused(*faults.found)
    return PolicySet(name=name, auto_ok_below_rank=below, rules=rules, kept=kept, document=stated)


def _read_kept(faults: Faults, stated: Any, rules: tuple[HouseRule, ...]) -> frozenset[str]:
    """The stages, whoever asks for them, whose verdicts are kept while the facts are unchanged."""
    known = sorted({*PHASES, *(stage.name for rule in rules for stage in rule.then.stages)})
    if not isinstance(stated, dict):
        faults.wrong(("keep_verdicts",), "stages, each with a word, such as owner: unchanged_facts")
        return frozenset()
    kept = set()
    for name, word in stated.items():
        if name not in known:
            faults.add(POLICY_KEY_UNKNOWN, ("keep_verdicts", name), known=tuple(known))
        elif read_keeping(faults, word, ("keep_verdicts", name)) is not None:
            kept.add(name)
    return frozenset(kept)


def check_keys(
    faults: Faults,
    stated: dict[str, Any],
    place: Place,
    *,
    needed: tuple[str, ...] = (),
    allowed: tuple[str, ...] = (),
) -> None:
    known = tuple(sorted((*needed, *allowed)))
    for name in stated:
        if name not in known:
            faults.add(POLICY_KEY_UNKNOWN, (*place, name), known=known)
    for name in needed:
        if name not in stated:
            faults.add(POLICY_KEY_MISSING, (*place, name), expected="it is needed")


def _read_rules(faults: Faults, stated: Any) -> tuple[HouseRule, ...]:
    if not isinstance(stated, list) or len(stated) > MOST_RULES:
        faults.wrong(("rules",), f"a list of at most {MOST_RULES} rules")
        return ()
    rules: list[HouseRule] = []
    taken = set(RESERVED)
    for number, entry in enumerate(stated):
        rule = _read_rule(faults, entry, ("rules", number))
        faults.rule = ""
        if rule is None:
            continue
        if rule.id in taken:
            faults.add(POLICY_RULE_TWICE, ("rules", number, "id"), name=rule.id)
        taken.add(rule.id)
        rules.append(rule)
    return tuple(rules)


def _read_rule(faults: Faults, entry: Any, place: Place) -> HouseRule | None:
    if not isinstance(entry, dict):
        faults.wrong(place, "a rule with id, about, when and then")
        return None
    faults.rule = str(entry["id"]) if is_line(entry.get("id"), 40) else ""
    needed, allowed = ("id", "about", "when", "then"), ("fix", "articles")
    check_keys(faults, entry, place, needed=needed, allowed=allowed)
    if "id" in entry and not RULE_ID.fullmatch(faults.rule):
        faults.wrong((*place, "id"), "capital letters, digits and hyphens, such as CLS-3")
    about = read_line(faults, entry, (*place, "about"), longest=300) if "about" in entry else ""
    fix = read_line(faults, entry, (*place, "fix"), longest=300) if "fix" in entry else ""
    articles = read_lines(faults, entry, (*place, "articles"), longest=100) if "articles" in entry else ()
    then = read_then(faults, entry.get("then", {}), (*place, "then"), fix=fix)
    when = read_when(faults, entry.get("when", {}), (*place, "when"), is_granting=then.auto_ok)
    if then.auto_ok and then.is_adding:
        faults.add(POLICY_AUTO_OK_ADDS, (*place, "then"))
    if isinstance(entry.get("then"), dict) and not entry["then"]:
        faults.add(POLICY_RULE_EMPTY, (*place, "then"), known=PARTS)
    if (then.deny or then.block) and not fix:
        faults.add(POLICY_KEY_MISSING, (*place, "fix"), expected="what the requester can do about it")
    return HouseRule(id=faults.rule, about=about, when=when, then=then, articles=articles)
