from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q

TIMEOUTS = [("remind", "remind"), ("escalate", "escalate"), ("lapse", "lapse")]


def roles() -> ArrayField:
    return ArrayField(models.CharField(max_length=30), blank=True, default=list)


class Migration(migrations.Migration):
    """How long a stage has, who may stand in, and what happens when nobody answered."""

    dependencies = [("access", "0005_risk_and_deadline")]

    operations = [
        migrations.AddField("stage", "fallback_roles", roles()),
        migrations.AddField("stage", "sla_days", models.PositiveSmallIntegerField(default=3)),
        migrations.AddField(
            "stage", "on_timeout", models.CharField(choices=TIMEOUTS, default="remind", max_length=8)
        ),
        migrations.AddField("stage", "escalate_to", roles()),
        migrations.AddField("stage", "rejections", models.PositiveSmallIntegerField(default=1)),
        migrations.AddConstraint(
            "stage",
            models.CheckConstraint(
                condition=Q(sla_days__gte=1, rejections__gte=1)
                & (Q(on_timeout__in=["remind", "lapse"]) | Q(on_timeout="escalate") & ~Q(escalate_to=[])),
                name="stage_terms",
            ),
        ),
    ]
