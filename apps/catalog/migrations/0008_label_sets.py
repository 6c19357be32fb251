"""Labels that were brought are an asset of their own kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_columns_that_were_carried")]

    operations = [
        migrations.AlterField(
            model_name="asset",
            name="kind",
            field=models.CharField(
                choices=[("dataset", "dataset"), ("model", "model"), ("label_set", "label set")],
                max_length=12,
            ),
        ),
    ]
