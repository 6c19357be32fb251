"""A further way in which a classification came about: from what the version was made from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("classification", "0006_changes_of_the_ladder")]

    operations = [
        migrations.AlterField(
            model_name="classification",
            name="source",
            field=models.CharField(
                choices=[
                    ("human", "by a person"),
                    ("inherited", "from the version before"),
                    ("derived", "from what it was made from"),
                    ("scan", "by a scan that found personal data"),
                ],
                max_length=10,
            ),
        ),
    ]
