"""What those who decide want to know beside the request: what the person has, and how it went before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.access.lifecycle import LIVE_GRANT, RequestState
from apps.access.models import Grant, Request
from apps.access.queries.details import RequestDetail
from apps.access.queries.grants import grants_visible_to
from apps.access.queries.requests import requests_visible_to
from apps.kernel.actor import Actor

DECIDED = (RequestState.APPROVED, RequestState.REJECTED)


@dataclass(frozen=True, kw_only=True)
class Background:
    """`grants`: live ones of who would receive; `earlier`: decided requests for the same assets."""

    grants: Sequence[Grant]
    earlier: Sequence[Request]


def background_of(actor: Actor, detail: RequestDetail, *, most: int = 5) -> Background:
    """As far as the actor sees them, the latest first. Two queries."""
    revision = detail.revision
    grants = grants_visible_to(actor).filter(person=revision.person_id, state__in=LIVE_GRANT)
    assets = [item.asset_id for item in revision.items.all()]
    same = requests_visible_to(actor).filter(state__in=DECIDED, revision__items__asset__in=assets)
    earlier = same.exclude(pk=detail.request.pk).order_by("-closed_at", "-pk").distinct()
    return Background(grants=list(grants.order_by("-pk")[:most]), earlier=list(earlier[:most]))
