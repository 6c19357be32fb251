"""Breaches: 72 hours by the hour, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from apps.compliance.lifecycle import breach
from tests.compliance.cycles.taken import codes, taken
from tests.factories.compliance import breach_content

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
