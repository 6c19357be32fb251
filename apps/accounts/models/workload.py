"""Workload identities: what a platform says of a program, taken in place of a stored secret."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.person import Account
from apps.accounts.roles import SCOPES_OF_WORKLOADS
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet

LONGEST_ISSUER = 500
LONGEST_AUDIENCE = 300
LONGEST_SUBJECT = 500


class WorkloadIdentityQuerySet(HouseQuerySet["WorkloadIdentity"]):
    def visible_to(self, actor: Actor) -> WorkloadIdentityQuerySet:
        """Those of the accounts one may see."""
        if actor.is_system:
            return self
        return self.filter(account__in=Account.objects.visible_to(actor))

    def trusted(self) -> WorkloadIdentityQuerySet:
        return self.filter(removed_at__isnull=True)


class WorkloadIdentity(BaseModel):
    """A token of this issuer, for this audience, about this subject, is this service account.

    `claims` must besides stand in the token, each with that value. The issuer's keys are either pasted or
    fetched; `keys_asked_at` is when they were last asked for, whatever came of it.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    issuer = models.CharField(max_length=LONGEST_ISSUER)
    audience = models.CharField(max_length=LONGEST_AUDIENCE)
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    claims = models.JSONField(default=dict, blank=True)
    scopes = ArrayField(models.CharField(max_length=20))
    is_single_use = models.BooleanField(
        default=True, help_text=_("Whether each token of the issuer is taken once only.")
    )
    keys_pasted = models.JSONField(null=True, blank=True)
    keys_fetched = models.JSONField(null=True, blank=True)
    keys_fetched_at = models.DateTimeField(null=True, blank=True)
    keys_asked_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_refused_at = models.DateTimeField(null=True, blank=True)
    last_refusal = models.JSONField(
        null=True, blank=True, help_text=_("Why a token was last refused, as a reason.")
    )

    objects = WorkloadIdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("workload identity")
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject", "audience"],
                condition=models.Q(removed_at__isnull=True),
                name="workload_identity_once",
            ),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=[scope.value for scope in SCOPES_OF_WORKLOADS])
                & models.Q(scopes__len__gt=0),
                name="workload_identity_scopes",
            ),
            models.CheckConstraint(
                condition=~models.Q(issuer="") & ~models.Q(audience="") & ~models.Q(subject=""),
                name="workload_identity_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WorkloadTokenUse(models.Model):
    """A token of an issuer that was taken: by its id or content, as SHA-256, until it would have ended."""

    identity = models.ForeignKey(WorkloadIdentity, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("use of a workload token")
        constraints = [
            models.UniqueConstraint(fields=["identity", "digest"], name="workload_token_used_once")
        ]

    def __str__(self) -> str:
        return self.digest
