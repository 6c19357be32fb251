"""Files of labels on their way in, with their bytes until they are sets of labels."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Account
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models import LegalRecordVersion
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet
from apps.labeling.imports.attribution import SOMEBODY
from apps.labeling.lifecycle import ImportState
from apps.labeling.models.label_set import SAID_OF_FILE, LabelSet


class LabelImportQuerySet(HouseQuerySet["LabelImport"]):
    def visible_to(self, actor: Actor) -> LabelImportQuerySet:
        """Those of the assets one may see."""
        if actor.is_system:
            return self
        return self.filter(version__asset__in=Asset.objects.visible_to(actor))


class LabelImport(BaseModel):
    """A file that was brought. `policy` is the version in force then; `read` counts the bytes that the
    present `run` went through; `reasons` are those of the refusal, or what was left out, as data. Its bytes
    name people: they are deleted with the end, or where faults alone stood in the way, at `kept_until`."""

    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(LegalRecordVersion, on_delete=models.PROTECT, related_name="+")
    file_sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    leave_out_faults = models.BooleanField()
    labeled_by = models.CharField(max_length=300, blank=True, default="", db_default="")
    is_gold = models.BooleanField(default=False, db_default=False)
    all_items_seen = models.BooleanField(default=False, db_default=False)
    together_with = models.ForeignKey(LabelSet, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in ImportState])
    run = models.PositiveIntegerField(default=0)
    read = models.BigIntegerField(default=0)
    reasons = models.JSONField(default=list)
    kept_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    label_set = models.OneToOneField(LabelSet, on_delete=models.PROTECT, null=True, related_name="+")
    brought_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LabelImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of labels")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "policy", "file_sha256", *SAID_OF_FILE],
                nulls_distinct=False,
                condition=Q(state__in=["queued", "running"]),
                name="label_import_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="done", label_set__isnull=False)
                | (~Q(state="done") & Q(label_set__isnull=True)),
                name="label_import_done",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reasons=[]), name="label_import_refused_says_why"
            ),
        ]
        indexes = [
            models.Index("version", F("id").desc(), name="label_import_newest"),
            models.Index("state", name="label_import_by_state"),
        ]

    def __str__(self) -> str:
        return f"import of labels {self.uid}"

    def forget_bytes(self) -> None:
        """They name people, and so does whoever is said to have labeled what became no set of labels."""
        self.pieces.all().delete()
        if self.labeled_by and self.label_set_id is None:
            self.labeled_by = SOMEBODY
            self.write("labeled_by")

    @property
    def percent_read(self) -> int:
        return 100 * self.read // self.size if self.size else 0


class ImportPiece(models.Model):
    """A part of the bytes of a file, in their order."""

    label_import = models.ForeignKey(LabelImport, on_delete=models.PROTECT, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("piece of a file of labels")
        constraints = [
            models.UniqueConstraint(fields=["label_import", "number"], name="label_import_piece_once")
        ]

    def __str__(self) -> str:
        return f"piece {self.number} of {self.label_import_id}"
