"""The part `then` of a rule: what it adds."""

from __future__ import annotations

import re
from typing import Any

from apps.policy.conditions import AutomaticCheck, ConditionCheck, ConditionKind, ConditionSpec
from apps.policy.facts import SHORTEST_GRANT_DAYS, SHORTEST_LEASE_MINUTES, Action
from apps.policy.house.effects import Cap, Then, TicketRule
from apps.policy.house.faults import POLICY_CHECK_UNKNOWN, POLICY_KEY_MISSING, POLICY_KEY_UNKNOWN, Faults
from apps.policy.house.text import Place
from apps.policy.house.tickets import FormUnknown, read_form
from apps.policy.house.values import read_flag, read_line, read_number, read_words
from apps.policy.route import (
    DECIDING_ROLES,
    LAST_PHASE,
    OPINION,
    PHASES,
    STAND_INS,
    KeepVerdicts,
    StageSpec,
    Timeout,
    stage_for,
    united,
)

CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
STAGE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_DAYS = 3650
LONGEST_MINUTES = 7 * 24 * 60
MOST_PEOPLE = 5
NO_KEEPING = "none"
STAGE_PARTS = (
    "count",
    "dpo_opinion",
    "escalate_to",
    "fallback_roles",
    "independent",
    "keep_verdicts",
    "on_timeout",
    "rejections",
    "sla_days",
)
PARTS = ("auto_ok", "block", "cap", "deny", "notify", "require", "require_condition", "require_ticket")


def read_then(faults: Faults, stated: Any, place: Place, *, fix: str) -> Then:
    if not isinstance(stated, dict):
        faults.wrong(place, "what the rule adds")
        return Then()
    if not _has_keys(faults, stated, place, allowed=PARTS):
        return Then()
    read: dict[str, Any] = {"fix": fix}
    for name in ("deny", "block"):
        if name in stated:
            read[name] = _read_code(faults, stated[name], (*place, name))
    if "require" in stated:
        read["stages"] = united(_each(faults, stated["require"], (*place, "require"), _read_stages))
    if "require_condition" in stated:
        at = (*place, "require_condition")
        read["conditions"] = _each(faults, stated["require_condition"], at, _read_condition)
    if "cap" in stated:
        read["cap"] = _read_cap(faults, stated["cap"], (*place, "cap"))
    if "notify" in stated:
        read["notify"] = read_words(faults, stated["notify"], (*place, "notify"), (*DECIDING_ROLES, "dpo"))
    if "require_ticket" in stated:
        read["ticket"] = _read_ticket(faults, stated["require_ticket"], (*place, "require_ticket"))
    if "auto_ok" in stated:
        read["auto_ok"] = read_flag(faults, stated["auto_ok"], (*place, "auto_ok"))
    return Then(**read)


def _has_keys(
    faults: Faults,
    stated: Any,
    place: Place,
    *,
    needed: tuple[str, ...] = (),
    allowed: tuple[str, ...] = (),
) -> bool:
    known = tuple(sorted((*needed, *allowed)))
    if not isinstance(stated, dict):
        faults.wrong(place, f"an object with {', '.join(known)}")
        return False
    unknown = [name for name in stated if name not in known]
    missing = [name for name in needed if name not in stated]
    for name in unknown:
        faults.add(POLICY_KEY_UNKNOWN, (*place, name), known=known)
    for name in missing:
        faults.add(POLICY_KEY_MISSING, (*place, name), expected="it is needed")
    return not unknown and not missing


def _each(faults: Faults, stated: Any, place: Place, read: Any) -> tuple[Any, ...]:
    """One, or a list of them."""
    entries = stated if isinstance(stated, list) else [stated]
    places = [(*place, number) for number in range(len(entries))] if isinstance(stated, list) else [place]
    return tuple(part for entry, at in zip(entries, places, strict=True) for part in read(faults, entry, at))


def _read_code(faults: Faults, value: Any, place: Place) -> str:
    if isinstance(value, str) and len(value) <= 60 and CODE.fullmatch(value):
        return value
    faults.wrong(place, "a code of capital letters, such as NO_ART9_CONDITION")
    return ""


def _read_stages(faults: Faults, stated: Any, place: Place) -> tuple[StageSpec, ...]:
    if not _has_keys(faults, stated, place, needed=("stage", "of"), allowed=STAGE_PARTS):
        return ()
    name = stated["stage"]
    if not (isinstance(name, str) and STAGE_NAME.fullmatch(name)):
        known = ", ".join(sorted(PHASES.keys() - {OPINION}))
        faults.wrong((*place, "stage"), f"a name in small letters, such as {known}")
        return ()
    if name == OPINION:
        faults.wrong(
            (*place, "stage"), f"another name: {OPINION} is the DPO's, asked for by dpo_opinion: true"
        )
        return ()
    roles = read_words(faults, stated["of"], (*place, "of"), DECIDING_ROLES)
    count = read_number(faults, stated.get("count", 1), (*place, "count"), 1, MOST_PEOPLE)
    independent = read_flag(faults, stated.get("independent", False), (*place, "independent"))
    hears = read_flag(faults, stated.get("dpo_opinion", False), (*place, "dpo_opinion"))
    timing = _read_timing(faults, stated, place)
    keep = read_keeping(faults, stated.get("keep_verdicts", NO_KEEPING), (*place, "keep_verdicts"))
    if not roles or count is None or timing is None:
        return ()
    stage = StageSpec(
        name=name,
        roles=tuple(sorted(roles)),
        count=count,
        phase=PHASES.get(name, LAST_PHASE),
        is_independent=independent,
        keep_verdicts=keep,
        **timing,
    )
    return (stage, stage_for("dpo")) if hears else (stage,)


