"""Leases: the records of issued credentials. No part of a key is ever stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.access.models import Grant
from apps.accounts.models import Account, ApiToken, Person
from apps.catalog.models import AssetVersion
from apps.credentials.lifecycle import LeaseState, Whereabouts
from apps.kernel.actor import Actor
from apps.kernel.ids import new_uid
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.lakes.models import Lake
from apps.lakes.providers.contract import Access, LeaseHandle, RevokeEffect, is_own_role
from apps.lakes.providers.logs import Answered, Doing, LogKind


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

    @property
    def has_own_role(self) -> bool:
        """Whether its role was made for it alone."""
        return is_own_role(self.role_arn, self.uid)

    @property
    def dead_everywhere_at(self) -> datetime | None:
        """When every server of the provider refuses it, as far as the provider says; None where it may still
        be given or work."""
        can = self.lake.capabilities if self.ended_at and self.state == LeaseState.REVOKED else None
        if self.ended_at is None or can is None:
            return self.ended_at
        return max(self.ended_at, min(self.ended_at + can.revoke_delay, self.expires_at))

    def handle(self) -> LeaseHandle:
        """What the provider needs to find the key again."""
        connection = replace(self.lake.spec(), role_arn=self.role_arn, **self.address)
        return LeaseHandle(connection=connection, lease_id=self.uid, expires_at=self.expires_at)


class LeaseScope(models.Model):
    """One place a lease opened, for one version: which exact versions were open to this key. `columns` None:
    with all of them."""

    lease = models.ForeignKey(Lease, on_delete=models.PROTECT, related_name="scopes")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    bucket = models.CharField(max_length=63)
    prefix = models.CharField(max_length=512)
    access = models.CharField(max_length=5, choices=[(access.value, access.value) for access in Access])
    columns = ArrayField(models.CharField(max_length=200), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lease", "version"], name="lease_scope_once"),
            models.CheckConstraint(
                condition=Q(columns__isnull=True) | Q(access="read", columns__len__gt=0),
                name="lease_scope_columns_are_read",
            ),
        ]

    def __str__(self) -> str:
        limit = "" if self.columns is None else f" ({', '.join(self.columns)})"
        return f"{self.access} {self.lease.lake.place(self.bucket, self.prefix)}{limit}"


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


class LeaseUse(models.Model):
    """What a key was used for in all, as the lake's log tells it. A key that was never used has none."""

    lease = models.OneToOneField(Lease, on_delete=models.PROTECT, related_name="use")
    allowed = models.PositiveBigIntegerField(default=0)
    denied = models.PositiveBigIntegerField(default=0)
    strayed = models.PositiveBigIntegerField(default=0)
    written = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first_at__lte=F("last_at")), name="lease_use_in_order"),
            models.CheckConstraint(
                condition=Q(strayed__lte=F("denied"), written__lte=F("allowed")), name="lease_use_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"use of lease {self.lease_id}"


class LeaseTouch(models.Model):
    """How often a key asked for one folder on one day, to do what, and what the lake said.

    Inside of what the key opens `folder` is told from there, and `scope` says from where; elsewhere `bucket`
    and the first folders of what was named. Single objects are not kept.
    """

    uid = models.UUIDField(unique=True, default=new_uid, editable=False)
    lease = models.ForeignKey(Lease, on_delete=models.PROTECT, related_name="touches")
    day = models.DateField()
    whereabouts = models.CharField(
        max_length=7, choices=[(where.value, where.value) for where in Whereabouts]
    )
    scope = models.ForeignKey(LeaseScope, on_delete=models.PROTECT, null=True, related_name="+")
    bucket = models.CharField(max_length=63, blank=True)
    folder = models.CharField(max_length=120, blank=True)
    doing = models.CharField(max_length=6, choices=[(doing.value, doing.value) for doing in Doing])
    answered = models.CharField(max_length=7, choices=[(said.value, said.value) for said in Answered])
    times = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lease", "day", "whereabouts", "scope", "bucket", "folder", "doing", "answered"],
                nulls_distinct=False,
                name="lease_touch_once",
            ),
            models.CheckConstraint(
                condition=Q(whereabouts="inside", scope__isnull=False)
                | (~Q(whereabouts="inside") & Q(scope__isnull=True)),
                name="lease_touch_scope_if_inside",
            ),
        ]
        indexes = [models.Index("day", name="lease_touch_by_day")]

    def __str__(self) -> str:
        return f"{self.doing} {self.bucket}/{self.folder} {self.answered}"


class LeaseStray(models.Model):
    """That a key was kept from another place on a day, of which its people were told once."""

    lease = models.ForeignKey(Lease, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lease", "day"], name="lease_stray_once_a_day")]

    def __str__(self) -> str:
        return f"lease {self.lease_id} on {self.day}"


class SeenRequest(models.Model):
    """A request that was counted, by the hash of lake and request, so that no log counts it again."""

    digest = models.BinaryField(primary_key=True, max_length=16)
    day = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"request of {self.day}"


class LakeLog(models.Model):
    """A log of a lake that is read: since when, and what was found in it."""

    uid = models.UUIDField(unique=True, default=new_uid, editable=False)
    lake = models.ForeignKey(Lake, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in LogKind])
    place = models.CharField(max_length=500)
    begun_at = models.DateTimeField()
    read_at = models.DateTimeField()
    counted = models.PositiveBigIntegerField(default=0)
    repeated = models.PositiveBigIntegerField(default=0)
    others = models.PositiveBigIntegerField(default=0)
    misdated = models.PositiveBigIntegerField(default=0)
    unreadable = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lake", "kind", "place"], name="lake_log_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"


class LogFile(models.Model):
    """How far a file of a log was read. `identity` is another where the name stands for another file;
    `is_whole`: nothing more can come of this one."""

    log = models.ForeignKey(LakeLog, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=300)
    identity = models.CharField(max_length=60)
    position = models.PositiveBigIntegerField(default=0)
    is_whole = models.BooleanField(default=False)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "name"], name="log_file_once")]

    def __str__(self) -> str:
        return self.name
