"""The route a decision lays out: stages in order, slots to fill, and the verdicts that fill them.

Stages hang on the decision: where the facts change there is a new decision, and earlier verdicts are history.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access.models.request import Revision
from apps.access.models.rulebook import Decision
from apps.accounts.models import Account, Person
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.policy.route import SLA_DAYS, Timeout


class Stage(models.Model):
    """One stage of a route. The lowest `position` that is not closed is the one being decided."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    roles = ArrayField(models.CharField(max_length=30))
    count = models.PositiveSmallIntegerField(default=1)
    is_opinion = models.BooleanField(default=False)
    is_independent = models.BooleanField(default=False)
    fallback_roles = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    sla_days = models.PositiveSmallIntegerField(default=SLA_DAYS)
    on_timeout = models.CharField(
        max_length=8, choices=[(each.value, each.value) for each in Timeout], default=Timeout.REMIND.value
    )
    escalate_to = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    rejections = models.PositiveSmallIntegerField(default=1)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "name"], name="stage_once"),
            models.CheckConstraint(
                condition=Q(sla_days__gte=1, rejections__gte=1)
                & (Q(on_timeout__in=["remind", "lapse"]) | Q(on_timeout="escalate") & ~Q(escalate_to=[])),
                name="stage_terms",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.decision_id}"


class Slot(BaseModel):
    """One verdict that a stage needs, from one role."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="slots")
    role = models.CharField(max_length=30)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")

    def __str__(self) -> str:
        return f"{self.role} in {self.stage_id}"


class VerdictKind(models.TextChoices):
    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")
    RETURN = "return", _("return for changes")
    OPINION = "opinion", _("opinion")


class Verdict(BaseModel):
    """A person's answer, bound to the revision's hash and to the decision that was shown. Immutable.

    The requester, the subject and the last editor stand here so that the database itself refuses a verdict by
    any of them, and a second verdict by the same person on one decision.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="verdicts")
    revision_sha256 = models.CharField(max_length=64)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="verdicts")
    slot = models.OneToOneField(Slot, on_delete=models.PROTECT, related_name="verdict")
    kind = models.CharField(max_length=8, choices=VerdictKind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    narrowing = models.JSONField(default=dict)
    conditions = models.JSONField(default=list)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict")
        constraints = [
            models.UniqueConstraint(fields=["decision", "person"], name="verdict_once_a_person"),
            models.CheckConstraint(
                condition=~Q(person=F("requester")) & ~Q(person=F("subject")) & ~Q(person=F("editor")),
                name="verdict_four_eyes",
            ),
            models.CheckConstraint(condition=Q(kind="approve") | ~Q(reason=""), name="verdict_says_why"),
            models.CheckConstraint(
                condition=Q(kind="approve") | Q(narrowing={}, conditions=[]), name="verdict_narrows_a_yes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.revision_id}"
