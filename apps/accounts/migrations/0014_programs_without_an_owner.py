"""Programs for which nobody can answer are told of, and after a term stopped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_workload_identities"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="unanswered_since",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Of a service account: since when nobody can answer for it.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="unanswered_told_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="unanswered_days",
            field=models.PositiveSmallIntegerField(
                default=14,
                help_text="For how long a program goes on for which nobody can answer, before it is stopped.",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("unanswered_since__isnull", True), ("kind", "service"), _connector="OR"),
                name="account_unanswered_is_service",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("unanswered_days__lte", 90)),
                name="organization_unanswered_within_a_quarter",
            ),
        ),
    ]
