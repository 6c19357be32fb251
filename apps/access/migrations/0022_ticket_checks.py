import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import apps.kernel.ids

STANDINGS = ("unasked", "unanswered", "not_found", "closed", "of_another", "open")


def to(model: str, related_name: str = "+") -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=model)


def base() -> list[tuple[str, models.Field]]:
    return [
        (
            "id",
            models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
        ),
        ("uid", models.UUIDField(default=apps.kernel.ids.new_uid, editable=False, unique=True)),
        ("row_version", models.PositiveIntegerField(default=1, editable=False)),
        ("created_at", models.DateTimeField(editable=False)),
    ]


class Migration(migrations.Migration):
    dependencies = [("access", "0021_broken_glass")]

    operations = [
        migrations.CreateModel(
            name="TicketSystem",
            fields=[
                *base(),
                ("name", models.CharField(max_length=60)),
                ("origin", models.CharField(max_length=300)),
                ("sealed", models.BinaryField()),
                ("tells_assets", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("disabled_at", models.DateTimeField(null=True)),
                ("organization", to("accounts.organization")),
            ],
            options={
                "verbose_name": "ticket system",
                "constraints": [
                    models.UniqueConstraint(fields=["organization", "name"], name="ticket_system_name_once"),
                    models.CheckConstraint(
                        condition=Q(is_active=True, disabled_at__isnull=True)
                        | Q(is_active=False, disabled_at__isnull=False),
                        name="ticket_system_disabled_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketCheck",
            fields=[
                *base(),
                (
                    "standing",
                    models.CharField(
                        choices=[(each, each) for each in STANDINGS], default="unasked", max_length=10
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("status_code", models.PositiveSmallIntegerField(null=True)),
                ("fault", models.CharField(blank=True, max_length=60)),
                ("revision", to("access.revision", "ticket_checks")),
                ("system", to("access.ticketsystem", "checks")),
            ],
            options={
                "verbose_name": "ticket check",
                "constraints": [
                    models.UniqueConstraint(fields=["revision", "system"], name="ticket_check_once"),
                    models.CheckConstraint(
                        condition=Q(standing__in=["unasked", "unanswered"], answered_at__isnull=True)
                        | Q(
                            standing__in=["not_found", "closed", "of_another", "open"],
                            answered_at__isnull=False,
                            next_at__isnull=True,
                        ),
                        name="ticket_check_answered",
                    ),
                ],
                "indexes": [
                    models.Index("next_at", name="ticket_check_due", condition=Q(next_at__isnull=False)),
                ],
            },
        ),
    ]
