"""How a check says what it found."""

from __future__ import annotations

from collections.abc import Mapping

from apps.labeling.checks.terms import Finding, Outcome
from apps.labeling.measures.rounding import down, up
from apps.policy.reason import Reason, Value

LAW: Mapping[str, tuple[str, ...]] = {
    "L01": ("AI Act Art. 10(2)(c)", "AI Act Annex IV 2(d)"),
    "L02": ("GDPR Art. 28", "GDPR Art. 29", "GDPR Art. 32(4)"),
    "L08": ("AI Act Art. 10(2)(h)",),
    "L09": ("AI Act Art. 10(2)(f)", "AI Act Art. 10(2)(g)"),
    "L11": ("GDPR Art. 5(1)(c)", "GDPR Art. 25", "GDPR Art. 32"),
    "L13": ("GDPR Art. 17", "GDPR Art. 7(3)"),
    "L15": (),
}
DATA_ARE_RIGHT = ("AI Act Art. 10(3)",)


def finding(check: str, outcome: Outcome, code: str, **facts: Value) -> Finding:
    law = LAW.get(check, DATA_ARE_RIGHT)
    return Finding(
        check=check, outcome=outcome, reason=Reason(code=code, rule=check, articles=law, facts=facts)
    )


def said(value: float | None) -> str:
    """Three digits are what a bootstrap of a thousand is good for."""
    return "undefined" if value is None else f"{value:.3f}"


def at_least(lower: float | None) -> str:
    return said(down(lower))


def at_most(upper: float | None) -> str:
    return said(up(upper))


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"
