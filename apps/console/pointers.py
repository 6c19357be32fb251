"""Things that an entry of the trail speaks of, by the name their reader knows them under."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import F, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.access.queries import (
    agreements_visible_to,
    conditions_visible_to,
    glass_visible_to,
    grants_visible_to,
    policy_sets_visible_to,
    requests_visible_to,
    ticket_systems_visible_to,
)
from apps.accounts.queries import (
    domains_visible_to,
    organizations_visible_to,
    people_visible_to,
    projects_visible_to,
    teams_visible_to,
)
from apps.catalog.queries import assets_visible_to, versions_visible_to
from apps.classification.queries import ladder
from apps.compliance.queries import (
    activities,
    duties_visible_to,
    legal_records_visible_to,
    occurrences_visible_to,
    purposes,
    register_imports,
)
from apps.console.direction import isolated
from apps.credentials.queries import leases_visible_to
from apps.kernel.actor import Actor
from apps.kernel.events import declared_events
from apps.labeling.pilots import pilots_visible_to
from apps.labeling.queries import label_sets_visible_to, releases_visible_to
from apps.lakes.queries import lakes_visible_to
from apps.notifications.queries import webhooks_visible_to
from apps.preparing.queries import views_visible_to
from apps.reviews.queries import campaigns_visible_to, items_visible_to


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """A thing the reader may see, by the name they know it under; `url` where it has a page."""

    text: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Things of a kind: those the actor may see, and what they are called.

    `page` is the name of their page, where they have one, and after it what stands in its address before
    their own id; `about` is the field with that id.
    """

    visible: Callable[[Actor], Any]
    name: str
    page: tuple[str, ...] = ()
    about: str = "uid"
    told: Any = "%(name)s"
    number: str = ""

    def pointer(self, name: str, about: UUID) -> Pointer:
        text: str = self.number.format(int(name)) if self.number else name
        if self.told != "%(name)s":
            text = SafeString(escape(self.told) % {"name": conditional_escape(isolated(text))})
        if not self.page:
            return Pointer(text=text)
        page, *before = self.page
        return Pointer(text=text, url=reverse(f"console:{page}", args=[*before, about]))


KINDS: dict[str, Kind] = {
    "asset": Kind(visible=assets_visible_to, name="name", page=("asset",)),
    "version": Kind(
        visible=versions_visible_to,
        name="asset__name",
        page=("asset",),
        about="asset__uid",
        told=_("version of %(name)s"),
    ),
    "request": Kind(visible=requests_visible_to, name="number", page=("request",), number="AR-{:05d}"),
    "grant": Kind(
        visible=grants_visible_to, name="asset__name", page=("grant",), told=_("access to %(name)s")
    ),
    "lease": Kind(
        visible=leases_visible_to,
        name="grant__asset__name",
        page=("grant",),
        about="grant__uid",
        told=_("key to %(name)s"),
    ),
    "glass": Kind(
        visible=glass_visible_to,
        name="grant__asset__name",
        page=("glass",),
        told=_("emergency access to %(name)s"),
    ),
    "condition": Kind(visible=conditions_visible_to, name="text", page=("condition",)),
    "agreement": Kind(visible=agreements_visible_to, name="title", page=("agreement",)),
    "ticket system": Kind(visible=ticket_systems_visible_to, name="name", page=("ticket-system",)),
    "policy set": Kind(visible=policy_sets_visible_to, name="number", page=("policy-set",), number="PS-{}"),
    "class": Kind(visible=ladder, name="label", page=("class",)),
    "campaign": Kind(visible=campaigns_visible_to, name="name", page=("campaign",)),
    "review": Kind(
        visible=items_visible_to,
        name="grant__asset__name",
        page=("campaign",),
        about="campaign__uid",
        told=_("review of access to %(name)s"),
    ),
    "view": Kind(visible=views_visible_to, name="name", page=("view",), told=_("prepared view %(name)s")),
    "release": Kind(
        visible=releases_visible_to,
        name="version__asset__name",
        page=("release",),
        about="version__uid",
        told=_("release of %(name)s"),
    ),
    "label set": Kind(
        visible=label_sets_visible_to,
        name="version__asset__name",
        page=("label-set",),
        told=_("labels of %(name)s"),
    ),
    "pilot": Kind(
        visible=pilots_visible_to,
        name="policy__legal_record__ref",
        page=("pilots",),
        about="policy__legal_record__uid",
        told=_("pilot of %(name)s"),
    ),
    "lake": Kind(visible=lakes_visible_to, name="name", page=("lake",)),
    "purpose": Kind(visible=purposes, name="ref", page=("record", "purposes")),
    "activity": Kind(visible=activities, name="ref", page=("record", "processing-activities")),
    "record": Kind(visible=legal_records_visible_to, name="ref", page=("any-record",)),
    "occurrence": Kind(
        visible=occurrences_visible_to, name="number", page=("occurrence",), number="OC-{:04d}"
    ),
    "duty": Kind(visible=duties_visible_to, name="title", page=("duty",)),
    "import": Kind(visible=register_imports, name="name", page=("register-import",)),
    "organization": Kind(visible=organizations_visible_to, name="name"),
    "person": Kind(visible=people_visible_to, name="name", page=("person",)),
    "domain": Kind(visible=domains_visible_to, name="name", page=("domain",)),
    "team": Kind(visible=teams_visible_to, name="name", page=("team",)),
    "project": Kind(visible=projects_visible_to, name="name", page=("project",)),
    "webhook": Kind(visible=webhooks_visible_to, name="name", page=("webhook",)),
}


def pointers(actor: Actor, uids: Iterable[UUID]) -> dict[UUID, Pointer]:
    """Of these things, those the actor may see. One query; what is hidden is missing, as if it were not."""
    wanted = frozenset(uids)
    if not wanted:
        return {}
    rows = [
        kind.visible(actor)
        .prefetch_related(None)
        .order_by()
        .filter(uid__in=wanted)
        .annotate(
            told_kind=Value(word, TextField()),
            told_text=Cast(F(kind.name), TextField()),
            told_about=F(kind.about),
        )
        .values_list("uid", "told_kind", "told_text", "told_about")
        for word, kind in KINDS.items()
    ]
    found = rows[0].union(*rows[1:], all=True)
    return {uid: KINDS[kind].pointer(name, about) for uid, kind, name, about in found}


def pointed_at(event: Any, known: Mapping[UUID, Pointer]) -> Pointer | None:
    """What an entry is about; where that has no name of its own, whom or what it first speaks of."""
    stated = declared_events().get(event.name)
    order = [field.name for field in fields(stated)] if stated else []
    uids = (event.subject_uid, *(uid_of(event.data.get(name)) for name in order))
    return next((known[uid] for uid in uids if uid is not None and uid in known), None)


def uids_in(value: Any) -> set[UUID]:
    """Every id that stands somewhere in what was recorded."""
    if isinstance(value, Mapping):
        return {uid for member in value.values() for uid in uids_in(member)}
    if isinstance(value, list):
        return {uid for member in value for uid in uids_in(member)}
    uid = uid_of(value)
    return {uid} if uid else set()


def uid_of(value: Any) -> UUID | None:
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None
