"""What a person typed, checked field by field and turned into an ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.access.errors import (
    ACTION_UNKNOWN,
    ACTIONS_MISSING,
    ASSET_NOT_REQUESTABLE,
    ASSET_TWICE,
    ASSET_UNKNOWN,
    ASSETS_MISSING,
    COLUMN_UNKNOWN,
    COUNTRY_CODE,
    END_BEFORE_START,
    END_IN_THE_PAST,
    END_TOO_FAR,
    LABELING_PART_OF_NO_LIST,
    LABELING_PART_WITHOUT_LABELING,
    MODE_UNKNOWN,
    PROJECT_ENDS,
    PROJECT_PURPOSE,
    PROJECT_UNKNOWN,
    PURPOSE_UNKNOWN,
    SERVICE_ACCOUNT_UNKNOWN,
    SUBJECT_TWICE,
    TICKET_TOO_LONG,
    VERSION_UNKNOWN,
)
from apps.access.facts import Ask, Item
from apps.access.models import GrantMode, LabelingPart
from apps.accounts.models import Account, AccountKind, Organization, Person, Project, ProjectMember
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models import Purpose
from apps.kernel.actor import Actor
from apps.kernel.clock import end_of_day, start_of_day
from apps.kernel.errors import invalid
from apps.policy.facts import Action
from apps.policy.house.tickets import LONGEST_REFERENCE
from apps.policy.law_words import LabelerPart

FARTHEST_YEARS = 100
ANY_ZONE = timedelta(days=2)
"""No day of any zone is that far from the day of UTC."""


@dataclass(frozen=True, kw_only=True)
class ItemDraft:
    """One asset asked for; the latest version and all columns where nothing else is said."""

    asset_id: UUID
    version_id: UUID | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RequestDraft:
    """`ends_on` is the last day, to its end in the organization's zone; `starts_on` None means at once.

    Who asks to label and does not say for which part asks as an annotator: nobody settles anything by that.
    """

    items: Sequence[ItemDraft]
    purpose_id: UUID
    actions: Sequence[str]
    ends_on: date
    starts_on: date | None = None
    service_account_id: UUID | None = None
    project_id: UUID | None = None
    place_of_processing: str = ""
    justification: str = ""
    ticket: str = ""
    mode: str = GrantMode.PINNED
    labeling_part: str = ""


def read_draft(actor: Actor, draft: RequestDraft, *, at: datetime) -> Ask:
    """Raises: InvalidInput, naming the field, what is wrong with it and what would mend it."""
    requester = Person.objects.select_related("organization").get(pk=actor.person_key)
    starts_at, ends_at = _period(draft, requester.organization, at=at)
    if draft.place_of_processing and not re.fullmatch(r"[A-Z]{2}", draft.place_of_processing):
        raise invalid("place_of_processing", COUNTRY_CODE, country=draft.place_of_processing)
    if draft.mode not in GrantMode.values:
        raise invalid("mode", MODE_UNKNOWN, mode=draft.mode, known=", ".join(GrantMode.values))
    purpose = Purpose.objects.visible_to(actor).filter(uid=draft.purpose_id).first()
    if purpose is None:
        raise invalid("purpose_id", PURPOSE_UNKNOWN)
    project = _project(actor, draft, ends_at=ends_at, at=at)
    actions = _actions(draft.actions)
    return Ask(
        requester=requester,
        person=project.lead if project else requester,
        service_account=_service_account(actor, draft.service_account_id),
        project=project,
        purpose=purpose,
        items=_items(actor, draft.items),
        actions=actions,
        starts_at=starts_at,
        ends_at=ends_at,
        place_of_processing=draft.place_of_processing,
        ticket=_ticket(draft.ticket),
        labeling_part=_part(draft.labeling_part, actions),
        justification=draft.justification,
    )


def _part(word: str, actions: frozenset[Action]) -> LabelerPart | None:
    if word and word not in LabelingPart.values:
        raise invalid(
            "labeling_part", LABELING_PART_OF_NO_LIST, part=word, known=", ".join(LabelingPart.values)
        )
    if word and Action.LABEL not in actions:
        raise invalid("labeling_part", LABELING_PART_WITHOUT_LABELING)
    return LabelerPart(word or LabelerPart.ANNOTATOR) if Action.LABEL in actions else None


def _ticket(typed: str) -> str:
    ticket = typed.strip()
    if len(ticket) > LONGEST_REFERENCE:
        raise invalid("ticket", TICKET_TOO_LONG, most=LONGEST_REFERENCE)
    return ticket


def _period(draft: RequestDraft, organization: Organization, *, at: datetime) -> tuple[datetime, datetime]:
    if draft.starts_on is not None and draft.ends_on < draft.starts_on:
        starts_on, ends_on = draft.starts_on.isoformat(), draft.ends_on.isoformat()
        raise invalid("ends_on", END_BEFORE_START, ends_on=ends_on, starts_on=starts_on)
    is_long_over = draft.ends_on < at.date() - ANY_ZONE
    if draft.ends_on.year > at.year + FARTHEST_YEARS:
        raise invalid("ends_on", END_TOO_FAR, ends_on=draft.ends_on.isoformat(), years=FARTHEST_YEARS)
    if is_long_over or end_of_day(draft.ends_on, organization.time_zone) <= at:
        raise invalid("ends_on", END_IN_THE_PAST, ends_on=draft.ends_on.isoformat())
    ends_at = end_of_day(draft.ends_on, organization.time_zone)
    if draft.starts_on is None or draft.starts_on < at.date() - ANY_ZONE:
        return at, ends_at
    return max(at, start_of_day(draft.starts_on, organization.time_zone)), ends_at


def _actions(words: Sequence[str]) -> frozenset[Action]:
    if not words:
        raise invalid("actions", ACTIONS_MISSING)
    known = {action.value for action in Action}
    for word in words:
        if word not in known:
            raise invalid("actions", ACTION_UNKNOWN, action=word, known=", ".join(sorted(known)))
    return frozenset(Action(word) for word in words)


def _items(actor: Actor, drafts: Sequence[ItemDraft]) -> tuple[Item, ...]:
    if not drafts:
        raise invalid("items", ASSETS_MISSING)
    if len({draft.asset_id for draft in drafts}) != len(drafts):
        raise invalid("items", ASSET_TWICE)
    return tuple(_item(actor, draft) for draft in drafts)


def _item(actor: Actor, draft: ItemDraft) -> Item:
    asset = Asset.objects.visible_to(actor).filter(uid=draft.asset_id).first()
    if asset is None:
        raise invalid("items", ASSET_UNKNOWN)
    if asset.state != AssetState.PUBLISHED:
        raise invalid("items", ASSET_NOT_REQUESTABLE, state=asset.state)
    version = _version(asset, draft.version_id)
    known = list(version.columns.order_by("position").values_list("name", flat=True))
    for column in draft.columns:
        if column not in known:
            raise invalid("items", COLUMN_UNKNOWN, column=column, known=", ".join(known))
    return Item(asset=asset, version=version, columns=tuple(dict.fromkeys(draft.columns)))


def _version(asset: Asset, version_id: UUID | None) -> AssetVersion:
    versions = asset.versions.order_by("-number")
    found = versions.first() if version_id is None else versions.filter(uid=version_id).first()
    if found is None:
        raise invalid("items", VERSION_UNKNOWN)
    return found


def _service_account(actor: Actor, account_id: UUID | None) -> Account | None:
    if account_id is None:
        return None
    own = Account.objects.filter(kind=AccountKind.SERVICE, person=actor.person_id, is_active=True)
    account = own.filter(uid=account_id).first()
    if account is None:
        raise invalid("service_account_id", SERVICE_ACCOUNT_UNKNOWN)
    return account


def _project(actor: Actor, draft: RequestDraft, *, ends_at: datetime, at: datetime) -> Project | None:
    """A running project one belongs to or leads, for one of its purposes, and not beyond its end."""
    if draft.project_id is None:
        return None
    if draft.service_account_id is not None:
        raise invalid("project_id", SUBJECT_TWICE)
    project = own_projects(actor, at=at).select_related("lead").filter(uid=draft.project_id).first()
    if project is None:
        raise invalid("project_id", PROJECT_UNKNOWN)
    if project.purposes and draft.purpose_id not in project.purposes:
        raise invalid("purpose_id", PROJECT_PURPOSE, project=project.name)
    if ends_at > project.ends_at:
        raise invalid("ends_on", PROJECT_ENDS, project=project.name, ends_at=project.ends_at.isoformat())
    return project


def own_projects(actor: Actor, *, at: datetime) -> QuerySet[Project]:
    """The running projects the actor may ask in the name of: those they lead or are a member of now."""
    member = ProjectMember.objects.in_force(at).filter(person=actor.person_key)
    mine = Q(lead=actor.person_key) | Q(pk__in=member.values("project"))
    return Project.objects.running(at).filter(mine).order_by("name")
