"""Duties: what somebody has to do by a day, and how it was shown to be done."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.models import Organization, Person
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.lifecycle.model_assessments import ModelOutcome
from apps.compliance.lifecycle.occurrences import DELETING, Owner
from apps.compliance.models.occurrence import Occurrence
from apps.compliance.models.record import sees_drafts_in
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class DutyQuerySet(HouseQuerySet["Duty"]):
    def visible_to(self, actor: Actor) -> DutyQuerySet:
        """For who answers for them, and for those who work on records."""
        if actor.is_system:
            return self
        return self.filter(self._theirs(actor) | Q(organization_id__in=sees_drafts_in(actor)))

    def asked_of(self, actor: Actor) -> DutyQuerySet:
        """Those open that the actor answers for: by name, or while nobody is named, by what they are."""
        return self.filter(self._theirs(actor), done_at__isnull=True)

    def _theirs(self, actor: Actor) -> Q:
        officer_of = {
            held.organization_id for held in standing_of(actor).roles if held.role is Role.COMPLIANCE_OFFICER
        }
        kept = Asset.objects.where_may(actor, ObjectPermission.STEWARD)
        owned = Asset.objects.where_may(actor, ObjectPermission.OWN)
        by_office = (
            Q(owner=Owner.OFFICER, organization_id__in=officer_of)
            | Q(Exists(kept.filter(pk=OuterRef("asset"))), owner=Owner.STEWARD)
            | Q(Exists(owned.filter(pk=OuterRef("asset"))), owner=Owner.OWNER)
        )
        return Q(person=actor.person_key) | (Q(person__isnull=True) & by_office)


class Duty(BaseModel):
    """`owner` says who answers for it by what they are; `person` by name, where somebody was named.

    A duty to delete is begun, and may fail: then `failure` says why, until it is begun again or shown to be
    done (lifecycle/deletions.py).
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=8, choices=[(each.value, each.value) for each in Owner])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="duties")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.TextField(blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence", "code", "asset"], nulls_distinct=False, name="duty_once"
            ),
            models.CheckConstraint(
                condition=Q(owner="officer") | Q(asset__isnull=False), name="duty_has_an_owner"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, evidence="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(evidence="")),
                name="duty_done_with_evidence",
            ),
            models.CheckConstraint(
                condition=Q(failed_at__isnull=True, failure="")
                | (Q(failed_at__isnull=False, begun_at__isnull=False, done_at__isnull=True) & ~Q(failure="")),
                name="duty_failed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True) | Q(code__in=DELETING), name="duty_begun_deletes"
            ),
        ]
        indexes = [models.Index("due_on", name="duty_open", condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return self.title


class ModelAssessmentQuerySet(HouseQuerySet["ModelAssessment"]):
    def visible_to(self, actor: Actor) -> ModelAssessmentQuerySet:
        """For who owns or keeps the model, and for those who work on records."""
        if actor.is_system:
            return self
        kept = Asset.objects.where_may(actor, ObjectPermission.STEWARD)
        owned = Asset.objects.where_may(actor, ObjectPermission.OWN)
        return self.filter(
            Q(version__asset__in=kept)
            | Q(version__asset__in=owned)
            | Q(occurrence__organization_id__in=sees_drafts_in(actor))
        )

    def to_decide(self, actor: Actor) -> ModelAssessmentQuerySet:
        """Those open on models that the actor owns."""
        owned = Asset.objects.where_may(actor, ObjectPermission.OWN)
        return self.filter(version__asset__in=owned, decided_at__isnull=True)


class ModelAssessment(BaseModel):
    """What becomes of a version of a model that learned from data which an occurrence is about."""

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="model_assessments")
    is_suspending = models.BooleanField(default=False)
    due_on = models.DateField()
    is_extractable = models.BooleanField(null=True, blank=True)
    other_ground = models.TextField(blank=True)
    anonymity_ref = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(
        max_length=10, choices=[(each.value, each.label) for each in ModelOutcome], blank=True
    )
    why = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ModelAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment of a model")
        constraints = [
            models.UniqueConstraint(fields=["version", "occurrence"], name="model_assessment_once"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, outcome="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(outcome="") & ~Q(why="")),
                name="model_assessment_decided",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="keep")
                | Q(is_extractable=False)
                | ~Q(other_ground="")
                | ~Q(anonymity_ref=""),
                name="model_kept_on_a_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"assessment of {self.version_id}"
