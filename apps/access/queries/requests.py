"""Reads about requests: what would I need, what waits for me, why may I not decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.access.drafts import ItemDraft, RequestDraft, read_draft
from apps.access.errors import SLOT_FILLED
from apps.access.facts import Ask, Item, parties_of
from apps.access.lifecycle import RequestState
from apps.access.models import Decision, Request, Revision, RevisionItem, Slot, Stage, Verdict
from apps.access.queries.evaluation import Answer, answer
from apps.accounts.authorization import has_object_permission, standing_of
from apps.accounts.models import Person
from apps.accounts.queries import role_holders
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.models import Asset, AssetVersion
from apps.catalog.queries import people_holding
from apps.compliance.models import PurposeVersion
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.clock import database_now, end_of_day
from apps.policy.eligibility import CandidateFacts, eligibility
from apps.policy.facts import Action
from apps.policy.reason import Reason
from apps.policy.route import StageSpec, Timeout

USUAL_PERIOD = timedelta(days=30)
DATA_OWNER = "data_owner"
ROLE_OF_STAGE = {"compliance_officer": Role.COMPLIANCE_OFFICER, "dpo": Role.DPO}


@dataclass(frozen=True, kw_only=True)
class PreviewStage:
    """`eligible` counts the people who could decide today."""

    stage: StageSpec
    eligible: int


@dataclass(frozen=True, kw_only=True)
class Preview:
    answer: Answer
    stages: tuple[PreviewStage, ...]


def requests_visible_to(actor: Actor) -> QuerySet[Request]:
    related = ("organization", "requester", "revision__purpose", "revision__person")
    return Request.objects.visible_to(actor).select_related(*related, "revision__service_account")


def preview(ask: Ask, *, at: datetime) -> Preview:
    """What would happen if this were sent now; nothing is written."""
    answered = answer(ask, at=at)
    parties = {ask.requester.pk, ask.person.pk}
    assets = [item.asset for item in ask.items]
    stages = answered.decision.stages
    people = _people_by_role({role for stage in stages for role in stage.roles}, assets, at=at)
    return Preview(
        answer=answered,
        stages=tuple(
            PreviewStage(stage=stage, eligible=len(_pool(stage, assets, people) - parties))
            for stage in stages
        ),
    )


def draft_preview(actor: Actor, draft: RequestDraft) -> Preview:
    """`preview` of what a person has typed.  Raises: InvalidInput."""
    now = database_now()
    return preview(read_draft(actor, draft, at=now), at=now)


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
    return draft_preview(actor, draft)


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
    revision = Revision.objects.select_related("purpose", "service_account", "request__organization").get(
        pk=request.revision_key
    )
    zone = ZoneInfo(revision.request.organization.time_zone)
    begins_later = revision.starts_at > (revision.frozen_at or revision.created_at)
    return {
        "items": [
            {"asset_id": item.asset.uid, "version_id": item.version.uid, "columns": item.columns}
            for item in revision.items.select_related("asset", "version")
        ],
        "purpose_id": revision.purpose.uid,
        "actions": revision.actions,
        "ends_on": (revision.ends_at.astimezone(zone) - timedelta(microseconds=1)).date(),
        "starts_on": revision.starts_at.astimezone(zone).date() if begins_later else None,
        "service_account_id": revision.service_account.uid if revision.service_account else None,
        "place_of_processing": revision.place_of_processing,
        "justification": revision.justification,
        "mode": revision.mode,
    }


def current_decision(revision: Revision) -> Decision:
    """The newest evaluation of the revision; the only one verdicts may name."""
    return revision.decisions.latest("pk")


def open_stage(decision: Decision) -> Stage | None:
    return decision.stages.filter(closed_at__isnull=True).order_by("position").first()


def assets_of(revision: Revision) -> list[Asset]:
    return [item.asset for item in revision.items.select_related("asset")]


def stage_spec(stage: Stage) -> StageSpec:
    return StageSpec(
        name=stage.name,
        roles=tuple(stage.roles),
        count=stage.count,
        is_opinion=stage.is_opinion,
        is_independent=stage.is_independent,
        fallback_roles=tuple(stage.fallback_roles),
        sla_days=stage.sla_days,
        on_timeout=Timeout(stage.on_timeout),
        escalate_to=tuple(stage.escalate_to),
        rejections=stage.rejections,
    )


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Where somebody would sit in a stage: the slot they would fill, or why there is none for them."""

    reasons: tuple[Reason, ...]
    slot: Slot | None


def slots_of(decision_id: int) -> list[Slot]:
    """All slots of a route, with the verdicts that fill them. One query."""
    slots = Slot.objects.filter(stage__decision=decision_id).select_related("verdict__person")
    return list(slots.order_by("pk"))


def seat_of(
    actor: Actor, revision: Revision, stage: Stage, assets: Sequence[Asset], slots: Sequence[Slot]
) -> Seat:
    """`slots` are those of the whole route. Neither reasons nor a slot in the answer: all that the actor's
    roles could fill are filled."""
    roles = _stage_roles(actor, stage.roles, assets)
    verdicts = [slot.verdict for slot in slots if _is_filled(slot)]
    fillers = frozenset(str(verdict.person.uid) for verdict in verdicts)
    parties = parties_of(revision, slot_fillers=fillers)
    reasons = eligibility(_candidate(actor, roles), stage_spec(stage), parties)
    if reasons:
        return Seat(reasons=reasons, slot=None)
    free = (s for s in slots if s.stage_id == stage.pk and s.role in roles and not _is_filled(s))
    return Seat(reasons=(), slot=next(free, None))


