from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_departed_for_good")]

    operations = [
        migrations.AddField(
            "organization",
            "undo_minutes",
            models.PositiveSmallIntegerField(
                default=0,
                help_text="How long after an approval a grant begins, so that a slip can be taken back.",
            ),
        ),
        migrations.AddConstraint(
            "organization",
            models.CheckConstraint(
                condition=models.Q(undo_minutes__lte=1440), name="organization_undo_within_a_day"
            ),
        ),
    ]
