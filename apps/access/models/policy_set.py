"""The organization's own rules: versions of their text, and what a draft would have changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access.lifecycle import PolicySetState
from apps.accounts.authorization import standing_of
from apps.accounts.models import Organization, Person
from apps.accounts.operations import OPERATIONS, Operation
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class PolicySetQuerySet(HouseQuerySet["PolicySet"]):
    def visible_to(self, actor: Actor) -> PolicySetQuerySet:
        """Those who write rules, and those who watch over the organization."""
        if actor.is_system:
            return self
        standing = standing_of(actor)
        reading = OPERATIONS[Operation.READ_POLICY].roles
        places = {
            held.organization_id for held in standing.roles if held.role in reading and held.domain_id is None
        }
        return self.filter(organization__in=places) if standing.is_active else self.none()


class PolicySet(BaseModel):
    """One version of the rules. `text` is as it was written, `document` what was read from it.

    `sha256` is of the document: comments do not count. A published version never changes.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    text = models.TextField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in PolicySetState],
        default=PolicySetState.DRAFT.value,
    )
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    effective_from = models.DateTimeField(null=True)

    objects = PolicySetQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy set")
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="policy_set_number_once"),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("author")), name="policy_set_two_people"
            ),
            models.CheckConstraint(
                condition=Q(
                    state="published",
                    approver__isnull=False,
                    published_at__isnull=False,
                    effective_from__gte=F("published_at"),
                )
                | (
                    ~Q(state="published")
                    & Q(approver__isnull=True, published_at__isnull=True, effective_from__isnull=True)
                ),
                name="policy_set_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        return f"PS-{self.number}"

    @property
    def name(self) -> str:
        return str(self.document["name"])


class PolicyReplayQuerySet(HouseQuerySet["PolicyReplay"]):
    def visible_to(self, actor: Actor) -> PolicyReplayQuerySet:
        return self.filter(policy_set__in=PolicySet.objects.visible_to(actor))


class PolicyReplay(BaseModel):
    """What a draft would have answered to requests of the past, set against the rules in force.

    `draft_sha256` and `base_sha256` say exactly which rules were compared. `counts` is by kind of change,
    `changed` holds the first of those that differ.
    """

    policy_set = models.ForeignKey(PolicySet, on_delete=models.PROTECT, related_name="replays")
    draft_sha256 = models.CharField(max_length=64)
    base_sha256 = models.CharField(max_length=64)
    months = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    changed = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    objects = PolicyReplayQuerySet.as_manager()

    class Meta:
        verbose_name = _("replay")

    def __str__(self) -> str:
        return f"{self.draft_sha256} against {self.base_sha256}"

    @property
    def changes(self) -> int:
        return sum(self.counts.values())
