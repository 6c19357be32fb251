"""Purposes: why data may be used, with the lawful basis. The unit of lawfulness."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organization
from apps.compliance.lifecycle import Art89Safeguard, PurposeStanding
from apps.compliance.lifecycle.interests import INTERESTS
from apps.compliance.lifecycle.purpose import BiometricUse
from apps.compliance.models.concept import PurposeConcept
from apps.compliance.models.legal import LegalRecordVersion
from apps.compliance.models.record import (
    RecordVersion,
    constraints_of,
    ended_after,
    home_of,
    is_signed,
    sees_drafts_in,
)
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.policy.vocabulary import Art9Condition, Art10Basis, LawfulBasis, Presumption


class PurposeQuerySet(HouseQuerySet["Purpose"]):
    def visible_to(self, actor: Actor) -> PurposeQuerySet:
        """Purposes once signed off, for everybody of the organization; drafts for those who work on them."""
        if actor.is_system:
            return self
        signed = PurposeVersion.objects.filter(is_signed(), purpose=OuterRef("pk"))
        return self.filter(
            Q(organization_id__in=sees_drafts_in(actor)) | Q(Exists(signed), organization_id=home_of(actor))
        )


class Purpose(BaseModel):
    """A purpose through all its versions; `ref` is its name in the records, PU-0001."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=20)
    standing = models.CharField(
        max_length=10,
        choices=[(standing.value, standing.value) for standing in PurposeStanding],
        default=PurposeStanding.STANDING.value,
    )
    standing_reason = models.TextField(blank=True)

    objects = PurposeQuerySet.as_manager()

    class Meta:
        verbose_name = _("purpose")
        constraints = [models.UniqueConstraint(fields=["organization", "ref"], name="purpose_ref_once")]

    def __str__(self) -> str:
        return self.ref


class PurposeVersionQuerySet(HouseQuerySet["PurposeVersion"]):
    def visible_to(self, actor: Actor) -> PurposeVersionQuerySet:
        """Signed versions, for everybody of the organization; all, for those who work on them."""
        if actor.is_system:
            return self
        return self.filter(
            Q(purpose__organization_id__in=sees_drafts_in(actor))
            | (is_signed() & Q(purpose__organization_id=home_of(actor)))
        )

    def as_of(self, on: date) -> PurposeVersionQuerySet:
        """Those that held on that day, also if they were replaced since; drafts never hold."""
        lasts = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
        return self.filter(ended_after(on), lasts, is_signed(), valid_from__lte=on)

    def with_lia(self) -> PurposeVersionQuerySet:
        """With every version of the assessment of interests that it names, the newest first."""
        named = LegalRecordVersion.objects.filter(
            legal_record__organization=OuterRef("purpose__organization"),
            legal_record__kind=INTERESTS.slug,
            legal_record__ref=OuterRef("lia_ref"),
        )
        stated = JSONObject(
            ref="legal_record__ref",
            number="number",
            record_status="record_status",
            content="content",
            approved_at="approved_at",
            effective_from="effective_from",
            effective_to="effective_to",
        )
        return self.annotate(lia_versions=ArraySubquery(named.order_by("-number").values_list(stated)))


class PurposeVersion(RecordVersion):
    """What a purpose says, as of one version; the fields are those of `PurposeContent`."""

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=200)
    concept = models.ForeignKey(PurposeConcept, on_delete=models.PROTECT, related_name="+")
    description = models.TextField(blank=True)
    lawful_basis = models.CharField(
        max_length=8, choices=[(basis.value, basis.value) for basis in LawfulBasis], null=True, blank=True
    )
    consent_ref = models.CharField(max_length=300, blank=True)
    is_consent_explicit = models.BooleanField(null=True, blank=True)
    contract_ref = models.CharField(max_length=300, blank=True)
    legal_provision = models.CharField(max_length=300, blank=True)
    is_art23_law = models.BooleanField(null=True, blank=True)
    vital_interest_note = models.TextField(blank=True)
    lia_ref = models.CharField(max_length=300, blank=True)
    art9_conditions = ArrayField(
        models.CharField(max_length=8, choices=[(each.value, each.value) for each in Art9Condition]),
        default=list,
        blank=True,
    )
    art9_law_ref = models.CharField(max_length=300, blank=True)
    has_professional_secrecy = models.BooleanField(default=False)
    art89_safeguards = ArrayField(
        models.CharField(max_length=40, choices=[(each.value, each.value) for each in Art89Safeguard]),
        default=list,
        blank=True,
    )
    art10_basis = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in Art10Basis], null=True, blank=True
    )
    art10_law_ref = models.CharField(max_length=300, blank=True)
    presumption = models.CharField(max_length=40, choices=[(each.value, each.value) for each in Presumption])
    is_model_training = models.BooleanField(default=False)
    biometric_use = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in BiometricUse], null=True, blank=True
    )
    evidence = models.JSONField(default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = PurposeVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a purpose")
        constraints = [
            *constraints_of("purpose", "purpose_version"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="purpose_version_validity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"
