"""Lake connections. What is secret about them lies in the environment, under `secret_ref`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.models import Organization
from apps.accounts.roles import Role
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidInput, invalid_state
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.lakes.errors import LAKE_DISABLED, LAKE_MOVED
from apps.lakes.prefix import BucketName, StoragePrefix, StorageRoot
from apps.lakes.providers.contract import Capabilities, ConnectionSpec, Flavor, Granularity
from apps.lakes.providers.registry import provider_for, traits_of
from apps.lakes.providers.traits import OWN_ROLES_FROM

AWS_STORAGE = "https://s3.amazonaws.com"
SEES_LAKES = frozenset(
    {Role.ADMINISTRATOR, Role.STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER, Role.AUDITOR, Role.DPO}
)


class LakeQuerySet(HouseQuerySet["Lake"]):
    def visible_to(self, actor: Actor) -> LakeQuerySet:
        """Lakes of the organizations in which one holds a role that works with them."""
        if actor.is_system:
            return self
        places = {held.organization_id for held in standing_of(actor).roles if held.role in SEES_LAKES}
        return self.filter(organization_id__in=places)


class Lake(BaseModel):
    """A connection to a data lake: where it is, which role its keys are narrowed from, what it may reach.

    Which of `endpoint`, `sts_endpoint`, `iam_endpoint`, `region` and `role_arn` it has, and which `options`
    besides, stands in the traits of its flavor. `roots` is the allow-list of places ("bucket" or
    "bucket/prefix/"). `external_id` is random and never comes from a caller (the confused deputy).
    `secret_ref` is read behind the organization's code, so that no organization can name the secrets of
    another.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    flavor = models.CharField(max_length=10)
    endpoint = models.CharField(max_length=300)
    sts_endpoint = models.CharField(max_length=300, blank=True)
    iam_endpoint = models.CharField(max_length=300, blank=True)
    region = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, help_text=_("Where the data lie, ISO 3166-1 alpha-2."))
    operator_ref = models.CharField(
        max_length=20, blank=True, help_text=_("Number of the party that operates it; empty: ourselves.")
    )
    role_arn = models.CharField(max_length=300, blank=True)
    options = models.JSONField(default=dict, blank=True)
    external_id = models.CharField(max_length=64)
    secret_ref = models.CharField(max_length=60)
    roots = ArrayField(models.CharField(max_length=600))
    ttl_min_seconds = models.PositiveIntegerField(null=True, blank=True)
    ttl_max_seconds = models.PositiveIntegerField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    probes = models.JSONField(default=list)
    moved_at = models.DateTimeField(null=True, blank=True, help_text=_("When it came to lead elsewhere."))
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.TextField(blank=True)

    objects = LakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("lake")
        constraints = [
            models.UniqueConstraint("organization", models.functions.Lower("name"), name="lake_name_once"),
            models.CheckConstraint(
                condition=models.Q(disabled_at__isnull=True, disabled_reason="")
                | (models.Q(disabled_at__isnull=False) & ~models.Q(disabled_reason="")),
                name="lake_disabled_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(flavor__in=["aws", "ceph", "minio", "demo"]) | ~models.Q(role_arn=""),
                name="lake_role_where_narrowed_from_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def expect_enabled(self) -> None:
        """Raises: InvalidState, where nothing new may rest on the connection."""
        if self.disabled_at is not None:
            raise invalid_state(LAKE_DISABLED, lake=self.name, reason=self.disabled_reason)

    def expect_where_it_was(self, approved_at: datetime) -> None:
        """Raises: InvalidState, where it leads elsewhere than when somebody approved what rests on it."""
        if self.moved_at is not None and approved_at <= self.moved_at:
            raise invalid_state(LAKE_MOVED, lake=self.name, moved_at=self.moved_at.isoformat())

    @property
    def storage_endpoint(self) -> str:
        """The one name of the place where the buckets are; on AWS every region sees the same buckets."""
        return AWS_STORAGE if self.flavor == Flavor.AWS else self.endpoint

    def storage_roots(self) -> tuple[StorageRoot, ...]:
        underscored = traits_of(self.flavor).allows_underscores
        return tuple(storage_root(root, allows_underscores=underscored) for root in self.roots)

    def spot(self, bucket: str, prefix: str) -> tuple[BucketName, StoragePrefix]:
        """A place by the grammar of its flavor.  Raises: InvalidInput."""
        traits = traits_of(self.flavor)
        traits.expect_place(bucket, prefix)
        name = BucketName(text=bucket, allows_underscores=traits.allows_underscores)
        return name, StoragePrefix(text=prefix)

    def place(self, bucket: str, prefix: str) -> str:
        """As programs write it."""
        return traits_of(self.flavor).place(self.endpoint, bucket, prefix)

    def address(self) -> dict[str, Any]:
        """Where its keys are made and ended. The demo lake has none to keep: it moves with its process."""
        if self.flavor == Flavor.DEMO:
            return {}
        names = ("endpoint", "sts_endpoint", "iam_endpoint", "region")
        return {**{name: getattr(self, name) for name in names}, "options": self.options}

    @property
    def capabilities(self) -> Capabilities | None:
        """What its keys can be; None where its limits leave none."""
        connection = self.spec()
        try:
            return provider_for(connection).capabilities(connection)
        except InvalidInput:
            return None

    @property
    def keeps_columns(self) -> bool:
        """Whether a key to it can be kept to single columns."""
        can = self.capabilities
        return can is not None and can.granularity is Granularity.COLUMN

    @property
    def own_roles_from(self) -> str:
        """The code of the class from which on a key gets a role of its own; empty: none does."""
        return str(self.options.get(OWN_ROLES_FROM, ""))

    def spec(self) -> ConnectionSpec:
        """The connection as adapters take it.  Raises: InvalidInput."""
        return ConnectionSpec(
            flavor=Flavor(self.flavor),
            endpoint=self.endpoint,
            sts_endpoint=self.sts_endpoint,
            iam_endpoint=self.iam_endpoint,
            region=self.region,
            role_arn=self.role_arn,
            external_id=self.external_id,
            options=self.options,
            secret_ref=f"{self.organization.code.upper()}_{self.secret_ref}",
            roots=self.storage_roots(),
            ttl_min=_seconds(self.ttl_min_seconds),
            ttl_max=_seconds(self.ttl_max_seconds),
        )


def storage_root(text: str, *, allows_underscores: bool = False) -> StorageRoot:
    """ "bucket" or "bucket/prefix/".  Raises: InvalidInput."""
    bucket, _slash, prefix = text.partition("/")
    return StorageRoot(bucket=BucketName(text=bucket, allows_underscores=allows_underscores), prefix=prefix)


def _seconds(count: int | None) -> timedelta | None:
    return None if count is None else timedelta(seconds=count)
