"""The same bytes may be the labels of several people, who become one set of labels."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labeling", "0012_pauses"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="labelimport",
            name="label_import_once_at_a_time",
        ),
        migrations.RemoveConstraint(
            model_name="labelset",
            name="label_set_file_once",
        ),
        migrations.AddField(
            model_name="labelimport",
            name="all_items_seen",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="labelimport",
            name="is_gold",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="labelimport",
            name="labeled_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="labelimport",
            name="together_with",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="labeling.labelset",
            ),
        ),
        migrations.AddField(
            model_name="labelset",
            name="all_items_seen",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="labelset",
            name="is_gold",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="labelset",
            name="labeled_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="labelset",
            name="together_with",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="labeling.labelset",
            ),
        ),
        migrations.AddConstraint(
            model_name="labelimport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["queued", "running"])),
                fields=(
                    "version",
                    "policy",
                    "file_sha256",
                    "labeled_by",
                    "is_gold",
                    "all_items_seen",
                    "together_with",
                ),
                name="label_import_once_at_a_time",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="labelset",
            constraint=models.UniqueConstraint(
                fields=(
                    "version",
                    "policy",
                    "file_sha256",
                    "labeled_by",
                    "is_gold",
                    "all_items_seen",
                    "together_with",
                ),
                name="label_set_file_once",
                nulls_distinct=False,
            ),
        ),
    ]
