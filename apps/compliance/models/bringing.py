"""Registers that somebody brings: the file as lines of text, and which column fills what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organization, Person
from apps.compliance.models.record import sees_drafts_in
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class ColumnMappingQuerySet(HouseQuerySet["ColumnMapping"]):
    def visible_to(self, actor: Actor) -> ColumnMappingQuerySet:
        """Those of the organizations whose drafts one may read."""
        return self if actor.is_system else self.filter(organization_id__in=sees_drafts_in(actor))


class ColumnMapping(BaseModel):
    """Which column of a file fills what, under a name, for the next file of its kind."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    columns = models.JSONField()

    objects = ColumnMappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping of columns")
        constraints = [
            models.UniqueConstraint("organization", Lower("name"), name="column_mapping_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class RegisterImportQuerySet(HouseQuerySet["RegisterImport"]):
    def visible_to(self, actor: Actor) -> RegisterImportQuerySet:
        """Those of the organizations whose drafts one may read."""
        return self if actor.is_system else self.filter(organization_id__in=sees_drafts_in(actor))


class RegisterImport(BaseModel):
    """A file that was brought. Its lines are kept until they are drafts, or it is thrown away."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    brought_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    head = models.JSONField()
    lines = models.JSONField()
    line_count = models.PositiveIntegerField()
    columns = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True, blank=True)
    draft_count = models.PositiveIntegerField(null=True, blank=True)

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a register")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(lines=[]), name="register_import_lines_gone"
            ),
            models.CheckConstraint(
                condition=Q(draft_count__isnull=True) | Q(ended_at__isnull=False),
                name="register_import_drafts_at_its_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name
