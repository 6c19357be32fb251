"""What a class demands: as commands are given it, checked, and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from apps.accounts.models import Organization
from apps.accounts.queries import role_holders
from apps.accounts.roles import Role
from apps.classification.errors import LIMIT_TOO_SHORT, STAGE_ROLE_UNFILLED, STAGE_ROLE_UNKNOWN
from apps.classification.facts import bound_organizations
from apps.classification.models import SensitivityClass, StageRole
from apps.kernel.errors import invalid, rule_broken
from apps.policy.facts import SHORTEST_GRANT_DAYS, SHORTEST_LEASE_MINUTES


@dataclass(frozen=True, kw_only=True)
class Handling:
    """What a class demands. A limit of `None` states that there is none."""

    max_grant_days: int | None
    max_lease_minutes: int | None
    stages: tuple[str, ...]
    needs_step_up: bool
    is_auto_ok_allowed: bool
    is_break_glass_allowed: bool = False

    @classmethod
    def of(cls, source: SensitivityClass | Mapping[str, Any]) -> Handling:
        """What a class demands now, or what `demands` made of it."""
        read = source if isinstance(source, Mapping) else {name: getattr(source, name) for name in DEMANDS}
        given: dict[str, Any] = {name: read[name] for name in DEMANDS}
        return cls(**{**given, "stages": tuple(given["stages"])})

    def demands(self) -> dict[str, Any]:
        return {**asdict(self), "stages": list(self.stages)}

    def is_laxer_than(self, other: Handling) -> bool:
        """In any respect: longer, by fewer, without proof, at once, or in an emergency."""
        return (
            _is_longer(self.max_grant_days, other.max_grant_days)
            or _is_longer(self.max_lease_minutes, other.max_lease_minutes)
            or bool(Counter(other.stages) - Counter(self.stages))
            or (other.needs_step_up and not self.needs_step_up)
            or (self.is_auto_ok_allowed and not other.is_auto_ok_allowed)
            or (self.is_break_glass_allowed and not other.is_break_glass_allowed)
        )


DEMANDS = tuple(Handling.__dataclass_fields__)


def check_handling(handling: Handling) -> None:
    """Raises: InvalidInput, where no decision could use it."""
    least = {"max_grant_days": SHORTEST_GRANT_DAYS, "max_lease_minutes": SHORTEST_LEASE_MINUTES}
    for name, shortest in least.items():
        given: int | None = getattr(handling, name)
        if given is not None and given < shortest:
            raise invalid(name, LIMIT_TOO_SHORT, given=given, least=shortest)
    for role in handling.stages:
        if role not in StageRole.values:
            raise invalid("stages", STAGE_ROLE_UNKNOWN, role=role, known=", ".join(StageRole.values))


def expect_held(words: set[str], *, at: datetime) -> None:
    """Raises: RuleBroken, where people with one of the roles are wanted and an organization has none."""
    places = Organization.objects.filter(pk__in=bound_organizations())
    for word in sorted(words - {StageRole.DATA_OWNER.value}):
        ids = list(places.values_list("pk", flat=True))
        held = role_holders({Role(word)}, organization_ids=ids, at=at)
        lacking = places.exclude(pk__in=held.values("organization")).order_by("name")
        if names := tuple(lacking.values_list("name", flat=True)):
            raise rule_broken(STAGE_ROLE_UNFILLED, field="stages", role=word, organizations=names)


def _is_longer(limit: int | None, other: int | None) -> bool:
    return other is not None and (limit is None or limit > other)
