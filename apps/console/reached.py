"""What an act would reach, listed: each thing that the reader may see, and how many more there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Expression,
    F,
    IntegerField,
    QuerySet,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from apps.access.queries import grants_visible_to, requests_visible_to
from apps.catalog.queries import assets_visible_to, versions_visible_to
from apps.credentials.queries import leases_visible_to
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.contributions import Impact
from apps.preparing.queries import house_keys_visible_to

MOST_LISTED = 50
MOST_LOOKED_FOR = 2_000
"""Of what is reached, so many of each kind are looked for among what the reader may see."""

TEXT: CharField[Any, Any] = CharField()
WHEN: DateTimeField[Any, Any] = DateTimeField()
PAGE: UUIDField[Any, Any] = UUIDField()
NO_NAME = Value("", output_field=TEXT)
NO_NUMBER = Value(0, output_field=IntegerField())
NEVER = Cast(Value(None), WHEN)
SUBJECT = Coalesce("project__name", "service_account__username", "person__name", output_field=TEXT)


@dataclass(frozen=True, kw_only=True)
class Row:
    """`page` is what one reads about it, where one may: of a key its grant, of one of the house its view, of
    a version its asset. `name` is that of the data, where one may know it; `who` has or asks, or the kind of
    the data; `number` is that of a request or a version; `until` is when it ends by itself.
    """

    kind: str
    page: UUID | None
    name: str
    who: str
    number: int
    until: datetime | None

    @property
    def ref(self) -> str:
        return f"AR-{self.number:05d}"


@dataclass(frozen=True, kw_only=True)
class Group:
    kind: str
    number: int
    rows: tuple[Row, ...]

    @property
    def unlisted(self) -> int:
        """Beyond the first, or hidden from the reader."""
        return self.number - len(self.rows)


@dataclass(frozen=True, kw_only=True)
class Reached:
    """`digest` is what acting names as `seen_impact`."""

    digest: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, kw_only=True)
class _Listing:
    """`rows` are those an actor may see; the rest are paths and expressions for the fields of `Row`."""

    rows: Callable[[Actor], QuerySet[Any]]
    order: str
    page: str
    asset: str = ""
    name: Expression | F = NO_NAME
    who: Expression | F
    number: Expression | F = NO_NUMBER
    until: Expression | F = NEVER


_LISTINGS = {
    "grant": _Listing(
        rows=grants_visible_to,
        order="not_after",
        page="uid",
        asset="asset",
        name=F("asset__name"),
        who=SUBJECT,
        until=F("not_after"),
    ),
    "request": _Listing(
        rows=requests_visible_to, order="number", page="uid", who=F("requester__name"), number=F("number")
    ),
    "lease": _Listing(
        rows=leases_visible_to,
        order="expires_at",
        page="grant__uid",
        asset="grant__asset",
        name=F("grant__asset__name"),
        who=F("person__name"),
        until=F("expires_at"),
    ),
    "house_key": _Listing(
        rows=house_keys_visible_to,
        order="expires_at",
        page="view__uid",
        asset="view__source__asset",
        name=F("view__name"),
        who=F("view__source__asset__name"),
        until=F("expires_at"),
    ),
    "version": _Listing(
        rows=versions_visible_to,
        order="asset__name",
        page="asset__uid",
        asset="asset",
        name=F("asset__name"),
        who=F("asset__kind"),
        number=F("number"),
    ),
}


def reached_by(impact: Impact, actor: Actor, *, is_theirs: bool = False) -> Reached:
    """One statement at most, however much it is.

    `is_theirs`: the reader answers for the person whose access it is, and is told of all of it, without the
    names of hidden data.
    """
    numbers = Counter(each.kind for each in impact.affected)
    kinds = [kind for kind in _LISTINGS if numbers[kind]]
    members = []
    for kind in kinds:
        uids = [each.uid for each in impact.affected if each.kind == kind]
        members.append(_member(kind, uids[:MOST_LOOKED_FOR], actor, is_theirs))
    rows = list(_rows(members))
    return Reached(
        digest=impact.digest,
        groups=tuple(
            Group(kind=kind, number=numbers[kind], rows=tuple(row for row in rows if row.kind == kind))
            for kind in kinds
        ),
    )


def _member(kind: str, uids: list[UUID], actor: Actor, is_theirs: bool) -> QuerySet[Any]:
    listing = _LISTINGS[kind]
    rows = seen = _plain(listing.rows(actor)).filter(uid__in=uids)
    page: Any = F(listing.page)
    name: Any = listing.name
    if is_theirs:
        rows = _plain(listing.rows(SYSTEM)).filter(uid__in=uids)
        page = Case(When(pk__in=seen.values("pk"), then=page), output_field=PAGE)
        if listing.asset:
            known = {f"{listing.asset}__in": _plain(assets_visible_to(actor)).values("pk")}
            name = Case(When(**known, then=name), default=NO_NAME, output_field=TEXT)
    columns = (Value(kind, output_field=TEXT), page, name, listing.who, listing.number, listing.until)
    return rows.order_by(listing.order, "pk").values_list(*columns)[:MOST_LISTED]


def _plain(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(None).prefetch_related(None)


def _rows(members: list[QuerySet[Any]]) -> Iterator[Row]:
    if not members:
        return
    first, *others = members
    for kind, page, name, who, number, until in first.union(*others, all=True) if others else first:
        yield Row(kind=kind, page=page, name=name, who=who, number=number, until=until)