def _is_filled(slot: Slot) -> bool:
    return getattr(slot, "verdict", None) is not None


def why_not_decide(
    actor: Actor, revision: Revision, stage: Stage, assets: Sequence[Asset], slots: Sequence[Slot]
) -> tuple[Reason, ...]:
    """Every reason why the actor may not fill a slot of the stage; empty means that one waits for them."""
    seat = seat_of(actor, revision, stage, assets, slots)
    if seat.slot is None and not seat.reasons:
        return (Reason(code=SLOT_FILLED),)
    return seat.reasons


def inbox_of(actor: Actor) -> QuerySet[Request]:
    """Requests whose open stage waits for somebody like the actor. One statement; `why_not_decide` agrees."""
    if actor.person_id is None or actor.kind is not ActorKind.PERSON:
        return Request.objects.none()
    earlier = Stage.objects.filter(decision=OuterRef("decision"), closed_at__isnull=True)
    current = Stage.objects.filter(closed_at__isnull=True, decision__revision=OuterRef("revision")).filter(
        ~Exists(
            Decision.objects.filter(revision=OuterRef("decision__revision"), pk__gt=OuterRef("decision"))
        ),
        ~Exists(earlier.filter(position__lt=OuterRef("position"))),
    )
    own = Q(requester=actor.person_id) | Q(revision__person=actor.person_id)
    given = Verdict.objects.filter(decision=OuterRef("decision"), person=actor.person_id)
    waiting = current.filter(~Exists(given))
    return (
        requests_visible_to(actor)
        .filter(state=RequestState.IN_REVIEW)
        .exclude(own | Q(revision__edited_by=actor.person_id))
        .filter(_waits_for_role(actor, waiting))
    )


def _waits_for_role(actor: Actor, waiting: QuerySet[Stage]) -> Q:
    def slot_of(role: str) -> Exists:
        free = Slot.objects.filter(stage=OuterRef("pk"), verdict__isnull=True, role=role)
        return Exists(waiting.filter(Exists(free)))

    items = RevisionItem.objects.filter(revision=OuterRef("revision"))
    not_owned = items.exclude(asset__in=Asset.objects.where_may(actor, ObjectPermission.OWN).values("pk"))
    condition = Q(slot_of(DATA_OWNER)) & ~Q(Exists(not_owned))
    for word, role in ROLE_OF_STAGE.items():
        places = [held for held in standing_of(actor).roles if held.role is role]
        if places:
            whole = [held.organization_id for held in places if held.domain_id is None]
            domains = [held.domain_id for held in places if held.domain_id is not None]
            outside = items.exclude(Q(asset__organization__in=whole) | Q(asset__domain__in=domains))
            condition |= Q(slot_of(word)) & ~Q(Exists(outside))
    return condition


def _candidate(actor: Actor, roles: frozenset[str]) -> CandidateFacts:
    standing = standing_of(actor)
    is_person = standing.person is not None and actor.kind is ActorKind.PERSON
    return CandidateFacts(
        person=str(standing.person) if is_person else None, roles=roles, is_active=standing.is_active
    )


def _stage_roles(actor: Actor, roles: Sequence[str], assets: Sequence[Asset]) -> frozenset[str]:
    """Which of the roles the actor holds, in their own right, for every one of the assets."""
    held = set()
    if DATA_OWNER in roles:
        asset_ids = frozenset(asset.pk for asset in assets)
        if has_object_permission(actor, ObjectPermission.OWN, asset_ids):
            held.add(DATA_OWNER)
    standing = standing_of(actor)
    for word in ROLE_OF_STAGE.keys() & set(roles):
        role = ROLE_OF_STAGE[word]
        if all(
            standing.holds(role, organization_id=asset.organization_id, domain_id=asset.domain_id)
            for asset in assets
        ):
            held.add(word)
    return frozenset(held)


def _pool(
    stage: StageSpec, assets: Sequence[Asset], people: Mapping[tuple[str, int], frozenset[int]]
) -> frozenset[int]:
    """The people who hold one of the stage's roles for every one of the assets."""
    pool: set[int] = set()
    for role in stage.roles:
        pools = [people.get((role, asset.pk), frozenset()) for asset in assets]
        pool |= frozenset.intersection(*pools)
    return frozenset(pool)


def _people_by_role(
    roles: Collection[str], assets: Sequence[Asset], *, at: datetime
) -> Mapping[tuple[str, int], frozenset[int]]:
    """By role and asset. At most one query for owners of each asset, and one for all other roles."""
    found: dict[tuple[str, int], frozenset[int]] = {}
    if DATA_OWNER in roles:
        for asset in assets:
            found[DATA_OWNER, asset.pk] = people_holding(ObjectPermission.OWN, asset)
    words = sorted(ROLE_OF_STAGE.keys() & set(roles))
    if not words:
        return found
    places = {asset.organization_id for asset in assets}
    held = list(role_holders({ROLE_OF_STAGE[word] for word in words}, organization_ids=places, at=at))
    for word in words:
        for asset in assets:
            found[word, asset.pk] = frozenset(
                each.person_id
                for each in held
                if each.role == ROLE_OF_STAGE[word]
                and each.organization_id == asset.organization_id
                and each.domain_id in {None, asset.domain_id}
            )
    return found
