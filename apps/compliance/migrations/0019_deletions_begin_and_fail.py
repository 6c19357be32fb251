"""A duty to delete is begun, and may fail, with a reason, until it is begun again or done."""

from django.db import migrations, models
from django.db.models import Q

DELETING = ("erase_withdrawn", "delete_rows", "tombstone", "delete_or_anonymise", "destroy_or_return")


class Migration(migrations.Migration):
    dependencies = [("compliance", "0018_what_was_rejected_stays")]

    operations = [
        migrations.AddField(
            model_name="duty", name="begun_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="duty", name="failed_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="duty", name="failure", field=models.TextField(blank=True, default="")
        ),
        migrations.AlterField(model_name="duty", name="failure", field=models.TextField(blank=True)),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=Q(failed_at__isnull=True, failure="")
                | (Q(failed_at__isnull=False, begun_at__isnull=False, done_at__isnull=True) & ~Q(failure="")),
                name="duty_failed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=Q(begun_at__isnull=True) | Q(code__in=DELETING), name="duty_begun_deletes"
            ),
        ),
    ]
