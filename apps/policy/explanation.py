"""One trace, three readings: a sentence for who asks, a table for who decides, everything for who audits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.policy.decision import Effect


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """A rule in a table. `added` names what it asks for; `unknown` what was not recorded, and its reading."""

    rule: str
    type: str
    articles: tuple[str, ...]
    status: str
    effect: str
    facts: Mapping[str, Any]
    unknown: tuple[str, ...]
    added: tuple[str, ...]
    codes: tuple[str, ...]


def table_of(trace: Mapping[str, Any]) -> tuple[RuleRow, ...]:
    """Of a stored trace; the rules that spoke first, the weightiest first of these."""
    rows = [_row(finding) for finding in trace["findings"]]
    return tuple(sorted(rows, key=lambda row: (row.status != "matched", -_force(row.effect))))


def deciding_codes(trace: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of the reasons whose effect is that of the decision: what the sentence is made of."""
    findings = (each for each in trace["findings"] if each["effect"] == trace["effect"])
    return tuple(dict.fromkeys(reason["code"] for each in findings for reason in each["reasons"]))


def _force(effect: str) -> int:
    return Effect(effect).force if effect else 1


def _row(finding: Mapping[str, Any]) -> RuleRow:
    return RuleRow(
        rule=finding["rule"],
        type=finding["type"],
        articles=tuple(finding["articles"]),
        status=finding["status"],
        effect=finding["effect"] or "",
        facts=finding["facts"],
        unknown=tuple(f"{each['fact']} = {each['counted_as']}" for each in finding["unknown"]),
        added=_added(finding),
        codes=tuple(reason["code"] for reason in finding["reasons"]),
    )


def _added(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """Traces from before there were conditions hold none."""
    conditions: Sequence[Mapping[str, Any]] = finding.get("conditions", ())
    lease = finding["max_lease_minutes"]
    return (
        *(f"stage {stage['name']}" for stage in finding["stages"]),
        *(f"condition {condition['code']}" for condition in conditions),
        *(f"ends {limit['ends_at']} ({limit['factor']})" for limit in finding["limits"]),
        *((f"lease {lease} min",) if lease is not None else ()),
        *(f"obligation {each['kind']}" for each in finding["obligations"]),
        *(f"notify {role}" for role in finding["notify"]),
        *(("step-up",) if finding["needs_step_up"] else ()),
    )
