"""A label set is a version of an asset. Sets that were brought before stay without one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0008_label_sets"),
        ("labeling", "0002_label_sets_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="labelset",
            name="asset_version",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.assetversion",
            ),
        ),
    ]
