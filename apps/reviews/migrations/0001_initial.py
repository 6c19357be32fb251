"""Campaigns and review items."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0005_risk_and_deadline"),
        ("accounts", "0002_acl_functions"),
        ("classification", "0003_classes_and_categories"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
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
                ("name", models.CharField(max_length=200)),
                (
                    "sensitivity_class_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                (
                    "owner_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                (
                    "domain_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("granted_before", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField()),
                (
                    "on_no_answer",
                    models.CharField(max_length=8),
                ),
                ("no_answer_by_class", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("open", "open"), ("closed", "closed")], max_length=8
                    ),
                ),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reminded_percent", models.PositiveSmallIntegerField(default=0)),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
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
                "verbose_name": "campaign",
            },
        ),
        migrations.CreateModel(
            name="ReviewItem",
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
                    "on_no_answer",
                    models.CharField(max_length=8),
                ),
                (
                    "pool",
                    models.CharField(
                        choices=[
                            ("data_owner", "data_owner"),
                            ("steward", "steward"),
                            ("compliance_officer", "compliance_officer"),
                            ("nobody", "nobody"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("kept", "kept"),
                            ("removed", "removed"),
                            ("unanswered", "unanswered"),
                            ("ended", "ended"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
                (
                    "beneficiary",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="reviews.campaign",
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.grant"
                    ),
                ),
                (
                    "sensitivity_class",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="classification.sensitivityclass",
                    ),
                ),
            ],
            options={
                "verbose_name": "review",
            },
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("id"), descending=True),
                name="campaign_by_organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("opened_at__isnull", True), ("state", "draft")),
                    models.Q(("closed_at__isnull", True), ("opened_at__isnull", False), ("state", "open")),
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    _connector="OR",
                ),
                name="campaign_state_times",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opened_at__isnull", True), ("due_at__gt", models.F("opened_at")), _connector="OR"
                ),
                name="campaign_due_after_opening",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewitem",
            index=models.Index(models.F("campaign"), models.F("state"), name="review_item_by_state"),
        ),
        migrations.AddIndex(
            model_name="reviewitem",
            index=models.Index(
                models.F("grant"), condition=models.Q(("state", "open")), name="review_item_open"
            ),
        ),
        migrations.AddIndex(
            model_name="reviewitem",
            index=models.Index(
                models.F("pool"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("state", "open")),
                name="review_item_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewitem",
            constraint=models.UniqueConstraint(fields=("campaign", "grant"), name="review_item_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="review_item_closed_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_by__isnull", False), ("state__in", ["kept", "removed"])),
                    models.Q(
                        models.Q(("state__in", ["kept", "removed"]), _negated=True),
                        ("answered_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="review_item_answered_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_by__isnull", True),
                    ("beneficiary__isnull", True),
                    models.Q(("answered_by", models.F("beneficiary")), _negated=True),
                    _connector="OR",
                ),
                name="review_item_never_the_beneficiary",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "removed"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="review_item_removal_says_why",
            ),
        ),
    ]
