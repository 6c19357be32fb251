"""Who must agree: stages, their order, and how the demands of several rules become one route."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from apps.policy import snapshot

PHASES = {
    "justification": 5,
    "owner": 10,
    "privacy": 20,
    "dpo_opinion": 15,
    "model_risk": 30,
    "security": 40,
    "legal": 50,
    "export": 60,
}
LAST_PHASE = 90
OPINION = "dpo_opinion"
"""The stage in which the DPO is heard. No stage that decides bears its name, for the two would become one."""

_STAGE_OF_ROLE = {
    "data_owner": "owner",
    "compliance_officer": "privacy",
    "dpo": OPINION,
    "model_risk": "model_risk",
    "ciso": "security",
    "legal": "legal",
}

DECIDING_ROLES = tuple(sorted(_STAGE_OF_ROLE.keys() - {"dpo"}))
"""Who may be asked to decide. The DPO advises and is asked for an opinion only."""

STAND_INS = tuple(sorted({*DECIDING_ROLES, "administrator", "steward"}))
"""Who may be asked besides, where a route falls back or escalates."""


SLA_DAYS = 3
"""Working days that those who decide have, after the day on which they were asked, unless the route says."""


class Timeout(StrEnum):
    """What happens when a stage is not decided in time. Approval is not among it, and never will be."""

    REMIND = "remind"
    ESCALATE = "escalate"
    LAPSE = "lapse"

    @property
    def force(self) -> int:
        """Combining: a lapse beats an escalation beats a reminder."""
        return list(Timeout).index(self)


class KeepVerdicts(StrEnum):
    """When a verdict of a stage counts for the next evaluation too. Where nothing is said, it never does."""

    UNCHANGED_FACTS = "unchanged_facts"


@dataclass(frozen=True, kw_only=True)
class StageSpec:
    """One stage: each of `roles` must give `count` verdicts, every one by another person.

    `phase` orders the stages. An opinion (`is_opinion`) is heard and never decides. `is_independent` also
    excludes the requester's line manager. `fallback_roles` may decide where fewer than needed hold the roles;
    `escalate_to` besides them once `sla_days` working days are over, if `on_timeout` says so. So many
    `rejections` end the request. `keep_verdicts`: whether its verdicts count for the next evaluation too.
    """

    name: str
    roles: tuple[str, ...]
    count: int = 1
    phase: int = LAST_PHASE
    is_opinion: bool = False
    is_independent: bool = False
    fallback_roles: tuple[str, ...] = ()
    sla_days: int = SLA_DAYS
    on_timeout: Timeout = Timeout.REMIND
    escalate_to: tuple[str, ...] = ()
    rejections: int = 1
    keep_verdicts: KeepVerdicts | None = field(default=None, metadata=snapshot.LATER)

    def __post_init__(self) -> None:
        if not self.roles or self.count < 1:
            raise ValueError(f"Stage {self.name} asks nobody.")
        if self.sla_days < 1 or self.rejections < 1:
            raise ValueError(f"Stage {self.name} has no time, or no way to say no.")
        if self.on_timeout is Timeout.ESCALATE and not self.escalate_to:
            raise ValueError(f"Stage {self.name} escalates to nobody.")
        for pool in ("roles", "fallback_roles", "escalate_to"):
            object.__setattr__(self, pool, tuple(sorted(set(getattr(self, pool)))))

    @property
    def slots(self) -> tuple[StageSpec, ...]:
        """One single-role, single-verdict stage per verdict needed, for filling and for eligibility."""
        return tuple(replace(self, roles=(role,), count=1) for role in self.roles for _ in range(self.count))


def stage_for(role: str) -> StageSpec:
    """The stage a role sits in. The DPO advises and does not approve (GDPR Art. 38(6), 39(1))."""
    name = _STAGE_OF_ROLE.get(role, role)
    return StageSpec(name=name, roles=(role,), phase=PHASES.get(name, LAST_PHASE), is_opinion=role == "dpo")


def stages_for(roles: Iterable[str]) -> tuple[StageSpec, ...]:
    return united(stage_for(role) for role in roles)


def united(stages: Iterable[StageSpec]) -> tuple[StageSpec, ...]:
    """Stages of the same name become one that asks for all of it; ordered by phase, then by name."""
    merged: dict[str, StageSpec] = {}
    for stage in stages:
        other = merged.get(stage.name)
        merged[stage.name] = stage if other is None else _both(stage, other)
    return tuple(sorted(merged.values(), key=lambda stage: (stage.phase, stage.name)))


def _both(one: StageSpec, other: StageSpec) -> StageSpec:
    """The stricter of each: more verdicts, less time, fewer rejections. Pools are joined, for more people who
    may answer never mean fewer answers. Verdicts are kept where both say so."""
    return StageSpec(
        name=one.name,
        roles=(*one.roles, *other.roles),
        count=max(one.count, other.count),
        phase=min(one.phase, other.phase),
        is_opinion=one.is_opinion and other.is_opinion,
        is_independent=one.is_independent or other.is_independent,
        fallback_roles=(*one.fallback_roles, *other.fallback_roles),
        sla_days=min(one.sla_days, other.sla_days),
        on_timeout=max(one.on_timeout, other.on_timeout, key=lambda timeout: timeout.force),
        escalate_to=(*one.escalate_to, *other.escalate_to),
        rejections=min(one.rejections, other.rejections),
        keep_verdicts=one.keep_verdicts if one.keep_verdicts == other.keep_verdicts else None,
    )
