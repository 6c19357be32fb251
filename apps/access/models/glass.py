"""Broken glass: access in an emergency, which somebody else looks at afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access.models.grant import Grant
from apps.accounts.models import Organization, Person
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class GlassVerdict(models.TextChoices):
    JUSTIFIED = "justified", _("justified")
    NOT_JUSTIFIED = "not_justified", _("not justified")


class BreakGlassQuerySet(HouseQuerySet["BreakGlass"]):
    def visible_to(self, actor: Actor) -> BreakGlassQuerySet:
        """Who sees the grant: the one who broke the glass, the owners, and who watches over them."""
        if actor.is_system:
            return self
        return self.filter(grant__in=Grant.objects.visible_to(actor).values("pk"))


class BreakGlass(BaseModel):
    """One emergency of one person, and the grant it gave. Immutable but for the incident that was still to be
    named, and the review.

    The database itself refuses a review by the one who broke the glass.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="glass")
    reason = models.TextField()
    incident_ref = models.CharField(max_length=100, blank=True)
    is_life_at_stake = models.BooleanField(default=False)
    cannot_consent = models.BooleanField(default=False)
    review_due_at = models.DateTimeField()
    sanction_at = models.DateTimeField()
    """From then on, without a review, the person is not on call any more."""
    sanctioned_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=13, choices=GlassVerdict.choices, blank=True)
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    review_comment = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency access")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="glass_says_why"),
            models.CheckConstraint(
                condition=~Q(incident_ref="") | Q(is_life_at_stake=True), name="glass_names_an_incident"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", reviewer__isnull=True, reviewed_at__isnull=True)
                | ~Q(verdict="")
                & ~Q(incident_ref="")
                & ~Q(review_comment="")
                & Q(reviewer__isnull=False, reviewed_at__isnull=False),
                name="glass_reviewed_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("person")), name="glass_four_eyes"
            ),
        ]
        indexes = [
            models.Index("sanction_at", name="glass_unreviewed", condition=Q(reviewed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"emergency of {self.person_id}"
