import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import apps.kernel.ids

KEPT = """
CREATE TRIGGER access_confirmation_immutable BEFORE UPDATE OR DELETE ON access_confirmation
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
"""
NOT_KEPT = "DROP TRIGGER access_confirmation_immutable ON access_confirmation;"

TAKEN_OVER = """
INSERT INTO access_confirmation
    (uid, row_version, created_at, condition_id, evidence, evidence_by_id, checker_id, due_at)
SELECT gen_random_uuid(), 1, checked_at, id, evidence, evidence_by_id, checker_id, NULL
    FROM access_condition WHERE checked_at IS NOT NULL AND evidence <> '';
UPDATE access_condition SET evidence = '', evidence_by_id = NULL
    WHERE status = 'met' AND kind = 'during' AND due_days IS NOT NULL;
UPDATE access_condition SET due_days = 30, due_at = now() + interval '30 days'
    WHERE kind = 'before' AND due_days IS NULL;
UPDATE access_condition SET
    remind_at = due_at - least(interval '7 days', due_days * interval '12 hours')
    WHERE check_by = 'manual' AND due_days > 0 AND due_at > now() AND (status <> 'met' OR kind = 'during');
SET CONSTRAINTS ALL IMMEDIATE;
"""
GIVEN_BACK = """
UPDATE access_condition c SET evidence = f.evidence, evidence_by_id = f.evidence_by_id
    FROM (SELECT DISTINCT ON (condition_id) * FROM access_confirmation ORDER BY condition_id, id DESC) f
    WHERE f.condition_id = c.id AND c.status = 'met' AND c.evidence = '';
UPDATE access_condition SET status = 'open' WHERE status = 'lapsed' AND kind <> 'during';
SET CONSTRAINTS ALL IMMEDIATE;
"""


def to(model: str, related_name: str = "+", **given: bool) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=model, **given
    )


class Migration(migrations.Migration):
    """Each round of a condition has its own evidence and its own confirmation; each has a day."""

    dependencies = [("access", "0023_why_rejected")]

    operations = [
        migrations.CreateModel(
            name="Confirmation",
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
                ("evidence", models.TextField()),
                ("due_at", models.DateTimeField(null=True)),
                ("condition", to("access.condition", "confirmations")),
                ("evidence_by", to("accounts.person", null=True)),
                ("checker", to("accounts.person", null=True)),
            ],
            options={
                "verbose_name": "confirmation",
                "constraints": [
                    models.CheckConstraint(condition=~Q(evidence=""), name="confirmation_by_evidence"),
                ],
            },
        ),
        migrations.AddField("condition", "remind_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("condition", "condition_met_by_evidence"),
        migrations.RemoveConstraint("condition", "condition_lapses_while_it_lasts"),
        migrations.RunSQL(TAKEN_OVER, GIVEN_BACK),
        migrations.AddConstraint(
            "condition",
            models.CheckConstraint(
                condition=~Q(status="met")
                | Q(checked_at__isnull=False) & (~Q(evidence="") | Q(kind="during")),
                name="condition_met_by_evidence",
            ),
        ),
        migrations.AddConstraint(
            "condition",
            models.CheckConstraint(
                condition=~Q(status="lapsed") | Q(due_at__isnull=False), name="condition_lapses_past_a_day"
            ),
        ),
        migrations.AddIndex(
            "condition",
            models.Index("remind_at", name="condition_to_remind", condition=Q(remind_at__isnull=False)),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
