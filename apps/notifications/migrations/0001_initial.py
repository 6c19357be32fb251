import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_acl_functions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Webhook",
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
                ("name", models.CharField(max_length=120)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("webhook", "signed JSON"),
                            ("slack", "Slack, by an incoming webhook"),
                            ("slack_bot", "Slack, by a bot that can change its messages"),
                            ("teams", "Microsoft Teams, by a workflow"),
                        ],
                        max_length=12,
                    ),
                ),
                ("origin", models.CharField(max_length=300)),
                ("sealed", models.BinaryField()),
                ("room", models.CharField(blank=True, max_length=120)),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), size=None
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("disabled_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
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
                ("event_uid", models.UUIDField()),
                ("event_name", models.CharField(max_length=100)),
                ("about_uid", models.UUIDField(null=True)),
                ("payload", models.JSONField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                ("status_code", models.PositiveSmallIntegerField(null=True)),
                ("fault", models.CharField(blank=True, max_length=60)),
                ("thread", models.CharField(blank=True, max_length=80)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="notifications.webhook",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
            },
        ),
        migrations.CreateModel(
            name="MailPreference",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("decisions", "Requests that wait for me"),
                            ("requests", "What I asked for"),
                            ("access", "My access"),
                            ("records", "Assets and records I keep"),
                            ("alarms", "Alarms"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("at_once", "at once"),
                            ("digest", "once a day, together"),
                            ("none", "not at all"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "mail preference",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind"), name="mail_preference_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "alarms"), _negated=True),
                        name="mail_preference_not_for_alarms",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                ("event_uid", models.UUIDField()),
                ("event_name", models.CharField(max_length=100)),
                ("code", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("decisions", "Requests that wait for me"),
                            ("requests", "What I asked for"),
                            ("access", "My access"),
                            ("records", "Assets and records I keep"),
                            ("alarms", "Alarms"),
                        ],
                        max_length=12,
                    ),
                ),
                ("place", models.CharField(help_text="The page it leads to.", max_length=40)),
                ("about_uid", models.UUIDField(null=True)),
                (
                    "assets",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
                ("who", models.UUIDField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("at_once", "at once"),
                            ("digest", "once a day, together"),
                            ("none", "not at all"),
                        ],
                        max_length=8,
                    ),
                ),
                ("mailed_at", models.DateTimeField(null=True)),
                ("mail_attempts", models.PositiveIntegerField(default=0)),
                ("mail_next_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "indexes": [
                    models.Index(
                        models.F("person"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="notice_by_person",
                    ),
                    models.Index(
                        models.F("person"),
                        condition=models.Q(("read_at__isnull", True)),
                        name="notice_unread",
                    ),
                    models.Index(
                        models.F("mail_next_at"),
                        condition=models.Q(
                            ("mailed_at__isnull", True), models.Q(("mail", "none"), _negated=True)
                        ),
                        name="notice_to_mail",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("event_uid", "person"), name="notice_once_a_person")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.UniqueConstraint(fields=("organization", "name"), name="webhook_name_once"),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("disabled_at__isnull", True), ("is_active", True)),
                    models.Q(("disabled_at__isnull", False), ("is_active", False)),
                    _connector="OR",
                ),
                name="webhook_disabled_at",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                models.F("webhook"),
                models.OrderBy(models.F("id"), descending=True),
                name="webhook_delivery_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(models.F("webhook"), models.F("about_uid"), name="webhook_delivery_about"),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                models.F("next_at"),
                condition=models.Q(("delivered_at__isnull", True)),
                name="webhook_delivery_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(fields=("webhook", "event_uid"), name="webhook_delivery_once"),
        ),
    ]
