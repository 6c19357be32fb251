"""API tokens: hashed, scoped, expiring."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.person import Account
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class ApiTokenQuerySet(HouseQuerySet["ApiToken"]):
    def visible_to(self, actor: Actor) -> ApiTokenQuerySet:
        """The tokens of the accounts one may see; the token itself is nowhere."""
        if actor.is_system:
            return self
        return self.filter(account__in=Account.objects.visible_to(actor))


class ApiToken(BaseModel):
    """A token's record. The token itself is shown once; here lies its SHA-256."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, help_text=_("The first characters, to tell tokens apart."))
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20))
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    identity = models.ForeignKey(
        "accounts.WorkloadIdentity",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The workload identity that it was given for; none where a person made it."),
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.account_id}"
