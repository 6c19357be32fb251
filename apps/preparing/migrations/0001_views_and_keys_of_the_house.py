"""Masked and filtered copies of versions, and the keys that the house takes to make them."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids
import apps.preparing.lifecycle


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0012_facts_of_the_law"),
        ("catalog", "0007_columns_that_were_carried"),
        ("lakes", "0003_operated_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="PreparedView",
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
                ("recipe", models.JSONField()),
                ("recipe_sha256", models.CharField(max_length=64)),
                ("bucket", models.CharField(max_length=63)),
                ("prefix", models.CharField(max_length=512)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("queued", "queued"),
                            ("running", "running"),
                            ("ready", "ready"),
                            ("failed", "failed"),
                            ("rejected", "rejected"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("needs_second_person", models.BooleanField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("rejection_reason", models.TextField(blank=True)),
                ("run", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("failure", models.JSONField(null=True)),
                ("rows_in", models.BigIntegerField(null=True)),
                ("rows_out", models.BigIntegerField(null=True)),
                ("files", models.PositiveIntegerField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
                (
                    "derived",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.assetversion",
                    ),
                ),
                (
                    "lake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="lakes.lake"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.assetversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "prepared view",
            },
        ),
        migrations.CreateModel(
            name="HouseKey",
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
                ("run", models.PositiveIntegerField()),
                ("role_arn", models.CharField(max_length=300)),
                ("address", models.JSONField(default=dict)),
                ("places", models.JSONField()),
                ("scope_hash", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("intent", "intent"),
                            ("issued", "issued"),
                            ("failed", "failed"),
                            ("expired", "expired"),
                            ("revoke_requested", "revoke_requested"),
                            ("revoked", "revoked"),
                            ("outlives", "outlives"),
                        ],
                        max_length=16,
                    ),
                ),
                ("expires_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField(null=True)),
                ("revoke_requested_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "revoke_effect",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("immediate", "immediate"),
                            ("at_expiry", "at_expiry"),
                            ("no_refresh", "no_refresh"),
                        ],
                        max_length=10,
                    ),
                ),
                ("fault", models.CharField(blank=True, max_length=60)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(null=True)),
                (
                    "lake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="lakes.lake"
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="preparing.preparedview",
                    ),
                ),
            ],
            options={
                "verbose_name": "key of the house",
            },
        ),
        migrations.AddIndex(
            model_name="preparedview",
            index=models.Index(
                models.F("source"),
                models.OrderBy(models.F("id"), descending=True),
                name="prepared_view_by_source",
            ),
        ),
        migrations.AddIndex(
            model_name="preparedview",
            index=models.Index(models.F("state"), name="prepared_view_by_state"),
        ),
        migrations.AddConstraint(
            model_name="preparedview",
            constraint=models.UniqueConstraint(
                fields=("lake", "bucket", "prefix"), name="prepared_view_place_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="preparedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("needs_second_person", False),
                    ("confirmed_by__isnull", False),
                    (
                        "state__in",
                        [
                            apps.preparing.lifecycle.ViewState["PROPOSED"],
                            apps.preparing.lifecycle.ViewState["REJECTED"],
                            apps.preparing.lifecycle.ViewState["WITHDRAWN"],
                        ],
                    ),
                    _connector="OR",
                ),
                name="prepared_view_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="preparedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="prepared_view_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="preparedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("derived__isnull", False), ("rows_out__isnull", False), ("state", "ready")),
                    models.Q(models.Q(("state", "ready"), _negated=True), ("derived__isnull", True)),
                    _connector="OR",
                ),
                name="prepared_view_ready",
            ),
        ),
        migrations.AddConstraint(
            model_name="preparedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), _negated=True), ("failure__isnull", False), _connector="OR"
                ),
                name="prepared_view_failed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="preparedview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "rejected"), _negated=True),
                    models.Q(("rejection_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="prepared_view_rejected_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="housekey",
            index=models.Index(models.F("state"), models.F("next_attempt_at"), name="house_key_by_state"),
        ),
        migrations.AddConstraint(
            model_name="housekey",
            constraint=models.UniqueConstraint(fields=("view", "run"), name="house_key_once_a_run"),
        ),
        migrations.AddConstraint(
            model_name="housekey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "issued"), _negated=True),
                    ("issued_at__isnull", False),
                    _connector="OR",
                ),
                name="house_key_issued_at",
            ),
        ),
    ]
