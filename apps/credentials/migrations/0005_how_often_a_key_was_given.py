from django.db import migrations, models

GIVEN_ONCE = """
UPDATE credentials_lease SET times_given = 1, given_at = issued_at WHERE issued_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0004_key_kept_for_its_token"),
    ]

    operations = [
        migrations.AddField(
            model_name="lease",
            name="given_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="lease",
            name="times_given",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunSQL(GIVEN_ONCE, migrations.RunSQL.noop),
    ]
