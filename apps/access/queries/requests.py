"""Reads about requests: which there are, what is in them, and what one would need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from apps.access.drafts import ItemDraft, RequestDraft, read_draft
from apps.access.facts import Ask, Item, members_of
from apps.access.models import Decision, Request, Revision, Stage
from apps.access.queries.evaluation import Answer, answer
from apps.access.queries.outcomes import AssetOutcome, outcomes_of
from apps.access.queries.paths import Way, way_of
from apps.access.queries.roles import holders_by_role
from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models import PurposeVersion
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now, end_of_day
from apps.policy.facts import Action
from apps.policy.route import StageSpec

USUAL_PERIOD = timedelta(days=30)
RELATED = (
    "organization",
    "requester",
    "extends",
    *(f"revision__{name}" for name in ("purpose", "person", "service_account", "project", "edited_by")),
)


@dataclass(frozen=True, kw_only=True)
class PreviewStage:
    """`eligible` counts the people who could decide today."""

    stage: StageSpec
    eligible: int


@dataclass(frozen=True, kw_only=True)
class Preview:
    """`per_asset` says what each of several assets would come to alone; empty for a single one.

    `way` says how long it usually takes and what would be quicker, where that was asked.
    """

    answer: Answer
    stages: tuple[PreviewStage, ...]
    per_asset: tuple[AssetOutcome, ...] = ()
    way: Way | None = None


def requests_visible_to(actor: Actor) -> QuerySet[Request]:
    return Request.objects.visible_to(actor).select_related(*RELATED)


def preview(ask: Ask, *, at: datetime) -> Preview:
    """What would happen if this were sent now; nothing is written."""
    answered = answer(ask, at=at)
    parties = {ask.requester.pk, ask.person.pk}
    if ask.project is not None:
        parties |= {member.pk for member in members_of(ask.project, at=at)}
    stages = answered.decision.stages
    words = {role for stage in stages for role in stage.roles}
    holders = holders_by_role(words, [item.asset for item in ask.items], at=at)
    return Preview(
        answer=answered,
        stages=tuple(
            PreviewStage(
                stage=stage,
                eligible=len(frozenset().union(*(holders[role] for role in stage.roles)) - parties),
            )
            for stage in stages
        ),
        per_asset=outcomes_of(ask, answered),
    )


def draft_preview(actor: Actor, draft: RequestDraft, *, is_by_hand: bool = True) -> Preview:
    """`preview` of what a person has typed, with the way to it; `is_by_hand`: other purposes are tried too.

    Raises: InvalidInput.
    """
    now = database_now()
    ask = read_draft(actor, draft, at=now)
    found = preview(ask, at=now)
    return replace(found, way=way_of(actor if is_by_hand else None, ask, found.answer, at=now))


def asset_preview(
    actor: Actor, asset_id: UUID, *, purpose_id: UUID, actions: Sequence[str], ends_on: date | None = None
) -> Preview:
    """What one would need for a single asset, for a month unless another last day is named.

    Raises: NotFound, InvalidInput.
    """
    asset = Asset.objects.visible_to(actor).one(asset_id)
    draft = RequestDraft(
        items=[ItemDraft(asset_id=asset.uid)],
        purpose_id=purpose_id,
        actions=actions,
        ends_on=ends_on or database_now().date() + USUAL_PERIOD,
    )
    return draft_preview(actor, draft, is_by_hand=False)


def version_preview(
    actor: Actor, version: AssetVersion, requester: Person, purpose: PurposeVersion, *, at: datetime
) -> Preview:
    """What one would need to read all columns of a version for a month. Nothing is read twice: the version is
    given with its asset, the requester with their organization, the purpose by its version in force.

    Seven queries, however many columns and roles.
    """
    last_day = at.date() + USUAL_PERIOD
    ask = Ask(
        requester=requester,
        person=requester,
        service_account=None,
        purpose=purpose.purpose,
        purpose_version=purpose,
        items=(Item(asset=version.asset, version=version),),
        actions=frozenset({Action.READ}),
        starts_at=at,
        ends_at=end_of_day(last_day, requester.organization.time_zone),
        place_of_processing="",
    )
    return preview(ask, at=at)


def content_of(request: Request) -> dict[str, Any]:
    """What the current revision asks for, as the fields of a draft."""
    revision = Revision.objects.select_related(
        "purpose", "service_account", "project", "request__organization"
    ).get(pk=request.revision_key)
    zone = ZoneInfo(revision.request.organization.time_zone)
    begins_later = revision.starts_at > (revision.frozen_at or revision.created_at)
    return {
        "items": [
            {"asset_id": item.asset.uid, "version_id": item.version.uid, "columns": item.columns}
            for item in revision.asked
        ],
        "purpose_id": revision.purpose.uid,
        "actions": revision.actions,
        "ends_on": (revision.ends_at.astimezone(zone) - timedelta(microseconds=1)).date(),
        "starts_on": revision.starts_at.astimezone(zone).date() if begins_later else None,
        "service_account_id": revision.service_account.uid if revision.service_account else None,
        "project_id": revision.project.uid if revision.project else None,
        "place_of_processing": revision.place_of_processing,
        "ticket": revision.ticket,
        "justification": revision.justification,
        "mode": revision.mode,
    }


def current_decision(revision: Revision) -> Decision:
    """The newest evaluation of the revision; the only one verdicts may name."""
    return revision.decisions.latest("pk")


def open_stage(decision: Decision) -> Stage | None:
    return decision.stages.filter(closed_at__isnull=True).order_by("position").first()


def assets_of(revision: Revision) -> list[Asset]:
    return [item.asset for item in revision.asked]
