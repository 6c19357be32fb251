"""Routes laid out by a test, and ties between the people who would decide them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.access.models import Request, Slot
from apps.access.queries import evaluation
from apps.accounts.models import ConflictDeclaration, ConflictKind, Delegation
from apps.accounts.roles import Role
from apps.kernel.clock import database_now
from apps.policy.decision import Decision
from apps.policy.engine import decide
from apps.policy.route import StageSpec, united
from tests.factories.access import AccessWorld, asked, decision_of, draft

DECIDING = [Role.OWNER.value, Role.COMPLIANCE_OFFICER.value]


def lay_out(monkeypatch: pytest.MonkeyPatch, *stages: StageSpec) -> None:
    """From now on every request that is referred goes through these stages."""

    def answered(*given: Any) -> Decision:
        decision = decide(*given)
        return replace(decision, stages=united(stages))

    monkeypatch.setattr(evaluation, "decide", answered)


def owners(**terms: Any) -> StageSpec:
    return StageSpec(**{"name": "owner", "roles": ("data_owner",), "phase": 10, **terms})


def personal(world: AccessWorld, who: str = "scientist", **given: Any) -> Request:
    return asked(world[who], draft(world.personal, world.purposes["pay"]), **given)


def delegated(world: AccessWorld, delegator: str, delegate: str, **given: Any) -> Delegation:
    now = database_now()
    stated = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(days=7), "roles": DECIDING}
    return Delegation.objects.create(
        delegator=world.players[delegator].person,
        delegate=world.players[delegate].person,
        organization=world.organization,
        created_at=now,
        **{**stated, **given},
    )


def conflicted(world: AccessWorld, who: str, kind: ConflictKind, target: Any) -> ConflictDeclaration:
    now = database_now()
    return ConflictDeclaration.objects.create(
        person=world.players[who].person,
        kind=kind,
        target_uid=target.uid,
        starts_at=now - timedelta(hours=1),
        created_at=now,
    )


def slot_of(request: Request, stage: str = "owner") -> Slot:
    return Slot.objects.filter(stage__decision=decision_of(request), stage__name=stage).earliest("pk")


def clock_of(request: Request, stage: str = "owner") -> tuple[datetime, datetime]:
    found = decision_of(request).stages.get(name=stage)
    assert found.opened_at is not None and found.due_at is not None
    return found.opened_at, found.due_at
