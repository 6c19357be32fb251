"""Files that belong to a request. Their bytes lie outside the database, under a name that says nothing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.access.models.request import Request
from apps.accounts.models import Person
from apps.kernel.models import BaseModel, HouseQuerySet


class MediaType(models.TextChoices):
    """What is taken. The type is found out from the content; the name has to agree with it."""

    PDF = "application/pdf", "PDF"
    PNG = "image/png", "PNG"
    JPEG = "image/jpeg", "JPEG"
    TEXT = "text/plain", _("text")
    CSV = "text/csv", "CSV"
    MARKDOWN = "text/markdown", "Markdown"


class Attachment(BaseModel):
    """Of what it holds only `removed_at` moves on: what a sent revision holds stays with that revision."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=20, choices=MediaType.choices)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=64, unique=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")

    def __str__(self) -> str:
        return self.name
