"""How many people are there to decide in a role, at every moment of a time to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from apps.access.queries.roles import DATA_OWNER, ROLE_OF_STAGE
from apps.accounts.models import Domain, Organization
from apps.accounts.queries.spans import (
    AwaySpan,
    ConflictSpan,
    Holder,
    RoleSpan,
    away_spans,
    conflict_spans,
    named_holders,
    role_spans,
)
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.models import Asset

ENOUGH = 2


class LeavingReason(StrEnum):
    CONTRACT = "contract"
    ROLE = "role"
    AWAY = "away"
    CONFLICT = "conflict"


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Somebody who could decide now, and cannot at the moment at which fewest can."""

    name: str
    reason: LeavingReason


@dataclass(frozen=True, kw_only=True)
class Pool:
    """`least` at any moment, `remaining` then; `short_from`: the first moment with fewer than enough, or the
    end of the time where there is none."""

    now: int
    least: int
    short_from: datetime
    remaining: tuple[str, ...]
    leaving: tuple[Leaving, ...]


@dataclass(frozen=True, kw_only=True)
class _Time:
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        begun = self.starts_at is None or self.starts_at <= moment
        return begun and (self.ends_at is None or moment < self.ends_at)


@dataclass(frozen=True, kw_only=True)
class Presence:
    """Of one organization, between `at` and `until`."""

    at: datetime
    until: datetime
    organization_uid: UUID
    roles: list[RoleSpan]
    named: Mapping[tuple[str, int], frozenset[Holder]]
    away: list[AwaySpan]
    conflicts: list[ConflictSpan]
    _known: dict[object, Pool] = field(default_factory=dict)

    def pool(self, word: str, *, domain_id: int, asset_id: int, uids: Collection[UUID]) -> Pool:
        """Who could decide in the role about the asset; `uids` are its own and its domain's."""
        role = Role.OWNER if word == DATA_OWNER else ROLE_OF_STAGE.get(word)
        named = self._named(domain_id, asset_id) if role is Role.OWNER else frozenset()
        about = {*uids, self.organization_uid}
        conflicts = frozenset(each for each in self.conflicts if each.target_uid in about)
        key = (role, domain_id, named, conflicts)
        if key not in self._known:
            self._known[key] = self._counted(role, domain_id, named, conflicts)
        return self._known[key]

    def _named(self, domain_id: int, asset_id: int) -> frozenset[Holder]:
        nobody: frozenset[Holder] = frozenset()
        return self.named.get(("asset", asset_id), nobody) | self.named.get(("domain", domain_id), nobody)

    def _counted(
        self,
        role: Role | None,
        domain_id: int,
        named: Collection[Holder],
        conflicts: Collection[ConflictSpan],
    ) -> Pool:
        held: dict[Holder, list[_Time]] = defaultdict(list)
        for holder in named:
            held[holder].append(_Time())
        for span in self.roles:
            if span.role == role and span.domain_id in {None, domain_id}:
                held[span.holder].append(_Time(starts_at=span.starts_at, ends_at=span.ends_at))
        out: dict[int, list[tuple[LeavingReason, _Time]]] = defaultdict(list)
        for away in self.away:
            if role in away.roles and away.domain_id in {None, domain_id}:
                time = _Time(starts_at=away.starts_at, ends_at=away.ends_at)
                out[away.person_id].append((LeavingReason.AWAY, time))
        for conflict in conflicts:
            time = _Time(starts_at=conflict.starts_at, ends_at=conflict.ends_at)
            out[conflict.person_id].append((LeavingReason.CONFLICT, time))
        for holder in held:
            if holder.here_until is not None:
                time = _Time(starts_at=holder.here_until)
                out[holder.person_id].append((LeavingReason.CONTRACT, time))
        return self._through(held, out)

    def _through(
        self,
        held: Mapping[Holder, list[_Time]],
        out: Mapping[int, list[tuple[LeavingReason, _Time]]],
    ) -> Pool:
        """Counts anew at each moment at which something begins or ends."""
        times = [time for spans in held.values() for time in spans]
        times += [time for holder in held for _, time in out.get(holder.person_id, ())]
        edges = {edge for time in times for edge in (time.starts_at, time.ends_at) if edge is not None}
        moments = [self.at, *sorted(edge for edge in edges if self.at < edge < self.until)]

        def there(moment: datetime) -> set[Holder]:
            return {
                holder
                for holder, spans in held.items()
                if any(time.holds(moment) for time in spans)
                and not any(time.holds(moment) for _, time in out.get(holder.person_id, ()))
            }

        def why(holder: Holder) -> LeavingReason:
            reasons = (reason for reason, time in out.get(holder.person_id, ()) if time.holds(worst))
            return next(reasons, LeavingReason.ROLE)

        present = {moment: there(moment) for moment in moments}
        worst = min(moments, key=lambda moment: len(present[moment]))
        short = (moment for moment in moments if len(present[moment]) < ENOUGH)
        left = sorted(present[self.at] - present[worst], key=lambda holder: holder.name)
        return Pool(
            now=len(present[self.at]),
            least=len(present[worst]),
            short_from=next(short, self.until),
            remaining=tuple(sorted(holder.name for holder in present[worst])),
            leaving=tuple(Leaving(name=holder.name, reason=why(holder)) for holder in left),
        )


def presence_in(organization_id: int, *, at: datetime, until: datetime) -> Presence:
    """Five statements, however many people and assets."""
    time: Any = {"organization_id": organization_id, "at": at, "until": until}
    things = (
        Domain.objects.filter(organization=organization_id),
        Asset.objects.filter(organization=organization_id),
    )
    return Presence(
        at=at,
        until=until,
        organization_uid=Organization.objects.values_list("uid", flat=True).get(pk=organization_id),
        roles=role_spans({Role.OWNER, *ROLE_OF_STAGE.values()}, **time),
        named=named_holders(ObjectPermission.OWN, things),
        away=away_spans(**time),
        conflicts=conflict_spans(**time),
    )
