"""Those who label under a policy. A row never changes but for its end: what was so at a time can be seen."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.accounts.roles import ObjectPermission
from apps.catalog.models import Asset
from apps.compliance.models import LegalRecord, LegalRecordVersion
from apps.compliance.models.record import sees_drafts_in
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.labeling.roster.standing import AnnotatorRole


class AnnotatorQuerySet(HouseQuerySet["Annotator"]):
    def visible_to(self, actor: Actor) -> AnnotatorQuerySet:
        """Of policies that one works on or whose data one looks after; and everybody sees their own."""
        if actor.is_system:
            return self
        return self.filter(
            Q(policy__organization_id__in=sees_drafts_in(actor))
            | Q(policy__in=policies_of_data(actor))
            | Q(person_id=actor.person_id)
        )

    def with_pause(self) -> AnnotatorQuerySet:
        """`paused_since`, and `paused_by`: the uid of the label set that showed it."""
        pauses = apps.get_model("labeling", "AnnotatorPause")._default_manager
        same = Q(code=OuterRef("code")) | Q(annotator__person=OuterRef("person"))
        standing = pauses.filter(same, policy=OuterRef("policy"), lifted_at__isnull=True).order_by("pk")
        return self.annotate(
            paused_since=Subquery(standing.values("created_at")[:1]),
            paused_by=Subquery(standing.values("label_set__uid")[:1]),
        )

    def current(self) -> AnnotatorQuerySet:
        return self.filter(ended_at__isnull=True)


def policies_of_data(actor: Actor) -> models.QuerySet[LegalRecord]:
    """Labeling policies about data that the actor owns or keeps."""
    kept = Asset.objects.where_may(actor, ObjectPermission.OWN) | Asset.objects.where_may(
        actor, ObjectPermission.STEWARD
    )
    mine = [str(uid) for uid in kept.values_list("uid", flat=True)]
    about = LegalRecordVersion.objects.filter(
        legal_record__kind="labeling-policies", record_status="approved", content__datasets__has_any_keys=mine
    )
    return LegalRecord.objects.filter(pk__in=about.values("legal_record"))


class Annotator(BaseModel):
    """Somebody under the number that the labeling tool gave them, or a pseudonym; of people of the house it
    is known who they are. `country` (ISO 3166-1) is the one from which they label; `no_conflict_on` the day
    on which they declared that they are none of those who must not label; `contract` the party that others
    work for."""

    policy = models.ForeignKey(LegalRecord, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    group = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=12, choices=[(each.value, each.value) for each in AnnotatorRole])
    cleared_rank = models.PositiveSmallIntegerField(null=True)
    trained_on = models.DateField(null=True)
    test_score = models.FloatField(null=True)
    undertaking_on = models.DateField(null=True)
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    no_conflict_on = models.DateField(null=True)
    contract = models.ForeignKey(LegalRecord, on_delete=models.PROTECT, null=True, related_name="+")
    opted_in_hard = models.BooleanField()
    hours_a_day = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = AnnotatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("annotator")
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "code"], condition=Q(ended_at__isnull=True), name="annotator_code_once"
            ),
            models.UniqueConstraint(
                fields=["policy", "person"], condition=Q(ended_at__isnull=True), name="annotator_person_once"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="annotator_has_code"),
            models.CheckConstraint(condition=~Q(code__contains="@"), name="annotator_no_address"),
            models.CheckConstraint(
                condition=Q(country__regex=r"^([A-Z]{2})?$"), name="annotator_country_iso"
            ),
            models.CheckConstraint(
                condition=Q(test_score__isnull=True) | Q(test_score__gte=0, test_score__lte=1),
                name="annotator_score_share",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("created_at")),
                name="annotator_ends_after",
            ),
        ]
        indexes = [
            models.Index("policy", F("id").desc(), name="annotator_of_policy"),
            models.Index("person", name="annotator_by_person"),
        ]

    def __str__(self) -> str:
        return self.code
