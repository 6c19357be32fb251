from django.db import migrations, models
from django.db.models import Q

SAID = Q(standing__in=["not_found", "closed", "of_another", "open"], answered_at__isnull=False)
UNSAID = Q(standing__in=["unasked", "unanswered"], answered_at__isnull=True)


class Migration(migrations.Migration):
    """What a system said stands while it is asked anew, when access begins."""

    dependencies = [("access", "0025_verdicts_carried_over")]

    operations = [
        migrations.AddField("ticketcheck", "asked_again_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("ticketcheck", "ticket_check_answered"),
        migrations.AddConstraint(
            "ticketcheck",
            models.CheckConstraint(
                condition=UNSAID
                | SAID & (Q(next_at__isnull=True) | Q(standing="open", asked_again_at__isnull=False)),
                name="ticket_check_answered",
            ),
        ),
    ]
