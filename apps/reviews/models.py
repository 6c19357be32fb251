"""Campaigns, and one review item for each grant they ask about."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access.models import Grant
from apps.accounts.authorization import standing_of
from apps.accounts.models import Organization, Person
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.models import Asset
from apps.classification.models import SensitivityClass
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.reviews.lifecycle import CampaignState, ItemState, Pool

WATCHING = frozenset({Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR})
ANSWERED = [ItemState.KEPT.value, ItemState.REMOVED.value]


class CampaignQuerySet(HouseQuerySet["Campaign"]):
    def visible_to(self, actor: Actor) -> CampaignQuerySet:
        """Who watches over the whole organization."""
        if actor.is_system:
            return self
        roles = standing_of(actor).roles
        places = {held.organization_id for held in roles if held.role in WATCHING and held.domain_id is None}
        return self.filter(organization__in=places)


class Campaign(BaseModel):
    """Which grants are put to their reviewers, until when, and what follows from silence.

    An empty list in the scope leaves nothing out. What is asked is frozen when the campaign opens: from then
    on only its state moves, and the database refuses anything else.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sensitivity_class_codes = ArrayField(models.CharField(max_length=40), default=list)
    owner_ids = ArrayField(models.UUIDField(), default=list)
    domain_ids = ArrayField(models.UUIDField(), default=list)
    granted_before = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    on_no_answer = models.CharField(max_length=8)
    no_answer_by_class = models.JSONField(default=dict)
    """By the code of a sensitivity class, where it differs from `on_no_answer`."""
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in CampaignState])
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reminded_percent = models.PositiveSmallIntegerField(default=0)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", opened_at__isnull=True, closed_at__isnull=True)
                | Q(state="open", opened_at__isnull=False, closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False),
                name="campaign_state_times",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(due_at__gt=F("opened_at")),
                name="campaign_due_after_opening",
            ),
        ]
        indexes = [models.Index("organization", F("id").desc(), name="campaign_by_organization")]

    def __str__(self) -> str:
        return self.name


class ReviewItemQuerySet(HouseQuerySet["ReviewItem"]):
    def visible_to(self, actor: Actor) -> ReviewItemQuerySet:
        """Who sees the campaign; and who owns or keeps the asset. Seeing one is not answering it."""
        if actor.is_system:
            return self
        if actor.kind is not ActorKind.PERSON or not standing_of(actor).is_active:
            return self.none()
        sight = Q(campaign__in=Campaign.objects.visible_to(actor))
        for permission in (ObjectPermission.OWN, ObjectPermission.STEWARD):
            sight |= Q(grant__asset__in=Asset.objects.where_may(actor, permission).values("pk"))
        return self.filter(sight)

    def open(self) -> ReviewItemQuerySet:
        return self.filter(state=ItemState.OPEN)


class ReviewItem(BaseModel):
    """One grant in one campaign, until it is answered, the day comes, or the grant ends.

    `sensitivity_class` and `on_no_answer` are frozen with the list; `pool` says who is asked now. The
    beneficiary stands here so that the database itself refuses an answer by them.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="items")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    beneficiary = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    sensitivity_class = models.ForeignKey(
        SensitivityClass, on_delete=models.PROTECT, null=True, related_name="+"
    )
    on_no_answer = models.CharField(max_length=8)
    pool = models.CharField(max_length=20, choices=[(pool.value, pool.value) for pool in Pool])
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in ItemState],
        default=ItemState.OPEN.value,
    )
    reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "grant"], name="review_item_once"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="review_item_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ANSWERED, answered_by__isnull=False)
                | (~Q(state__in=ANSWERED) & Q(answered_by__isnull=True)),
                name="review_item_answered_by",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True)
                | Q(beneficiary__isnull=True)
                | ~Q(answered_by=F("beneficiary")),
                name="review_item_never_the_beneficiary",
            ),
            models.CheckConstraint(
                condition=~Q(state="removed") | ~Q(reason=""), name="review_item_removal_says_why"
            ),
        ]
        indexes = [
            models.Index("campaign", "state", name="review_item_by_state"),
            models.Index("grant", name="review_item_open", condition=Q(state="open")),
            models.Index("pool", F("id").desc(), name="review_item_waiting", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"review of {self.grant_id} in {self.campaign_id}"
