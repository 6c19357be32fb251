"""What is asked about each grant: the evidence of its use, who may answer, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.accounts.authorization import Ties, has_object_permission, standing_of
from apps.accounts.models import ConflictKind
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.models import Asset
from apps.credentials.queries import NEVER_USED, Use, use_of
from apps.kernel.actor import Actor, ActorKind
from apps.policy import snapshot
from apps.policy.eligibility import ARTICLES, CANDIDATE_INACTIVE, RULE
from apps.policy.reason import Reason
from apps.reviews.lifecycle import Answer, CampaignState, Pool
from apps.reviews.models import ReviewItem
from apps.reviews.queries.reviewers import RELATED as OF_A_GRANT
from apps.reviews.queries.reviewers import reviewers_of, ties_of, why_not

UNUSED_AFTER = timedelta(days=30)
PERMISSION_OF_POOL = {
    Pool.DATA_OWNER: ObjectPermission.OWN,
    Pool.STEWARD: ObjectPermission.STEWARD,
}
RELATED = (
    "campaign__organization",
    "sensitivity_class",
    "answered_by",
    "grant__version",
    "grant__purpose",
    "grant__service_account",
    *(f"grant__{name}" for name in OF_A_GRANT),
)
SOONEST_FIRST = ("campaign__due_at",)


@dataclass(frozen=True, kw_only=True)
class Review:
    """One question with its evidence. `unused_days`: since it was last used as far as is known, or since
    the grant began."""

    item: ReviewItem
    use: Use
    unused_days: int

    @property
    def is_used(self) -> bool:
        return self.unused_days < UNUSED_AFTER.days

    @property
    def suggestion(self) -> Answer | None:
        """What the evidence speaks for; it is shown, and never done by itself."""
        return None if self.is_used else Answer.REMOVE


def items_visible_to(actor: Actor) -> QuerySet[ReviewItem]:
    return ReviewItem.objects.visible_to(actor).select_related(*RELATED)


def with_evidence(items: Sequence[ReviewItem], *, at: datetime) -> list[Review]:
    """Rows of `items_visible_to`. One query, however many."""
    used = use_of({item.grant_id for item in items})
    return [_review(item, used.get(item.grant_id, NEVER_USED), at=at) for item in items]


def _review(item: ReviewItem, use: Use, *, at: datetime) -> Review:
    since = use.used_at or item.grant.not_before
    return Review(item=item, use=use, unused_days=max(0, (at - since).days))


def list_digest(reviews: Iterable[Review]) -> str:
    """SHA-256 of what somebody who confirms a list has seen of it, in whatever order."""
    seen = [
        [
            str(review.item.uid),
            review.item.row_version,
            review.item.state,
            review.item.grant.row_version,
            review.item.grant.state,
            review.is_used,
        ]
        for review in reviews
    ]
    return snapshot.sha256_of(sorted(seen))


def waiting_for(actor: Actor, *, at: datetime) -> QuerySet[ReviewItem]:
    """Open reviews that wait for somebody like the actor. One statement; `why_not_answer` agrees."""
    if actor.person_id is None or actor.kind is not ActorKind.PERSON or not standing_of(actor).is_active:
        return ReviewItem.objects.none()
    ties = standing_of(actor).ties
    return (
        ReviewItem.objects.select_related(*RELATED)
        .filter(_asked(actor), campaign__state=CampaignState.OPEN, campaign__due_at__gt=at)
        .open()
        .exclude(_tied(ties) | _conflicted(ties))
    )


def _asked(actor: Actor) -> Q:
    asked = Q(pk__in=[])
    for pool, permission in PERMISSION_OF_POOL.items():
        held = Asset.objects.where_may(actor, permission).values("pk")
        asked |= Q(pool=pool, grant__asset__in=held)
    places = [held for held in standing_of(actor).roles if held.role is Role.COMPLIANCE_OFFICER]
    whole = [held.organization_id for held in places if held.domain_id is None]
    domains = [held.domain_id for held in places if held.domain_id is not None]
    inside = Q(grant__asset__organization__in=whole) | Q(grant__asset__domain__in=domains)
    return asked | (Q(pool=Pool.COMPLIANCE_OFFICER) & inside)


def _tied(ties: Ties) -> Q:
    """Received, asked for or written by one of the faces, or by somebody whom a delegation ties to one."""
    return (
        Q(grant__person__in=ties.barred)
        | Q(grant__revision__request__requester__in=ties.barred)
        | Q(grant__revision__edited_by__in=ties.barred)
    )


def _conflicted(ties: Ties) -> Q:
    def about(kind: ConflictKind) -> frozenset[UUID]:
        return ties.conflicts.get(kind, frozenset())

    return (
        Q(grant__asset__uid__in=about(ConflictKind.ASSET))
        | Q(grant__asset__domain__uid__in=about(ConflictKind.DOMAIN))
        | Q(grant__organization__uid__in=about(ConflictKind.ORGANIZATION))
        | Q(grant__person__uid__in=about(ConflictKind.PERSON))
        | Q(grant__revision__request__requester__uid__in=about(ConflictKind.PERSON))
        | Q(grant__person__in=ties.teammates)
    )


def why_not_answer(actor: Actor, item: ReviewItem, *, at: datetime) -> tuple[Reason, ...]:
    """Every reason why the actor may not answer, judged anew; empty means that they may.

    It is the rule of four eyes on requests, put to those who asked for and receive this grant.
    """
    if not standing_of(actor).is_active or actor.kind is not ActorKind.PERSON:
        return (Reason(code=CANDIDATE_INACTIVE, rule=RULE, articles=ARTICLES),)
    person, grant = actor.person_key, item.grant
    pool = reviewers_of([grant], at=at)[grant.pk].pool
    roles = frozenset({pool.value}) if _is_in(actor, pool, grant.asset) else frozenset[str]()
    return why_not(grant, person, roles, ties_of([grant], {person}, at=at), pool)


def _is_in(actor: Actor, pool: Pool, asset: Asset) -> bool:
    if pool in PERMISSION_OF_POOL:
        return has_object_permission(actor, PERMISSION_OF_POOL[pool], frozenset({asset.pk}))
    place = {"organization_id": asset.organization_id, "domain_id": asset.domain_id}
    return pool is Pool.COMPLIANCE_OFFICER and standing_of(actor).holds(Role.COMPLIANCE_OFFICER, **place)
