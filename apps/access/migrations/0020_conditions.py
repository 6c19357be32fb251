import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import apps.kernel.ids

KEPT = """
CREATE TRIGGER access_condition_kept BEFORE DELETE ON access_condition
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
"""
NOT_KEPT = "DROP TRIGGER access_condition_kept ON access_condition;"


def to(model: str, related_name: str = "+", **given: bool) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=model, **given
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0019_terms_and_awaiting")]

    operations = [
        migrations.CreateModel(
            name="Condition",
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
                ("code", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[("before", "before"), ("during", "during"), ("after", "after")], max_length=6
                    ),
                ),
                ("text", models.TextField()),
                (
                    "check_by",
                    models.CharField(
                        choices=[("manual", "manual"), ("automatic", "automatic")], max_length=9
                    ),
                ),
                ("due_days", models.PositiveSmallIntegerField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "open"), ("met", "met"), ("lapsed", "lapsed")],
                        default="open",
                        max_length=6,
                    ),
                ),
                ("evidence", models.TextField(blank=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("request", to("access.request", "conditions")),
                ("decision", to("access.decision", "conditions")),
                ("grant", to("access.grant", "conditions", null=True)),
                ("requester", to("accounts.person")),
                ("subject", to("accounts.person")),
                ("evidence_by", to("accounts.person", null=True)),
                ("checker", to("accounts.person", null=True)),
            ],
            options={
                "verbose_name": "condition",
                "constraints": [
                    models.UniqueConstraint(
                        "decision", "grant", "code", nulls_distinct=False, name="condition_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(kind="before", grant__isnull=True)
                        | ~Q(kind="before") & Q(grant__isnull=False),
                        name="condition_before_any_grant",
                    ),
                    models.CheckConstraint(
                        condition=~Q(status="met") | Q(checked_at__isnull=False) & ~Q(evidence=""),
                        name="condition_met_by_evidence",
                    ),
                    models.CheckConstraint(
                        condition=~Q(status="lapsed") | Q(kind="during"),
                        name="condition_lapses_while_it_lasts",
                    ),
                    models.CheckConstraint(
                        condition=Q(checker__isnull=True)
                        | ~Q(checker=F("requester")) & ~Q(checker=F("subject")),
                        name="condition_four_eyes",
                    ),
                ],
                "indexes": [
                    models.Index("grant", "kind", "due_at", name="condition_of_grant"),
                    models.Index("due_at", name="condition_due", condition=Q(due_at__isnull=False)),
                ],
            },
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
