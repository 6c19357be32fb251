"""Prepared views, and the keys that the house takes for itself while it prepares them."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.catalog.models import Asset, AssetVersion
from apps.credentials.lifecycle import LeaseState
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.lakes.models import Lake
from apps.lakes.prefix import BucketName, StoragePrefix
from apps.lakes.providers.contract import Access, LeaseHandle, RevokeEffect, Scope
from apps.preparing.lifecycle import BEFORE_CONFIRMED, ViewState
from apps.preparing.recipe import Recipe, recipe_of


class PreparedViewQuerySet(HouseQuerySet["PreparedView"]):
    def visible_to(self, actor: Actor) -> PreparedViewQuerySet:
        """Those of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(source__asset__in=Asset.objects.visible_to(actor))


class PreparedView(BaseModel):
    """A masked and filtered copy of a version: what it is made by, and what came of it.

    It lies at a place of its own, which the house chose; each `run` has a folder there. `derived` is what was
    registered when it was ready. `failure` is the reason of the last run that failed, as data.
    """

    source = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    recipe = models.JSONField()
    recipe_sha256 = models.CharField(max_length=64)
    lake = models.ForeignKey(Lake, on_delete=models.PROTECT, related_name="+")
    bucket = models.CharField(max_length=63)
    prefix = models.CharField(max_length=512)
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ViewState])
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    needs_second_person = models.BooleanField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    rejection_reason = models.TextField(blank=True)
    run = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.JSONField(null=True)
    rows_in = models.BigIntegerField(null=True)
    rows_out = models.BigIntegerField(null=True)
    files = models.PositiveIntegerField(null=True)
    derived = models.OneToOneField(AssetVersion, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PreparedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("prepared view")
        constraints = [
            models.UniqueConstraint(fields=["lake", "bucket", "prefix"], name="prepared_view_place_once"),
            models.CheckConstraint(
                condition=Q(needs_second_person=False)
                | Q(confirmed_by__isnull=False)
                | Q(state__in=sorted(BEFORE_CONFIRMED)),
                name="prepared_view_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")),
                name="prepared_view_by_two",
            ),
            models.CheckConstraint(
                condition=Q(state="ready", derived__isnull=False, rows_out__isnull=False)
                | (~Q(state="ready") & Q(derived__isnull=True)),
                name="prepared_view_ready",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(failure__isnull=False), name="prepared_view_failed_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(rejection_reason=""),
                name="prepared_view_rejected_says_why",
            ),
        ]
        indexes = [
            models.Index("source", F("id").desc(), name="prepared_view_by_source"),
            models.Index("state", name="prepared_view_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.source_id}"

    @property
    def steps(self) -> Recipe:
        return recipe_of(self.recipe)

    @property
    def folder(self) -> str:
        """Of the present run."""
        return f"{self.prefix}{self.run}/"


class HouseKey(BaseModel):
    """A key that the house takes for work of its own: what a lease is to a grant, this is to a prepared view.

    A lease stands on the grant of somebody and the database asks for that grant; nobody's grant is used here.
    Otherwise it is recorded as leases are: the intent before the provider is asked, the outcome after, the
    end when the provider confirmed it. No part of the key is stored.
    """

    view = models.ForeignKey(PreparedView, on_delete=models.PROTECT, related_name="keys")
    run = models.PositiveIntegerField()
    lake = models.ForeignKey(Lake, on_delete=models.PROTECT, related_name="+")
    role_arn = models.CharField(max_length=300)
    address = models.JSONField(default=dict)
    places = models.JSONField()
    scope_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in LeaseState])
    expires_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    revoke_requested_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    revoke_effect = models.CharField(
        max_length=10, blank=True, choices=[(effect.value, effect.value) for effect in RevokeEffect]
    )
    fault = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)

    objects = HouseQuerySet["HouseKey"].as_manager()

    class Meta:
        verbose_name = _("key of the house")
        constraints = [
            models.UniqueConstraint(fields=["view", "run"], name="house_key_once_a_run"),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_at__isnull=False), name="house_key_issued_at"
            ),
        ]
        indexes = [models.Index("state", "next_attempt_at", name="house_key_by_state")]

    def __str__(self) -> str:
        return f"key of the house {self.uid}"

    def handle(self) -> LeaseHandle:
        """What the provider needs to find the key again."""
        connection = replace(self.lake.spec(), role_arn=self.role_arn, **self.address)
        return LeaseHandle(connection=connection, lease_id=self.uid, expires_at=self.expires_at)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """To read the version, and to write below the place of the view."""
        return tuple(
            Scope(
                bucket=BucketName(text=each["bucket"]),
                prefix=StoragePrefix(text=each["prefix"]),
                access=Access(each["access"]),
            )
            for each in self.places
        )
