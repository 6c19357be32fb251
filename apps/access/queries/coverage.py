"""Where too few people could decide: by class, category and domain, now and as far as can be foreseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import F

from apps.access.queries.evaluation import current_rulebook, policy_of
from apps.access.queries.presence import ENOUGH, Leaving, Pool, Presence, presence_in
from apps.access.queries.roles import DATA_OWNER, ROLE_OF_STAGE
from apps.accounts.authorization import Resource, authorize
from apps.accounts.operations import Operation
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import AssetVersion
from apps.classification.models import Classification, DataCategory
from apps.classification.queries import ladder
from apps.kernel.actor import Actor
from apps.policy.house.matches import Match
from apps.policy.house.rules import PolicySet
from apps.policy.route import stages_for

FORESEEN = timedelta(days=30)


class Mend(StrEnum):
    """What would close a gap."""

    NAME_ANOTHER_ROLE = "name_another_role"
    ADD_PEOPLE = "add_people"
    REPLACE_LEAVING = "replace_leaving"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """For data of the class and any of the categories in the domain, too few people hold the role.

    `categories` are labels, none for data of no category. `assets` counts those concerned; the numbers are of
    the worst off among them: `now`, and `least` at any moment until the end of what is foreseen, `short_from`
    the first moment with fewer than two. `remaining` are then left, `leaving` are not.
    """

    domain_id: UUID
    domain: str
    class_code: str
    class_label: str
    class_rank: int
    categories: tuple[str, ...]
    role: str
    assets: int
    now: int
    least: int
    short_from: datetime
    remaining: tuple[str, ...]
    leaving: tuple[Leaving, ...]

    @property
    def missing(self) -> int:
        return ENOUGH - self.least

    @property
    def mend(self) -> Mend:
        if self.role != DATA_OWNER and self.role not in ROLE_OF_STAGE:
            return Mend.NAME_ANOTHER_ROLE
        return Mend.ADD_PEOPLE if self.now < ENOUGH else Mend.REPLACE_LEAVING


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """`combinations` of class, category and domain in the catalog, and how many of them have a gap."""

    at: datetime
    until: datetime
    combinations: int
    lacking: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Of the newest version of an asset in use, a class and a category that one of its columns has."""

    asset_id: int
    asset_uid: UUID
    domain_id: int
    domain_uid: UUID
    domain: str
    rank: int
    category: str


def coverage_of(actor: Actor, *, at: datetime) -> Coverage:
    """The combinations with fewer than two eligible approvers, in the actor's organization.

    Who decides: the default route of the rulebook in force and the stages of the class and of every lower
    one, those that decide; the DPO's opinion does not count. So do the organization's rules, where a request
    for data of the class may meet them. For one request two roles are never filled by one person.
    Eligible for a role: active people with an account, who hold it in the domain or the organization (owners
    also by an object permission on the asset or its domain), who are not away (a delegation), not at the end
    of their contract or assignment, and without a declared conflict about the asset, domain or organization.
    Two, because whoever asks for access does not decide: one of them is then left.
    Ten statements, however many assets and people.  Raises: NotPermitted.
    """
    organization_id = actor.organization_id or 0
    resource = Resource(kind="rulebook", organization_id=organization_id)
    authorize(actor=actor, operation=Operation.READ_POLICY, resource=resource)
    until = at + FORESEEN
    places = _places(organization_id)
    labels = _categories(places)
    steps = list(ladder(actor))
    book = policy_of(current_rulebook(organization_id, at=at))
    presence = presence_in(organization_id, at=at, until=until)
    found: dict[tuple[UUID, int, str, str], list[tuple[_Place, Pool]]] = defaultdict(list)
    for place in places:
        words = set(book.default_route.roles)
        is_personal = labels.get(place.category, ("", False))[1]
        if is_personal:
            words.update(book.default_route.personal_roles)
        words.update(word for step in steps if step.rank <= place.rank for word in step.stages)
        words.update(_asked_by(book.house, place.rank, is_personal=is_personal))
        for role in _deciding(words):
            pool = _pool(presence, role, place)
            if pool.least < ENOUGH:
                found[place.domain_uid, place.rank, place.category, role].append((place, pool))
    return Coverage(
        at=at,
        until=until,
        combinations=len({(place.domain_uid, place.rank, place.category) for place in places}),
        lacking=len({key[:3] for key in found}),
        gaps=_gaps(found, labels, {step.rank: step for step in steps}),
    )


