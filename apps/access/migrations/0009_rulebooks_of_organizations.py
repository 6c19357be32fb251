from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    """Law part and an organization's part as one rulebook, from a day on."""

    dependencies = [("access", "0008_policy_sets")]

    operations = [
        migrations.AddField("rulebook", "effective_from", models.DateTimeField(null=True)),
        migrations.AddField(
            "rulebook",
            "organization",
            models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="accounts.organization"),
        ),
        migrations.AddField(
            "rulebook",
            "policy_set",
            models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="access.policyset"),
        ),
        migrations.AlterField("rulebook", "version", models.CharField(max_length=120)),
        migrations.AddConstraint(
            "rulebook",
            models.CheckConstraint(
                condition=Q(organization__isnull=True, policy_set__isnull=True)
                | Q(organization__isnull=False, policy_set__isnull=False),
                name="rulebook_of_organization",
            ),
        ),
    ]
