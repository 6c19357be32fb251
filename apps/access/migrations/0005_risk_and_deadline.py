from django.db import migrations, models
from django.db.models import Q

# Before there was a deadline: three working days are five days at most, but for what was sent on a Friday.
BACKFILL = """
UPDATE access_request SET due_at = submitted_at + interval '5 days' WHERE submitted_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0004_all_of_a_grant")]

    operations = [
        migrations.AddField("request", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("request", "risk", models.PositiveSmallIntegerField(default=0)),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "request",
            models.CheckConstraint(
                condition=~Q(state="in_review") | Q(due_at__isnull=False), name="request_in_review_is_due"
            ),
        ),
    ]