def _places(organization_id: int) -> list[_Place]:
    newest = AssetVersion.objects.filter(asset__organization=organization_id)
    newest = newest.exclude(asset__state=AssetState.RETIRED).order_by("asset", "-number").distinct("asset")
    said = Classification.objects.current().filter(version__in=newest.values("pk"))
    rows = said.order_by().annotate(
        asset_id=F("version__asset"),
        asset_uid=F("version__asset__uid"),
        domain_id=F("version__asset__domain"),
        domain_uid=F("version__asset__domain__uid"),
        domain=F("version__asset__domain__name"),
        rank=F("sensitivity_class__rank"),
    )
    names = ("asset_id", "asset_uid", "domain_id", "domain_uid", "domain", "rank")
    found = {
        _Place(category=category, **{name: row[name] for name in names})
        for row in rows.values(*names, "category_codes").distinct()
        for category in row["category_codes"] or ("",)
    }
    return sorted(
        found, key=lambda each: (each.domain, each.domain_id, -each.rank, each.category, each.asset_id)
    )


def _categories(places: Iterable[_Place]) -> dict[str, tuple[str, bool]]:
    """By code, the label and whether it is about people."""
    codes = {place.category for place in places}
    rows = DataCategory.objects.filter(code__in=codes).values_list("code", "label", "is_personal")
    return {code: (label, is_personal) for code, label, is_personal in rows}


def _asked_by(house: PolicySet | None, rank: int, *, is_personal: bool) -> set[str]:
    """The roles of those rules that may ask for them of such data, whatever else they look at."""

    def may_hold(match: Match) -> bool:
        if match.fact == "class_rank":
            return match.level <= rank
        return is_personal or match.fact != "personal"

    if house is None:
        return set()
    return {
        role
        for rule in house.rules
        if all(may_hold(match) for match in rule.when)
        for stage in rule.then.stages
        for role in stage.roles
    }


def _deciding(words: Iterable[str]) -> list[str]:
    return [role for stage in stages_for(sorted(words)) if not stage.is_opinion for role in stage.roles]


def _pool(presence: Presence, role: str, place: _Place) -> Pool:
    return presence.pool(
        role, domain_id=place.domain_id, asset_id=place.asset_id, uids=(place.domain_uid, place.asset_uid)
    )


def _gaps(
    found: Mapping[tuple[UUID, int, str, str], list[tuple[_Place, Pool]]],
    labels: Mapping[str, tuple[str, bool]],
    steps: Mapping[int, Any],
) -> tuple[Gap, ...]:
    """One for all categories of a domain and class that lack the same, the worst first."""
    alike: dict[tuple[UUID, int, str, Pool], list[str]] = defaultdict(list)
    assets: dict[tuple[UUID, int, str, Pool], dict[int, _Place]] = defaultdict(dict)
    for (domain, rank, category, role), short in found.items():
        worst = min((pool for _, pool in short), key=lambda pool: (pool.least, pool.now))
        key = (domain, rank, role, worst)
        if category:
            alike[key].append(labels.get(category, (category, False))[0])
        assets[key].update({place.asset_id: place for place, _ in short})
    gaps = []
    for key, concerned in assets.items():
        _, rank, role, pool = key
        place, step = next(iter(concerned.values())), steps[rank]
        gaps.append(
            Gap(
                domain_id=place.domain_uid,
                domain=place.domain,
                class_code=step.code,
                class_label=step.label,
                class_rank=rank,
                categories=tuple(sorted(alike[key])),
                role=role,
                assets=len(concerned),
                now=pool.now,
                least=pool.least,
                short_from=pool.short_from,
                remaining=pool.remaining,
                leaving=pool.leaving,
            )
        )
    return tuple(
        sorted(gaps, key=lambda each: (each.least, each.short_from, each.domain, -each.class_rank, each.role))
    )
