"""Systems that keep tickets, and what each has said about the ticket of a revision."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access.lifecycle import RequestState
from apps.access.models.request import Request, Revision
from apps.accounts.authorization import standing_of
from apps.accounts.models import Organization
from apps.accounts.roles import Role
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.policy.vocabulary import TicketStanding

ENDED_WITHOUT_GRANT = (RequestState.REJECTED, RequestState.WITHDRAWN, RequestState.LAPSED)
FRESH = timedelta(minutes=15)
"""For so long what a system said counts for access that begins; then it is asked anew."""
SAID = (
    TicketStanding.NOT_FOUND,
    TicketStanding.CLOSED,
    TicketStanding.OF_ANOTHER,
    TicketStanding.OPEN,
)
"""What a system itself has answered."""


class TicketSystemQuerySet(HouseQuerySet["TicketSystem"]):
    def visible_to(self, actor: Actor) -> TicketSystemQuerySet:
        """Those of the organizations one administers."""
        if actor.is_system:
            return self
        held = standing_of(actor).roles
        places = {
            each.organization_id
            for each in held
            if each.role is Role.ADMINISTRATOR and each.domain_id is None
        }
        return self.filter(organization__in=places)


class TicketSystem(BaseModel):
    """A system of an organization that knows tickets, named as rules name it.

    The address and what signs questions to it are secrets: both lie sealed, `origin` is what is shown of
    them. `tells_assets`: whether it may know which assets are asked for.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    origin = models.CharField(max_length=300)
    sealed = models.BinaryField()
    tells_assets = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True)

    objects = TicketSystemQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket system")
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="ticket_system_name_once"),
            models.CheckConstraint(
                condition=Q(is_active=True, disabled_at__isnull=True)
                | Q(is_active=False, disabled_at__isnull=False),
                name="ticket_system_disabled_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TicketCheckQuerySet(HouseQuerySet["TicketCheck"]):
    def visible_to(self, actor: Actor) -> TicketCheckQuerySet:
        """Who sees the request."""
        if actor.is_system:
            return self
        return self.filter(revision__request__in=Request.objects.visible_to(actor).values("pk"))

    def waiting(self) -> TicketCheckQuerySet:
        """Those whose system is to be asked, now or later."""
        open_ones = self.filter(next_at__isnull=False, system__is_active=True)
        return open_ones.exclude(revision__request__state__in=ENDED_WITHOUT_GRANT)

    def stale(self, revision_id: int, *, since: datetime) -> TicketCheckQuerySet:
        """Of the yeses about a revision's ticket, those that are not fresh for this moment.

        A system that is disabled is asked nothing, and what it had answered stands.
        """
        yes = self.filter(revision=revision_id, standing=TicketStanding.OPEN, system__is_active=True)
        return yes.filter(answered_at__lt=since - FRESH)

    def pending(self, revision_id: int) -> TicketCheckQuerySet:
        """Of the yeses, those that were asked for anew and not given anew."""
        yes = self.filter(revision=revision_id, standing=TicketStanding.OPEN, system__is_active=True)
        return yes.filter(answered_at__lt=F("asked_again_at"))


class TicketCheck(BaseModel):
    """One question to one system about the ticket of one revision, and what came of it.

    `next_at` is when it is asked next; empty once it has answered, or was asked in vain for long. What it
    said stands while it is asked anew, since `asked_again_at`.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="ticket_checks")
    system = models.ForeignKey(TicketSystem, on_delete=models.PROTECT, related_name="checks")
    standing = models.CharField(
        max_length=10,
        choices=[(each.value, each.value) for each in TicketStanding],
        default=TicketStanding.UNASKED.value,
    )
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    asked_again_at = models.DateTimeField(null=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=60, blank=True)

    objects = TicketCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket check")
        constraints = [
            models.UniqueConstraint(fields=["revision", "system"], name="ticket_check_once"),
            models.CheckConstraint(
                condition=Q(standing__in=["unasked", "unanswered"], answered_at__isnull=True)
                | Q(
                    standing__in=["not_found", "closed", "of_another", "open"],
                    answered_at__isnull=False,
                )
                & (Q(next_at__isnull=True) | Q(standing="open", asked_again_at__isnull=False)),
                name="ticket_check_answered",
            ),
        ]
        indexes = [
            models.Index("next_at", name="ticket_check_due", condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.standing} for revision {self.revision_id}"

    @property
    def is_pending(self) -> bool:
        """Whether its yes was asked for anew, and not given anew."""
        said, asked = self.answered_at, self.asked_again_at
        return (
            self.standing == TicketStanding.OPEN and said is not None and asked is not None and said < asked
        )
