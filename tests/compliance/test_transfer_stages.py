"""How far a transfer is follows from its record, its days and what happened to its basis."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from apps.compliance.lifecycle.transfers import TiaOutcome, TransferContent, TransferStage, stage_of

S = TransferStage
ON = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        ({"is_approved": False}, S.DRAFT),
        ({"is_approved": False, "tia": TiaOutcome.WITH_MEASURES}, S.TIA_DONE),
        ({}, S.ACTIVE),
        ({"ends_on": ON + timedelta(days=61)}, S.ACTIVE),
        ({"ends_on": ON + timedelta(days=60)}, S.EXPIRING),
        ({"ends_on": ON}, S.EXPIRED),
        ({"is_suspended": True}, S.SUSPENDED),
        ({"is_suspended": True, "ends_on": ON}, S.EXPIRED),
    ],
)
def test_the_stage_of_a_transfer_is_told_by_its_day(given: dict[str, Any], stage: TransferStage) -> None:
    content = TransferContent(name="Help desk", tia=given.pop("tia", None))
    usual: dict[str, Any] = {"is_approved": True, "ends_on": None, "is_suspended": False}
    assert stage_of(content, **{**usual, **given}, on=ON) is stage
