"""What an activity says besides purposes, assets, recipients and transfers: declared content, as JSON."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0008_more_data_subjects")]

    operations = [
        migrations.AddField(
            model_name="activityversion",
            name="particulars",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
