"""A01 and the handling that the sensitivity class demands: stages, longest grant, longest lease, step-up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from apps.policy.decision import Effect, Finding, Limit, RuleType, Unknown
from apps.policy.facts import SHORTEST_GRANT_DAYS, SHORTEST_LEASE_MINUTES, ColumnFacts, HandlingFacts
from apps.policy.reason import declare
from apps.policy.route import stages_for
from apps.policy.rules.case import Case, names
from apps.policy.rules.rule import Number, Rule

COLUMN_UNCLASSIFIED = declare(
    "COLUMN_UNCLASSIFIED",
    "These requested columns are not fully classified and confirmed: %(columns)s.",
    "Ask the data steward to classify them, or drop them from the request.",
)
INPUTS_UNCLASSIFIED = declare(
    "INPUTS_UNCLASSIFIED",
    "These columns are classified, but something that they were made from is not: %(columns)s.",
    "Have a steward classify it; the lineage of the asset shows what it was made from.",
)
CLASS_DEMANDS_STAGES = declare(
    "CLASS_DEMANDS_STAGES",
    "The sensitivity class %(class_code)s is decided by: %(stages)s.",
    "Nothing to do; or ask for columns of a lower class.",
)
CLEARANCE_TOO_LOW = declare(
    "CLEARANCE_TOO_LOW",
    "The subject is cleared for rank %(cleared_rank)s; the requested columns are of rank %(class_rank)s.",
    "Ask for columns of a lower class, or have the clearance raised first.",
)
CLEARANCE_UNKNOWN = declare(
    "CLEARANCE_UNKNOWN",
    "Whether the subject is cleared for the class of the requested columns is not known.",
    "Record the subject's clearance and the class of every column.",
)


def _is_classified(case: Case, column: ColumnFacts) -> bool:
    ladder = {step.rank for step in case.facts.handling}
    stated = (column.class_rank, column.identifiability, column.is_personal, column.is_criminal)
    return column.is_confirmed and None not in stated and column.class_rank in ladder


def _is_by_inputs(column: ColumnFacts) -> bool:
    """Somebody vouches for the column, and yet its class is not known."""
    return column.is_confirmed and column.identifiability is not None and column.class_rank is None


def classified(case: Case) -> Finding:
    """A01. Class, identifiability, personal and criminal known and confirmed for every column."""
    pairs = [pair for pair in case.columns if not _is_classified(case, pair[1])]
    unclassified = names(iter(pairs))
    if not unclassified:
        return case.clear(facts={"class_rank": case.rank})
    by_inputs = names(pair for pair in pairs if _is_by_inputs(pair[1]))
    of_their_own = tuple(name for name in unclassified if name not in by_inputs)
    reasons = [
        case.reason(code, columns=columns)
        for code, columns in ((COLUMN_UNCLASSIFIED, of_their_own), (INPUTS_UNCLASSIFIED, by_inputs))
        if columns
    ]
    unknown = tuple(Unknown(fact=f"columns.{name}", counted_as="not classified") for name in unclassified)
    return case.matched(*reasons, effect=Effect.BLOCK, columns=unclassified, unknown=unknown)


def handling(case: Case) -> Finding:
    """CLASS. Runs under every exemption: a class protects more than people."""
    if not case.handling:
        return case.clear()
    stages = stages_for(role for step in case.handling for role in step.stages)
    reasons = []
    if stages:
        roles = tuple(role for stage in stages for role in stage.roles)
        reasons.append(case.reason(CLASS_DEMANDS_STAGES, class_code=case.handling[-1].code, stages=roles))
    minutes = [_minutes(step) for step in case.handling]
    return case.matched(
        *reasons,
        effect=Effect.REFER if stages else None,
        facts={"class_rank": case.rank, "classes": tuple(step.code for step in case.handling)},
        unknown=_unknown_handling(case),
        stages=stages,
        limits=tuple(limit for step in case.handling for limit in _limit(case, step)),
        max_lease_minutes=min((value for value in minutes if value is not None), default=None),
        needs_step_up=any(step.needs_step_up is not False for step in case.handling),
    )


def _minutes(step: HandlingFacts) -> int | None:
    if step.max_lease_minutes is None:
        return SHORTEST_LEASE_MINUTES
    return step.max_lease_minutes if isinstance(step.max_lease_minutes, int) else None


def _limit(case: Case, step: HandlingFacts) -> tuple[Limit, ...]:
    days = SHORTEST_GRANT_DAYS if step.max_grant_days is None else step.max_grant_days
    if not isinstance(days, int):
        return ()
    latest = datetime.max.replace(tzinfo=UTC)
    start = case.facts.starts_at
    ends_at = start + timedelta(days=days) if days <= (latest - start).days else latest
    return (Limit(ends_at=ends_at, factor="class_longest_grant", about=step.code),)


def _unknown_handling(case: Case) -> tuple[Unknown, ...]:
    found = []
    if case.rank is None:
        found.append(Unknown(fact="class_rank", counted_as="the highest class"))
    for step in case.handling:
        if step.max_grant_days is None:
            counted = f"{SHORTEST_GRANT_DAYS} day"
            found.append(Unknown(fact=f"handling.{step.code}.max_grant_days", counted_as=counted))
        if step.max_lease_minutes is None:
            counted = f"{SHORTEST_LEASE_MINUTES} minutes"
            found.append(Unknown(fact=f"handling.{step.code}.max_lease_minutes", counted_as=counted))
        if step.needs_step_up is None:
            found.append(Unknown(fact=f"handling.{step.code}.needs_step_up", counted_as="needed"))
    return tuple(found)


def cleared(case: Case) -> Finding:
    """CLEARANCE. A level below the class denies, as at every use; an unknown level waits for its record.

    Not asked for the lowest classes (`free_classes`), which anyone with a current relation may be granted.
    """
    level, rank = case.facts.subject.cleared_rank, case.rank
    looked_at = {"cleared_rank": level, "class_rank": rank}
    if case.is_among_lowest(case.number("free_classes")):
        return case.clear(facts=looked_at)
    top = max((step.rank for step in case.facts.handling), default=None)
    needed = top if rank is None else rank
    if level is not None and needed is not None and level >= needed:
        return case.clear(facts=looked_at)
    if level is None or rank is None:
        fact = "subject.cleared_rank" if level is None else "class_rank"
        unknown = (Unknown(fact=fact, counted_as="not cleared"),)
        reason = case.reason(CLEARANCE_UNKNOWN, cleared_rank=level, class_rank=rank)
        return case.matched(reason, effect=Effect.BLOCK, facts=looked_at, unknown=unknown)
    reason = case.reason(CLEARANCE_TOO_LOW, cleared_rank=level, class_rank=rank)
    too_high = names(pair for pair in case.columns if (pair[1].class_rank or 0) > level)
    return case.matched(reason, effect=Effect.DENY, facts=looked_at, columns=too_high)


RULES = (
    Rule(
        id="A01",
        type=RuleType.POLICY,
        articles=("GDPR Art. 5(2)", "GDPR Art. 24", "GDPR Art. 25"),
        evaluate=classified,
    ),
    Rule(id="CLASS", type=RuleType.POLICY, articles=("GDPR Art. 32",), evaluate=handling),
    Rule(
        id="CLEARANCE",
        type=RuleType.POLICY,
        articles=("GDPR Art. 32(4)",),
        evaluate=cleared,
        parameters={"free_classes": Number(minimum=0, maximum=20)},
        defaults={"free_classes": 2},
    ),
)
