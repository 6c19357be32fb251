"""A password that somebody else chose is changed before anything else is done with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_keys_planned_once")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="must_change_password",
            field=models.BooleanField(
                default=False, editable=False, help_text="Somebody else chose it, and knows it."
            ),
        ),
    ]
