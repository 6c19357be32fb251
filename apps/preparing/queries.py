"""Reads of prepared views."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.authorization import authorize, may_each, standing_of
from apps.accounts.operations import Operation
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetVersion
from apps.kernel.actor import Actor
from apps.kernel.contributions import Affected
from apps.kernel.models import HouseQuerySet
from apps.preparing.commands.proposing import place_to_read
from apps.preparing.lifecycle import ViewState
from apps.preparing.models import HouseKey, PreparedView
from apps.preparing.recipe import Span, StepKind

__all__ = [
    "Span",
    "StepKind",
    "ViewSheet",
    "ViewState",
    "house_keys_in_lake",
    "house_keys_visible_to",
    "source_to_prepare",
    "view_sheet",
    "views_of_asset",
    "views_visible_to",
]

_SHOWN = (
    "source__asset__domain",
    "source__asset__organization",
    "asked_by",
    "confirmed_by",
    "derived__asset",
    "lake",
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A version of which a view may be prepared, with its columns."""

    version: AssetVersion
    columns: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class ViewSheet:
    """A view, and what the reader may do about it now."""

    view: PreparedView
    may: frozenset[str]


def views_visible_to(actor: Actor) -> HouseQuerySet[PreparedView]:
    return PreparedView.objects.visible_to(actor).select_related(*_SHOWN)


def views_of_asset(actor: Actor, asset_id: UUID) -> QuerySet[PreparedView]:
    """The newest first."""
    return views_visible_to(actor).filter(source__asset__uid=asset_id).order_by("-pk")


def house_keys_visible_to(actor: Actor) -> QuerySet[HouseKey]:
    """Of the views one may see."""
    return HouseKey.objects.filter(view__in=PreparedView.objects.visible_to(actor))


def house_keys_in_lake(lake_uid: UUID) -> Iterator[Affected]:
    """Every key that the house has there for work of its own, or may have. One query."""
    living = HouseKey.objects.filter(lake__uid=lake_uid, ended_at__isnull=True).order_by()
    for uid, row_version in living.values_list("uid", "row_version"):
        yield Affected(kind="house_key", uid=uid, row_version=row_version)


def source_to_prepare(actor: Actor, version_id: UUID) -> Source:
    """Raises: NotFound, NotPermitted, RuleBroken, InvalidState (nothing can be made from it)."""
    versions = AssetVersion.objects.visible_to(actor)
    version = versions.select_related("asset__domain", "location__lake__organization").one(version_id)
    authorize(actor=actor, operation=Operation.PREPARE_VIEW, resource=asset_resource(version.asset))
    place_to_read(version)
    return Source(version=version, columns=tuple(version.columns.order_by("position")))


def view_sheet(actor: Actor, view_id: UUID) -> ViewSheet:
    """Raises: NotFound."""
    view = views_visible_to(actor).one(view_id)
    both = (Operation.PREPARE_VIEW, Operation.CONFIRM_VIEW)
    held = may_each(actor=actor, operations=both, resource=asset_resource(view.source.asset))
    is_other = view.asked_by_id not in standing_of(actor).ties.linked
    can = {
        "decide": view.state == ViewState.PROPOSED and Operation.CONFIRM_VIEW in held and is_other,
        "retry": view.state == ViewState.FAILED and Operation.PREPARE_VIEW in held,
        "withdraw": view.state in _ENDABLE and Operation.PREPARE_VIEW in held,
    }
    return ViewSheet(view=view, may=frozenset(name for name, holds in can.items() if holds))


_ENDABLE: Collection[str] = (ViewState.PROPOSED, ViewState.QUEUED, ViewState.FAILED)