def read_keeping(faults: Faults, value: Any, place: Place) -> KeepVerdicts | None:
    """`none`, or when verdicts are kept."""
    known = [NO_KEEPING, *(word.value for word in KeepVerdicts)]
    if value not in known:
        faults.wrong(place, f"one of: {', '.join(known)}")
        return None
    return None if value == NO_KEEPING else KeepVerdicts(value)


def _read_timing(faults: Faults, stated: dict[str, Any], place: Place) -> dict[str, Any] | None:
    """How long the stage has, who may stand in, and what a timeout does; `None` where that makes no sense."""
    read: dict[str, Any] = {}
    for name in ("sla_days", "rejections"):
        if name in stated:
            read[name] = read_number(faults, stated[name], (*place, name), 1, MOST_PEOPLE * 10)
    for name in ("fallback_roles", "escalate_to"):
        if name in stated:
            read[name] = tuple(sorted(read_words(faults, stated[name], (*place, name), STAND_INS)))
    if "on_timeout" in stated:
        word = _read_word(faults, stated["on_timeout"], (*place, "on_timeout"), Timeout)
        read["on_timeout"] = Timeout(word) if word else None
    if read.get("on_timeout") is Timeout.ESCALATE and not read.get("escalate_to"):
        faults.wrong((*place, "on_timeout"), "escalate together with escalate_to")
        return None
    return None if None in read.values() else read


def _read_condition(faults: Faults, stated: Any, place: Place) -> tuple[ConditionSpec, ...]:
    needed, allowed = ("code", "kind", "text"), ("check", "due_days")
    if not _has_keys(faults, stated, place, needed=needed, allowed=allowed):
        return ()
    code = _read_code(faults, stated["code"], (*place, "code"))
    kind = _read_word(faults, stated["kind"], (*place, "kind"), ConditionKind)
    check = _read_word(faults, stated.get("check", "manual"), (*place, "check"), ConditionCheck)
    text = read_line(faults, stated, (*place, "text"), longest=500)
    due = None
    if "due_days" in stated:
        due = read_number(faults, stated["due_days"], (*place, "due_days"), 0, LONGEST_DAYS)
    if not (code and kind and check and text):
        return ()
    if check == ConditionCheck.AUTOMATIC and not faults.is_stored:
        known = tuple(each.value for each in AutomaticCheck if kind in each.kinds)
        if code not in known:
            faults.add(POLICY_CHECK_UNKNOWN, (*place, "check"), named=code, known=known)
    spec = ConditionSpec(
        code=code, kind=ConditionKind(kind), text=text, check=ConditionCheck(check), due_days=due
    )
    return (spec,)


def _read_word(faults: Faults, value: Any, place: Place, words: Any) -> str:
    known = [word.value for word in words]
    if value in known:
        return str(value)
    faults.wrong(place, f"one of: {', '.join(known)}")
    return ""


def _read_cap(faults: Faults, stated: Any, place: Place) -> Cap:
    allowed = ("days", "ttl_minutes", "actions", "columns_without")
    if not _has_keys(faults, stated, place, allowed=allowed):
        return Cap()
    read: dict[str, Any] = {}
    if "days" in stated:
        read["days"] = read_number(
            faults, stated["days"], (*place, "days"), SHORTEST_GRANT_DAYS, LONGEST_DAYS
        )
    if "ttl_minutes" in stated:
        at = (*place, "ttl_minutes")
        read["ttl_minutes"] = read_number(
            faults, stated["ttl_minutes"], at, SHORTEST_LEASE_MINUTES, LONGEST_MINUTES
        )
    if "actions" in stated:
        words = read_words(faults, stated["actions"], (*place, "actions"), [each.value for each in Action])
        read["actions"] = frozenset(Action(word) for word in words)
    if "columns_without" in stated:
        read["without"] = read_words(faults, stated["columns_without"], (*place, "columns_without"))
    if not read:
        faults.wrong(place, f"at least one of {', '.join(allowed)}")
    return Cap(**read)


def _read_ticket(faults: Faults, stated: Any, place: Place) -> TicketRule | None:
    if not _has_keys(faults, stated, place, needed=("system", "pattern"), allowed=("verified",)):
        return None
    is_verified = read_flag(faults, stated.get("verified", False), (*place, "verified"))
    system = read_line(faults, stated, (*place, "system"), longest=60)
    try:
        form = read_form(stated["pattern"] if isinstance(stated["pattern"], str) else "")
    except FormUnknown as fault:
        faults.wrong((*place, "pattern"), f"a form such as OPS-[0-9]{{1,6}} ({fault})")
        return None
    return TicketRule(system=system, form=form, is_verified=is_verified) if system else None
