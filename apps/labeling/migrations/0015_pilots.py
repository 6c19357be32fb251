"""Pilots of labeling policies: what their labels measured, which stays."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids

LAW = """
CREATE TRIGGER labeling_pilot_stays BEFORE UPDATE OR DELETE ON labeling_pilot
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
"""
NO_LAW = "DROP TRIGGER labeling_pilot_stays ON labeling_pilot;"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_programs_without_an_owner"),
        ("compliance", "0020_evidence_of_purposes"),
        ("labeling", "0014_none_here"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pilot",
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
                ("files", models.PositiveSmallIntegerField()),
                ("file_sha256", models.CharField(max_length=64)),
                ("annotations", models.PositiveIntegerField()),
                ("items", models.PositiveIntegerField()),
                ("lower", models.FloatField(null=True)),
                ("findings", models.JSONField()),
                ("figures", models.JSONField()),
                (
                    "measured_by",
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
            ],
            options={
                "verbose_name": "pilot",
                "indexes": [
                    models.Index(
                        models.F("policy"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="pilot_newest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("file_sha256__regex", "^[0-9a-f]{64}$")), name="pilot_hashed"
                    )
                ],
            },
        ),
        migrations.RunSQL(LAW, NO_LAW),
    ]
