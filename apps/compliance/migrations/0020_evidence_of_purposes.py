"""A purpose names what shows it: documents, where they are kept, and their hashes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0019_deletions_begin_and_fail")]

    operations = [
        migrations.AddField(
            model_name="purposeversion",
            name="evidence",
            field=models.JSONField(blank=True, default=list),
        )
    ]
