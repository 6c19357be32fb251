"""The route a decision lays out: stages in order, slots to fill, and the verdicts that fill them.

Stages hang on the decision: where the facts change there is a new decision, and earlier verdicts are history
unless the rules keep them.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access.models.request import Request, Revision
from apps.access.models.rulebook import Decision
from apps.accounts.models import Account, Person
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.policy.route import SLA_DAYS, KeepVerdicts, Timeout

ADVISING_ROLE = "dpo"


class Stage(models.Model):
    """One stage of a route. The lowest `position` that is not closed is the one being decided.

    Its clock runs from `opened_at` to `due_at`. `remind_at` is when it is looked at next, `reminded_percent`
    what the last reminder said.
    """

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
    keep_verdicts = models.CharField(
        max_length=15, choices=[(each.value, each.value) for each in KeepVerdicts], blank=True, default=""
    )
    opened_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminded_percent = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "name"], name="stage_once"),
            models.CheckConstraint(
                condition=Q(sla_days__gte=1, rejections__gte=1)
                & (Q(on_timeout__in=["remind", "lapse"]) | Q(on_timeout="escalate") & ~Q(escalate_to=[])),
                name="stage_terms",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, due_at__isnull=True, remind_at__isnull=True)
                | Q(opened_at__isnull=False, due_at__isnull=False),
                name="stage_open_is_due",
            ),
        ]
        indexes = [
            models.Index("remind_at", name="stage_to_remind", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.decision_id}"


class Slot(BaseModel):
    """One verdict that a stage needs, from one role.

    `also_roles` may give it too: the fallback where too few hold the role, and those a stage escalated to.
    While it has an `assignee`, it waits for that person alone, or for who acts for them.
    """

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="slots")
    role = models.CharField(max_length=30)
    also_roles = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")

    def __str__(self) -> str:
        return f"{self.role} in {self.stage_id}"

    @property
    def is_filled(self) -> bool:
        return getattr(self, "verdict", None) is not None

    @property
    def admitted_roles(self) -> frozenset[str]:
        """Who may fill it now. The DPO advises, whatever a rulebook says (GDPR Art. 38(6))."""
        named = {self.role, *self.also_roles}
        return frozenset(named if self.stage.is_opinion else named - {ADVISING_ROLE})


class Recusal(BaseModel):
    """A person stepped back from a request: they, and who acts for them, decide nothing in it. Immutable."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="recusals")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("recusal")
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="recusal_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="recusal_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} from {self.request_id}"


class VerdictKind(models.TextChoices):
    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")
    RETURN = "return", _("return for changes")
    OPINION = "opinion", _("opinion")


class RejectionCode(models.TextChoices):
    """Why a request is rejected, so that rejections can be counted; the reason says it in words."""

    PURPOSE = "purpose", _("the purpose does not need it")
    TOO_MUCH = "too_much", _("more was asked for than is needed")
    BASIS = "basis", _("a legal basis or an agreement is missing")
    RISK = "risk", _("the risk to people or to the organization is too high")
    ELSEWHERE = "elsewhere", _("other data serve as well")
    OTHER = "other", _("another reason")


class Verdict(BaseModel):
    """A person's answer, bound to the revision's hash and to the decision that was shown. Immutable.

    The requester, the subject and the last editor stand here so that the database itself refuses a verdict by
    any of them, and a second verdict by the same person on one decision. The same holds for the person in
    whose name a delegate answers, `on_behalf_of`. `carried_from`: the verdict itself, given on an earlier
    evaluation, where this one counts it further.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="verdicts")
    revision_sha256 = models.CharField(max_length=64)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="verdicts")
    slot = models.OneToOneField(Slot, on_delete=models.PROTECT, related_name="verdict")
    kind = models.CharField(max_length=8, choices=VerdictKind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    rejection_code = models.CharField(
        max_length=9, choices=[(code.value, code.value) for code in RejectionCode], blank=True
    )
    narrowing = models.JSONField(default=dict)
    conditions = models.JSONField(default=list)
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("verdict")
        constraints = [
            models.UniqueConstraint(fields=["decision", "person"], name="verdict_once_a_person"),
            models.CheckConstraint(
                condition=~Q(person=F("requester")) & ~Q(person=F("subject")) & ~Q(person=F("editor")),
                name="verdict_four_eyes",
            ),
            models.UniqueConstraint(fields=["decision", "on_behalf_of"], name="verdict_once_for_a_person"),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True)
                | ~Q(on_behalf_of=F("requester"))
                & ~Q(on_behalf_of=F("subject"))
                & ~Q(on_behalf_of=F("editor"))
                & ~Q(on_behalf_of=F("person")),
                name="verdict_four_eyes_for_another",
            ),
            models.CheckConstraint(condition=Q(kind="approve") | ~Q(reason=""), name="verdict_says_why"),
            models.CheckConstraint(
                condition=Q(kind="reject", rejection_code__in=RejectionCode.values)
                | ~Q(kind="reject") & Q(rejection_code=""),
                name="verdict_rejects_by_a_code",
            ),
            models.CheckConstraint(
                condition=Q(kind="approve") | Q(narrowing={}, conditions=[]), name="verdict_narrows_a_yes"
            ),
            models.CheckConstraint(
                condition=Q(carried_from__isnull=True) | ~Q(kind="return"), name="verdict_carried_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.revision_id}"
