"""What is asked for in the recorded house, and what the rules of the law answer."""

from __future__ import annotations

from typing import Any

from apps.access.drafts import read_draft
from apps.access.queries.evaluation import Answer, answer
from apps.compliance.lifecycle.declaration import Kind
from apps.compliance.models import LegalRecord
from apps.kernel.clock import database_now
from apps.policy.decision import Effect
from tests.factories.access import (
    AccessWorld,
    Thing,
    draft,
)

B, D, R = Effect.BLOCK, Effect.DENY, Effect.REFER


def answered(world: AccessWorld, wanted: Thing, purpose: str, *actions: str, **given: Any) -> Answer:
    now = database_now()
    made = draft(wanted, world.purposes[purpose], actions=list(actions) or ["read"], **given)
    return answer(read_draft(world["scientist"], made, at=now), at=now)


def found(told: Answer, rule: str) -> tuple[Effect | None, set[str]]:
    """What one rule says: its effect, and its codes."""
    finding = next(each for each in told.decision.findings if each.rule == rule)
    return finding.effect, {reason.code for reason in finding.reasons}


def in_the_way(told: Answer) -> dict[str, set[str]]:
    bad = [each for each in told.decision.findings if each.effect in (Effect.BLOCK, Effect.DENY)]
    return {each.rule: {reason.code for reason in each.reasons} for each in bad}


def pay(world: AccessWorld, *actions: str, **given: Any) -> Answer:
    return answered(world, world.personal, "pay", *actions, **given)


def study(world: AccessWorld, *actions: str, **given: Any) -> Answer:
    return answered(world, world.restricted, "study", *actions, **given)


def rock(world: AccessWorld, *actions: str, **given: Any) -> Answer:
    return answered(world, world.harmless, "rock", *actions, **given)


def of_kind(kind: Kind) -> LegalRecord:
    record: LegalRecord = LegalRecord.objects.filter(kind=kind.slug).order_by("ref")[0]
    return record


def labeling(world: AccessWorld) -> Answer:
    return rock(world, "label")


def sharing(world: AccessWorld) -> Answer:
    return pay(world, "read", "share")


def exporting(world: AccessWorld) -> Answer:
    return pay(world, "read", "export")


def training(world: AccessWorld) -> Answer:
    return rock(world, "read", "train")


B, D, R = Effect.BLOCK, Effect.DENY, Effect.REFER
