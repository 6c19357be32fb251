"""Conditions: what has to be true before a grant begins, while it lasts, or after it has ended."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access.lifecycle import ConditionStatus
from apps.access.models.grant import Grant
from apps.access.models.request import Request
from apps.access.models.rulebook import Decision
from apps.accounts.models import Person
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.policy.conditions import ConditionCheck, ConditionKind


class ConditionQuerySet(HouseQuerySet["Condition"]):
    def visible_to(self, actor: Actor) -> ConditionQuerySet:
        """Who sees the request, or the grant, sees what it is bound to."""
        if actor.is_system:
            return self
        requests, grants = Request.objects.visible_to(actor), Grant.objects.visible_to(actor)
        return self.filter(Q(request__in=requests.values("pk")) | Q(grant__in=grants.values("pk")))


class Turn(StrEnum):
    """Who does something next for a condition."""

    SHOWS = "shows"
    CONFIRMS = "confirms"


class Condition(BaseModel):
    """One thing that policy or an approver has set. Without `grant` it stands before all grants of a request.

    `due_at` is by when; null sets no day. What lasts (`during`) is confirmed anew each round; past its day
    the grant gives nothing. `evidence` is what was shown in this round: a confirmation that begins another
    one takes it away, and keeps it. `remind_at` is when whose turn it is hears of the day. The requester and
    the subject stand here so that the database itself refuses that either confirms what they showed.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="conditions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="conditions")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=6, choices=[(kind.value, kind.value) for kind in ConditionKind])
    text = models.TextField()
    check_by = models.CharField(max_length=9, choices=[(word.value, word.value) for word in ConditionCheck])
    due_days = models.PositiveSmallIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    status = models.CharField(
        max_length=6,
        choices=[(status.value, status.value) for status in ConditionStatus],
        default=ConditionStatus.OPEN.value,
    )
    evidence = models.TextField(blank=True)
    evidence_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    checker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition")
        constraints = [
            models.UniqueConstraint("decision", "grant", "code", nulls_distinct=False, name="condition_once"),
            models.CheckConstraint(
                condition=Q(kind="before", grant__isnull=True) | ~Q(kind="before") & Q(grant__isnull=False),
                name="condition_before_any_grant",
            ),
            models.CheckConstraint(
                condition=~Q(status="met")
                | Q(checked_at__isnull=False) & (~Q(evidence="") | Q(kind="during")),
                name="condition_met_by_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(status="lapsed") | Q(due_at__isnull=False), name="condition_lapses_past_a_day"
            ),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("requester")) & ~Q(checker=F("subject")),
                name="condition_four_eyes",
            ),
        ]
        indexes = [
            models.Index("grant", "kind", "due_at", name="condition_of_grant"),
            models.Index("due_at", name="condition_due", condition=Q(due_at__isnull=False)),
            models.Index("remind_at", name="condition_to_remind", condition=Q(remind_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.request_id}"

    @property
    def has_rounds(self) -> bool:
        """Whether it is due again after each confirmation."""
        return self.kind == ConditionKind.DURING and self.due_days is not None

    @property
    def turn(self) -> Turn | None:
        """Who does something next; nobody where the portal itself looks, or all is done."""
        is_done = self.status == ConditionStatus.MET and not self.has_rounds
        if is_done or self.check_by == ConditionCheck.AUTOMATIC:
            return None
        return Turn.CONFIRMS if self.evidence else Turn.SHOWS


class Confirmation(BaseModel):
    """Once a condition was confirmed, and by what evidence. Immutable."""

    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="confirmations")
    evidence = models.TextField()
    evidence_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    checker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    """By when it was to be confirmed."""

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        constraints = [
            models.CheckConstraint(condition=~Q(evidence=""), name="confirmation_by_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.condition_id} at {self.created_at}"
