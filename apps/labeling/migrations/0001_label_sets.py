"""Sets of labels with what they measured, and their labels."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0014_programs_without_an_owner"),
        ("catalog", "0007_columns_that_were_carried"),
        ("compliance", "0019_deletions_begin_and_fail"),
    ]

    operations = [
        migrations.CreateModel(
            name="LabelSet",
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
                ("number", models.PositiveIntegerField()),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("label_studio", "label_studio"),
                            ("coco", "coco"),
                            ("cvat", "cvat"),
                            ("csv", "csv"),
                        ],
                        max_length=20,
                    ),
                ),
                ("file_sha256", models.CharField(max_length=64)),
                ("annotations", models.PositiveIntegerField()),
                ("left_out", models.PositiveIntegerField()),
                ("addresses_removed", models.PositiveIntegerField()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("release", "release"),
                            ("research_only", "research_only"),
                            ("blocked", "blocked"),
                        ],
                        max_length=20,
                    ),
                ),
                ("findings", models.JSONField()),
                ("figures", models.JSONField()),
                (
                    "brought_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
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
                "verbose_name": "label set",
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("item", models.CharField(max_length=1000)),
                ("annotator", models.CharField(blank=True, max_length=300)),
                ("label", models.CharField(blank=True, max_length=300)),
                ("left", models.FloatField(null=True)),
                ("top", models.FloatField(null=True)),
                ("width", models.FloatField(null=True)),
                ("height", models.FloatField(null=True)),
                ("is_region", models.BooleanField()),
                ("is_gold", models.BooleanField()),
                ("is_machine", models.BooleanField()),
                ("was_cancelled", models.BooleanField()),
                ("seconds", models.FloatField(null=True)),
                (
                    "label_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labels",
                        to="labeling.labelset",
                    ),
                ),
            ],
            options={
                "verbose_name": "label",
            },
        ),
        migrations.AddIndex(
            model_name="labelset",
            index=models.Index(
                models.F("version"),
                models.OrderBy(models.F("number"), descending=True),
                name="label_set_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="labelset",
            constraint=models.UniqueConstraint(fields=("version", "number"), name="label_set_number_once"),
        ),
        migrations.AddConstraint(
            model_name="labelset",
            constraint=models.UniqueConstraint(
                fields=("version", "policy", "file_sha256"), name="label_set_file_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="labelset",
            constraint=models.CheckConstraint(
                condition=models.Q(("file_sha256__regex", "^[0-9a-f]{64}$")), name="label_set_hashed"
            ),
        ),
    ]
