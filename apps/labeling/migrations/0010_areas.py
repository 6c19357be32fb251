"""Areas that are no boxes are kept with their labels, so that they can be measured anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labeling", "0009_settled_labels"),
    ]

    operations = [
        migrations.AddField(
            model_name="label",
            name="area",
            field=models.BinaryField(null=True),
        ),
    ]
