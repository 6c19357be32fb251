"""What happened to data under the law, which versions it reaches, and which leave the rows out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organization, Person
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.lifecycle.occurrences import Closing, Happening, OccurrenceState
from apps.compliance.models.legal import LegalRecord
from apps.compliance.models.record import sees_drafts_in
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class OccurrenceQuerySet(HouseQuerySet["Occurrence"]):
    def visible_to(self, actor: Actor) -> OccurrenceQuerySet:
        """For those who work on records, in their organizations: it may tell of single people."""
        if actor.is_system:
            return self
        return self.filter(organization_id__in=sees_drafts_in(actor))

    def in_effect(self) -> OccurrenceQuerySet:
        return self.filter(state=OccurrenceState.IN_EFFECT)


class Occurrence(BaseModel):
    """`number` counts within the organization; `ref` is OC-0001. `list_number` counts those in effect,
    through all organizations: it is the number of the list of rows to leave out. `source` is the record that
    it rests on, `said` what happened, without the names of people."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    happening = models.CharField(max_length=30, choices=[(each.value, each.label) for each in Happening])
    state = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in OccurrenceState], default="draft"
    )
    source = models.ForeignKey(LegalRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    said = models.TextField()
    country = models.CharField(max_length=2, blank=True)
    has_other_ground = models.BooleanField(null=True, blank=True)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    took_effect_at = models.DateTimeField(null=True, blank=True)
    took_effect_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)
    list_number = models.PositiveIntegerField(null=True, blank=True, unique=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("occurrence")
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="occurrence_number_once"),
            models.CheckConstraint(condition=~Q(said=""), name="occurrence_says_what"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "discarded"], took_effect_at__isnull=True, list_number__isnull=True
                )
                | Q(
                    state__in=["in_effect", "lifted"],
                    took_effect_at__isnull=False,
                    list_number__isnull=False,
                ),
                name="occurrence_took_effect_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_effect"], ended_at__isnull=True)
                | (Q(state__in=["lifted", "discarded"], ended_at__isnull=False) & ~Q(ended_reason="")),
                name="occurrence_ended_at",
            ),
            models.CheckConstraint(
                condition=~Q(happening="instrument_invalid") | ~Q(country=""), name="occurrence_names_country"
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        return f"OC-{self.number:04}"

    @property
    def kind_of(self) -> Happening:
        return Happening(self.happening)


class AffectedVersion(models.Model):
    """A version that an occurrence is about (`through` empty), or that holds something of one, made from
    `through`. `closing` says why it gives nothing; empty: it still may."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="affected")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    through = models.ForeignKey(
        AssetVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closing = models.CharField(
        max_length=12, choices=[(each.value, each.value) for each in Closing], blank=True
    )
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "version"], name="affected_version_once"),
            models.CheckConstraint(
                condition=Q(through__isnull=True) | ~Q(through=models.F("version")),
                name="affected_not_through_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} of {self.occurrence_id}"


class ExclusionQuerySet(HouseQuerySet["Exclusion"]):
    def visible_to(self, actor: Actor) -> ExclusionQuerySet:
        """Those of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(version__asset__in=Asset.objects.visible_to(actor))


class Exclusion(BaseModel):
    """Somebody vouches that a version leaves out every row on the lists up to this number."""

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    up_to = models.PositiveIntegerField()
    evidence = models.TextField()
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement on rows left out")
        constraints = [
            models.UniqueConstraint(fields=["version", "up_to"], name="exclusion_once"),
            models.CheckConstraint(condition=~Q(evidence=""), name="exclusion_says_how"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} up to {self.up_to}"
