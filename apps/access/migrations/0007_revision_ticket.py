from django.db import migrations, models


class Migration(migrations.Migration):
    """The ticket a rule may ask for."""

    dependencies = [("access", "0006_stage_terms")]

    operations = [
        migrations.AddField("revision", "ticket", models.CharField(blank=True, max_length=100)),
    ]
