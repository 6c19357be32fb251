"""People, and the accounts they act through."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.models.organization import Organization
from apps.accounts.roles import Role
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet

SEES_PEOPLE = frozenset(Role) - {Role.SCIENTIST}


class PersonStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    DEPARTED = "departed", _("departed")


class Relation(models.TextChoices):
    """How a person stands to the organization; a vendor's or contractor's work ends with the contract."""

    EMPLOYEE = "employee", _("employee")
    CONTRACTOR = "contractor", _("contractor")
    VENDOR = "vendor", _("vendor")


class PersonQuerySet(HouseQuerySet["Person"]):
    def visible_to(self, actor: Actor) -> PersonQuerySet:
        """Oneself; with a role other than scientist, the people of the organization one holds it in."""
        if actor.is_system:
            return self
        standing = standing_of(actor)
        if not standing.is_active:
            return self.none()
        places = {held.organization_id for held in standing.roles if held.role in SEES_PEOPLE}
        return self.filter(models.Q(pk=actor.person_id) | models.Q(organization_id__in=places))


class Person(BaseModel):
    """A human being. Rules about people compare persons, never accounts."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    status = models.CharField(max_length=10, choices=PersonStatus.choices, default=PersonStatus.ACTIVE)
    relation = models.CharField(max_length=12, choices=Relation.choices)
    contract_ends_on = models.DateField(null=True, blank=True)
    cleared_rank = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Highest rank of sensitivity the person is cleared for.")
    )
    works_from = models.CharField(
        max_length=2, blank=True, help_text=_("ISO 3166-1 code of the country the person works from.")
    )
    employer_ref = models.CharField(
        max_length=20,
        blank=True,
        help_text=_("Number of the party, in the records, that somebody from outside works for."),
    )
    undertaking_on = models.DateField(
        null=True, blank=True, help_text=_("When confidentiality was last undertaken.")
    )
    trained_on = models.DateField(
        null=True, blank=True, help_text=_("When data protection was last learned about.")
    )
    manager = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The line manager."),
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(manager=models.F("id")), name="person_managed_by_another"
            ),
            models.CheckConstraint(
                condition=models.Q(works_from__regex=r"^([A-Z]{2})?$"), name="person_works_from_iso"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AccountKind(models.TextChoices):
    PERSON = "person", _("person")
    SERVICE = "service", _("service")


def normal_username(username: str) -> str:
    """One spelling for every look-alike: NFKC, case-folded."""
    return unicodedata.normalize("NFKC", username).casefold().strip()


class AccountQuerySet(HouseQuerySet["Account"]):
    def visible_to(self, actor: Actor) -> AccountQuerySet:
        """The accounts of the people one may see."""
        if actor.is_system:
            return self
        return self.filter(person__in=Person.objects.visible_to(actor))


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=normal_username(username or ""))


class Account(BaseModel, AbstractBaseUser, PermissionsMixin):
    """A way to sign in. `person` is the human who acts, or, for a service account, who answers for it."""

    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=8, choices=AccountKind.choices, default=AccountKind.PERSON)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    description = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)
    sessions_ended_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("Sessions begun before are no longer good.")
    )

    unanswered_since = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("Of a service account: since when nobody can answer for it."),
    )
    unanswered_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    must_change_password = models.BooleanField(
        default=False, editable=False, help_text=_("Somebody else chose it, and knows it.")
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    objects = AccountManager.from_queryset(AccountQuerySet)()

    class Meta:
        verbose_name = _("account")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unanswered_since__isnull=True) | models.Q(kind=AccountKind.SERVICE),
                name="account_unanswered_is_service",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_session_auth_hash(self) -> str:
        """What a session must carry to go on: it changes with the password, and where sessions are ended."""
        return self._session_hash(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for known in super().get_session_auth_fallback_hash():
            yield self._session_hash(known)

    def _session_hash(self, of_password: str) -> str:
        ended = self.sessions_ended_at
        return f"{of_password}{ended.timestamp()}" if ended else of_password

    @property
    def is_staff(self) -> bool:
        """Nobody: business is not done in Django's admin."""
        return False
