"""Legal entities, their domains and their teams."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.models.acl import SeenThroughKeys
from apps.accounts.roles import ObjectPermission
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class OrganizationQuerySet(HouseQuerySet["Organization"]):
    def visible_to(self, actor: Actor) -> OrganizationQuerySet:
        """One's own organization, and no other."""
        if actor.is_system:
            return self
        return self.filter(pk=actor.organization_id or 0) if standing_of(actor).is_active else self.none()


class Organization(BaseModel):
    """A legal entity: a party of the records, and a person's employer. Nothing is seen across its border."""

    name = models.CharField(max_length=200)
    code = models.CharField(max_length=40)
    country = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2"))
    time_zone = models.CharField(max_length=60, default="UTC")
    address = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    calendar = models.CharField(
        max_length=6,
        blank=True,
        help_text=_("Public holidays: ISO 3166 code of a country, perhaps with a part of it, such as DE-BY."),
    )

    undo_minutes = models.PositiveSmallIntegerField(
        default=0, help_text=_("How long after an approval a grant begins, so that a slip can be taken back.")
    )

    unanswered_days = models.PositiveSmallIntegerField(
        default=14,
        help_text=_("For how long a program goes on for which nobody can answer, before it is stopped."),
    )

    is_public_authority = models.BooleanField(
        null=True, blank=True, help_text=_("Whether it exercises public powers (GDPR Art. 49(3)).")
    )
    is_under_gdpr = models.BooleanField(
        null=True, blank=True, help_text=_("Whether the GDPR binds it; within the EEA it does.")
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        constraints = [
            models.UniqueConstraint(Lower("code"), name="organization_code_once"),
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^[A-Z]{2}$"), name="organization_country_iso"
            ),
            models.CheckConstraint(
                condition=models.Q(calendar__regex=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$"),
                name="organization_calendar_iso",
            ),
            models.CheckConstraint(
                condition=models.Q(undo_minutes__lte=1440), name="organization_undo_within_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(unanswered_days__lte=90), name="organization_unanswered_within_a_quarter"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Audience(models.TextChoices):
    """Who sees the published assets of a domain."""

    ORGANIZATION = "organization", _("everybody of the organization")
    TEAMS = "teams", _("the teams named")


class DomainQuerySet(HouseQuerySet["Domain"]):
    def visible_to(self, actor: Actor) -> DomainQuerySet:
        """Domains where one holds a role or an object permission, or belongs to the audience."""
        if actor.is_system:
            return self
        return self.filter(pk__in=SeenThroughKeys.domains(actor, ObjectPermission.VIEW))


class Domain(BaseModel):
    """A named area of assets inside an organization, with its own audience, owners and stewards."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    audience = models.CharField(max_length=12, choices=Audience.choices)
    audience_teams = models.ManyToManyField("accounts.Team", related_name="+", blank=True)

    objects = DomainQuerySet.as_manager()

    class Meta:
        verbose_name = _("domain")
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="domain_name_once"),
        ]
        default_permissions = ()
        permissions = [
            ("view_domain", "may see the domain and its assets"),
            ("edit_domain", "may edit the assets of the domain"),
            ("classify_domain", "may classify the assets of the domain"),
            ("own_domain", "is accountable for the assets of the domain"),
            ("steward_domain", "keeps the assets of the domain right"),
            ("approve_domain", "may be asked to approve access to the assets of the domain"),
        ]

    def __str__(self) -> str:
        return self.name


class TeamQuerySet(HouseQuerySet["Team"]):
    def visible_to(self, actor: Actor) -> TeamQuerySet:
        """The teams of one's own organization."""
        if actor.is_system:
            return self
        return (
            self.filter(organization_id=actor.organization_id or 0)
            if standing_of(actor).is_active
            else self.none()
        )


class Team(BaseModel):
    """Accounts that are given permissions together: one group of Django's, without nesting."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        constraints = [models.UniqueConstraint("organization", Lower("name"), name="team_name_once")]

    def __str__(self) -> str:
        return self.name
