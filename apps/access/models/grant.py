"""Grants: time-bound rights of a subject to actions on an asset for one purpose."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access.lifecycle import GrantState
from apps.access.models.request import SUBJECT_IS_ONE, Revision, SubjectKind
from apps.access.models.rulebook import Decision
from apps.access.models.sight import is_own, seen_by
from apps.accounts.models import Account, Organization, Person, Project
from apps.accounts.roles import ObjectPermission
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models import Occurrence, Purpose
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class GrantMode(models.TextChoices):
    """A pinned grant opens its version; a following one also later versions that are no stricter."""

    PINNED = "pinned", _("pinned")
    FOLLOWING = "following", _("following")


class GrantQuerySet(HouseQuerySet["Grant"]):
    def visible_to(self, actor: Actor) -> GrantQuerySet:
        people = ("person", "revision__request__requester")
        return seen_by(
            self,
            actor,
            people=people,
            service_account="service_account",
            project="project",
            whole=lambda condition: condition,
            shown=Q(),
            keeping=(ObjectPermission.OWN, ObjectPermission.STEWARD),
        )

    def for_update_by(self, actor: Actor, uid: UUID, *read_with_it: str) -> Grant:
        """`for_update` of one that the actor may see. Whose it is needs no look at anything else.

        Raises: NotFound, the same for absent and hidden.
        """
        grant = self.for_update(uid, *read_with_it)
        if not (is_own(actor, grant.person_id, grant.service_account_id)):
            self.visible_to(actor).one(uid)
        return grant


class Grant(BaseModel):
    """Its scope never changes; whether it is effective now is computed (queries.why_not_effective).

    Half-open in UTC: from `not_before`, up to and without `not_after`.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="grants")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=16, choices=SubjectKind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    service_account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="+")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    columns = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    actions = ArrayField(models.CharField(max_length=10))
    is_break_glass = models.BooleanField(default=False)
    mode = models.CharField(max_length=10, choices=GrantMode.choices)
    obligations = models.JSONField(default=list)
    limiting_factor = models.CharField(max_length=200)
    max_lease_minutes = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in GrantState])
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        constraints = [
            models.UniqueConstraint(
                "revision",
                "person",
                "service_account",
                "asset",
                nulls_distinct=False,
                condition=Q(ended_at__isnull=True),
                name="grant_once",
            ),
            models.CheckConstraint(condition=SUBJECT_IS_ONE, name="grant_subject"),
            models.CheckConstraint(condition=Q(not_after__gt=F("not_before")), name="grant_ends_after_start"),
            models.CheckConstraint(
                condition=Q(is_break_glass=False) | Q(not_after__lte=F("not_before") + timedelta(hours=4)),
                name="grant_in_emergency_is_short",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["scheduled", "active", "suspended"], ended_at__isnull=True)
                | Q(state__in=["expired", "revoked", "given_back", "superseded"], ended_at__isnull=False),
                name="grant_ended_at",
            ),
        ]
        indexes = [
            models.Index("person", F("id").desc(), name="grant_by_person"),
            models.Index("asset", F("id").desc(), name="grant_by_asset"),
            models.Index("not_after", name="grant_running_out", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"grant {self.uid}"


class Suspension(BaseModel):
    """A time in which a grant gave nothing. Without `suspended_by` the machine did it, because of an
    `occurrence` where there is one; then the machine lets it go on as well.

    Who suspended for cause is not who lets it resume: the database refuses it too.
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="suspensions")
    suspended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    is_for_cause = models.BooleanField(default=False)
    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, null=True, related_name="+")
    comment = models.TextField()
    resumed_at = models.DateTimeField(null=True)
    resumed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    resume_comment = models.TextField(blank=True)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension")
        constraints = [
            models.UniqueConstraint(
                fields=["grant"], condition=Q(resumed_at__isnull=True), name="suspension_once_open"
            ),
            models.CheckConstraint(condition=~Q(comment=""), name="suspension_says_why"),
            models.CheckConstraint(
                condition=Q(occurrence__isnull=True) | Q(suspended_by__isnull=True),
                name="suspension_of_the_machine",
            ),
            models.CheckConstraint(
                condition=Q(is_for_cause=False)
                | Q(suspended_by__isnull=True)
                | Q(resumed_by__isnull=True)
                | ~Q(resumed_by=F("suspended_by")),
                name="suspension_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"suspension of {self.grant_id}"
