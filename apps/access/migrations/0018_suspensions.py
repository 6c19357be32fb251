import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import apps.kernel.ids

KEPT = """
CREATE TRIGGER access_suspension_kept BEFORE DELETE ON access_suspension
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_suspension_over BEFORE UPDATE ON access_suspension
    FOR EACH ROW WHEN (OLD.resumed_at IS NOT NULL) EXECUTE FUNCTION access_is_immutable();
"""
NOT_KEPT = """
DROP TRIGGER access_suspension_over ON access_suspension;
DROP TRIGGER access_suspension_kept ON access_suspension;
"""
STATES = ["scheduled", "active", "suspended", "expired", "revoked", "given_back", "superseded"]


class Migration(migrations.Migration):
    dependencies = [("access", "0017_projects"), ("accounts", "0002_acl_functions")]

    operations = [
        migrations.RemoveConstraint(model_name="grant", name="grant_ended_at"),
        migrations.AlterField(
            model_name="grant",
            name="state",
            field=models.CharField(choices=[(state, state) for state in STATES], max_length=12),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=Q(state__in=STATES[:3], ended_at__isnull=True)
                | Q(state__in=STATES[3:], ended_at__isnull=False),
                name="grant_ended_at",
            ),
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=apps.kernel.ids.new_uid, editable=False, unique=True)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("is_for_cause", models.BooleanField(default=False)),
                ("comment", models.TextField()),
                ("resumed_at", models.DateTimeField(null=True)),
                ("resume_comment", models.TextField(blank=True)),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="access.grant",
                    ),
                ),
                (
                    "suspended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
                (
                    "resumed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "suspension",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(resumed_at__isnull=True), fields=("grant",), name="suspension_once_open"
                    ),
                    models.CheckConstraint(condition=~Q(comment=""), name="suspension_says_why"),
                    models.CheckConstraint(
                        condition=Q(is_for_cause=False)
                        | Q(suspended_by__isnull=True)
                        | Q(resumed_by__isnull=True)
                        | ~Q(resumed_by=F("suspended_by")),
                        name="suspension_four_eyes",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
