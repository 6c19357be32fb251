"""A version in review may be rejected, by somebody and with a reason; then it is neither edited nor approved."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

STATES = ["draft", "in_review", "approved", "rejected", "superseded", "retired"]
TABLES = {
    "activityversion": "activity_version",
    "legalrecordversion": "legal_version",
    "purposeversion": "purpose_version",
}
SIGNED = Q(approved_by__isnull=False, approved_at__isnull=False)
REJECTED = Q(rejected_by__isnull=True) & ~Q(record_status="rejected") | Q(
    record_status="rejected", rejected_by__isnull=False, ended_at__isnull=False
) & Q(approved_by__isnull=True) & ~Q(returned_reason="")


def _of(table, prefix):
    return [
        migrations.RemoveConstraint(model_name=table, name=f"{prefix}_approved_by_somebody"),
        migrations.AddField(
            model_name=table,
            name="rejected_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.person",
            ),
        ),
        migrations.AlterField(
            model_name=table,
            name="record_status",
            field=models.CharField(
                choices=[(state, state) for state in STATES], default="draft", max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name=table,
            constraint=models.CheckConstraint(
                condition=Q(record_status__in=["draft", "in_review", "rejected"]) | SIGNED,
                name=f"{prefix}_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name=table,
            constraint=models.CheckConstraint(condition=REJECTED, name=f"{prefix}_rejected_with_reason"),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_facts_of_the_law"),
        ("compliance", "0016_biometric_use"),
    ]

    operations = [step for table, prefix in TABLES.items() for step in _of(table, prefix)]
