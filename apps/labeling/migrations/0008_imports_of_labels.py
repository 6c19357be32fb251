"""Files of labels on their way in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0008_label_sets"),
        ("compliance", "0020_evidence_of_purposes"),
        ("labeling", "0007_erasures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LabelImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=apps.kernel.ids.new_uid, editable=False, unique=True)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("file_sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("leave_out_faults", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("running", "running"),
                            ("done", "done"),
                            ("refused", "refused"),
                        ],
                        max_length=10,
                    ),
                ),
                ("run", models.PositiveIntegerField(default=0)),
                ("read", models.BigIntegerField(default=0)),
                ("reasons", models.JSONField(default=list)),
                ("kept_until", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "brought_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "label_set",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="labeling.labelset",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.legalrecordversion",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.assetversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "import of labels",
            },
        ),
        migrations.CreateModel(
            name="ImportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "label_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pieces",
                        to="labeling.labelimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "piece of a file of labels",
            },
        ),
        migrations.AddIndex(
            model_name="labelimport",
            index=models.Index(
                models.F("version"),
                models.OrderBy(models.F("id"), descending=True),
                name="label_import_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="labelimport",
            index=models.Index(models.F("state"), name="label_import_by_state"),
        ),
        migrations.AddConstraint(
            model_name="labelimport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["queued", "running"])),
                fields=("version", "policy", "file_sha256"),
                name="label_import_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="labelimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("label_set__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("label_set__isnull", True)),
                    _connector="OR",
                ),
                name="label_import_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="labelimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("reasons", []), _negated=True),
                    _connector="OR",
                ),
                name="label_import_refused_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="importpiece",
            constraint=models.UniqueConstraint(
                fields=("label_import", "number"), name="label_import_piece_once"
            ),
        ),
    ]
