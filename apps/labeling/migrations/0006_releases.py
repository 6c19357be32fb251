"""Releases of versions of models."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_programs_without_an_owner"),
        ("catalog", "0008_label_sets"),
        ("labeling", "0005_roster"),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelRelease",
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
                ("fell_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("why", models.TextField(blank=True)),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
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
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "release",
                "indexes": [
                    models.Index(
                        models.F("version"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="model_release_of_version",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("version",),
                        name="model_release_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            models.Q(("why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="model_release_withdrawn_why",
                    ),
                ],
            },
        ),
    ]
