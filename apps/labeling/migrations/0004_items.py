"""Which items a version of a dataset has."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import apps.kernel.ids

LAWS = """
CREATE TRIGGER labeling_item_manifest_stays BEFORE UPDATE OR DELETE ON labeling_itemmanifest
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
CREATE TRIGGER labeling_dataset_item_stays BEFORE UPDATE OR DELETE ON labeling_datasetitem
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
"""

NO_LAWS = """
DROP TRIGGER labeling_dataset_item_stays ON labeling_datasetitem;
DROP TRIGGER labeling_item_manifest_stays ON labeling_itemmanifest;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_programs_without_an_owner"),
        ("catalog", "0007_columns_that_were_carried"),
        ("labeling", "0003_label_sets_are_assets"),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemManifest",
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
                ("items", models.PositiveIntegerField()),
                ("file_sha256", models.CharField(max_length=64)),
                ("addresses_removed", models.PositiveIntegerField()),
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
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.assetversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "list of items",
                "verbose_name_plural": "lists of items",
            },
        ),
        migrations.CreateModel(
            name="DatasetItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=1000)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("split", models.CharField(blank=True, max_length=40)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("groups", models.JSONField(default=dict)),
                (
                    "manifest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="labeling.itemmanifest",
                    ),
                ),
            ],
            options={
                "verbose_name": "item",
            },
        ),
        migrations.AddConstraint(
            model_name="itemmanifest",
            constraint=models.CheckConstraint(
                condition=models.Q(("file_sha256__regex", "^[0-9a-f]{64}$")), name="item_manifest_hashed"
            ),
        ),
        migrations.AddConstraint(
            model_name="datasetitem",
            constraint=models.UniqueConstraint(
                models.F("manifest"), django.db.models.functions.text.MD5("name"), name="dataset_item_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="datasetitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="dataset_item_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="datasetitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256", ""), ("sha256__regex", "^[0-9a-f]{64}$"), _connector="OR"),
                name="dataset_item_hashed",
            ),
        ),
        migrations.RunSQL(LAWS, NO_LAWS),
    ]
