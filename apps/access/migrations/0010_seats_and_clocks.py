import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import F, Q

import apps.kernel.ids

STATES = ["draft", "in_review", "returned", "approved", "rejected", "withdrawn", "lapsed"]
PERSON = "accounts.person"


def reference(to: str, name: str = "+", **more: bool) -> models.ForeignKey:
    return models.ForeignKey(to, on_delete=django.db.models.deletion.PROTECT, related_name=name, **more)


def moment() -> models.DateTimeField:
    return models.DateTimeField(null=True)


class Migration(migrations.Migration):
    """Who stepped back, who was asked by name or besides, for whom one answers, and the clock of each stage."""

    dependencies = [("access", "0009_rulebooks_of_organizations")]

    operations = [
        migrations.CreateModel(
            "recusal",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=apps.kernel.ids.new_uid, editable=False, unique=True)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("request", reference("access.request", "recusals")),
                ("stage", reference("access.stage")),
                ("person", reference(PERSON)),
                ("account", reference(settings.AUTH_USER_MODEL)),
                ("reason", models.TextField()),
            ],
            options={
                "verbose_name": "recusal",
                "constraints": [
                    models.UniqueConstraint(fields=["request", "person"], name="recusal_once"),
                    models.CheckConstraint(condition=~Q(reason=""), name="recusal_says_why"),
                ],
            },
        ),
        migrations.AddField(
            "slot", "also_roles", ArrayField(models.CharField(max_length=30), blank=True, default=list)
        ),
        migrations.AddField("slot", "assignee", reference(PERSON, null=True)),
        migrations.AddField("stage", "opened_at", moment()),
        migrations.AddField("stage", "due_at", moment()),
        migrations.AddField("stage", "remind_at", moment()),
        migrations.AddField("stage", "reminded_percent", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("stage", "escalated_at", moment()),
        migrations.AddConstraint(
            "stage",
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, due_at__isnull=True, remind_at__isnull=True)
                | Q(opened_at__isnull=False, due_at__isnull=False),
                name="stage_open_is_due",
            ),
        ),
        migrations.AddIndex(
            "stage", models.Index("remind_at", name="stage_to_remind", condition=Q(closed_at__isnull=True))
        ),
        migrations.AddField("request", "unroutable_since", moment()),
        migrations.AddIndex(
            "request",
            models.Index(
                F("organization"),
                F("unroutable_since"),
                name="request_unroutable",
                condition=Q(unroutable_since__isnull=False),
            ),
        ),
        migrations.AlterField(
            "request",
            "state",
            models.CharField(choices=[(each, each) for each in STATES], default="draft", max_length=10),
        ),
        migrations.AddField("verdict", "on_behalf_of", reference(PERSON, null=True)),
        migrations.AddConstraint(
            "verdict",
            models.UniqueConstraint(fields=["decision", "on_behalf_of"], name="verdict_once_for_a_person"),
        ),
        migrations.AddConstraint(
            "verdict",
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True)
                | ~Q(on_behalf_of=F("requester"))
                & ~Q(on_behalf_of=F("subject"))
                & ~Q(on_behalf_of=F("editor"))
                & ~Q(on_behalf_of=F("person")),
                name="verdict_four_eyes_for_another",
            ),
        ),
    ]
