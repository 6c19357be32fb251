"""From which country people label, and that they declared to have no conflict."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labeling", "0015_pilots"),
    ]

    operations = [
        migrations.AddField(
            model_name="annotator",
            name="country",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
        migrations.AddField(
            model_name="annotator",
            name="no_conflict_on",
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name="annotator",
            constraint=models.CheckConstraint(
                condition=models.Q(("country__regex", "^([A-Z]{2})?$")), name="annotator_country_iso"
            ),
        ),
    ]
