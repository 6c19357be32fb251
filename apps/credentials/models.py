"""Leases: the records of issued credentials. No part of a key is ever stored."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access.models import Grant
from apps.accounts.models import Account, ApiToken, Person
from apps.catalog.models import AssetVersion
from apps.credentials.lifecycle import LeaseState
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.lakes.models import Lake
from apps.lakes.providers.contract import Access, LeaseHandle, RevokeEffect


class LeaseQuerySet(HouseQuerySet["Lease"]):
    def visible_to(self, actor: Actor) -> LeaseQuerySet:
        """The leases of the grants one may see."""
        if actor.is_system:
            return self
        return self.filter(grant__in=Grant.objects.visible_to(actor))


class Lease(BaseModel):
    """One key, from the intent, which is committed before the provider is called, to its end.

    `expires_at` is the latest moment at which the key can work; of an intent, the latest at which it could.
    `role_arn` is the role the key was narrowed from, and `address` where it was made, whatever the connection
    names by now. Within a grant an `idempotency_key` makes one lease and no more. `times_given` counts how
    often the key left the portal, `given_at` is the last of it: more than once to a program alone, by its
    token.
    """

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    lake = models.ForeignKey(Lake, on_delete=models.PROTECT, related_name="+")
    role_arn = models.CharField(max_length=300)
    address = models.JSONField(default=dict)
    decision_substance = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.CharField(max_length=200, blank=True)
    scope_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in LeaseState])
    expires_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    times_given = models.PositiveIntegerField(default=0)
    given_at = models.DateTimeField(null=True)
    revoke_requested_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    revoke_effect = models.CharField(
        max_length=10, blank=True, choices=[(effect.value, effect.value) for effect in RevokeEffect]
    )
    fault = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="lease_once_a_key",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_at__isnull=False), name="lease_issued_at"
            ),
        ]
        indexes = [
            models.Index("grant", F("id").desc(), name="lease_by_grant"),
            models.Index("state", "next_attempt_at", name="lease_by_state"),
        ]

    def __str__(self) -> str:
        return f"lease {self.uid}"

    def handle(self) -> LeaseHandle:
        """What the provider needs to find the key again."""
        connection = replace(self.lake.spec(), role_arn=self.role_arn, **self.address)
        return LeaseHandle(connection=connection, lease_id=self.uid, expires_at=self.expires_at)


class LeaseScope(models.Model):
    """One place a lease opened, for one version: which exact versions were open to this key."""

    lease = models.ForeignKey(Lease, on_delete=models.PROTECT, related_name="scopes")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    bucket = models.CharField(max_length=63)
    prefix = models.CharField(max_length=512)
    access = models.CharField(max_length=5, choices=[(access.value, access.value) for access in Access])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lease", "version"], name="lease_scope_once")]

    def __str__(self) -> str:
        return f"{self.access} {self.lease.lake.place(self.bucket, self.prefix)}"


class SealedKey(models.Model):
    """The live key that a token took by a grant, sealed under that token, which is stored nowhere."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="+")
    lease = models.OneToOneField(Lease, on_delete=models.PROTECT, related_name="sealed_key")
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grant", "token"], name="sealed_key_once")]

    def __str__(self) -> str:
        return f"key of lease {self.lease_id}"
