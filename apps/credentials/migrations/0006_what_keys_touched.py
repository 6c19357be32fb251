import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0005_how_often_a_key_was_given"),
        ("lakes", "0003_operated_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="SeenRequest",
            fields=[
                ("digest", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ("day", models.DateField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="LakeLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=apps.kernel.ids.new_uid, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("rgw", "rgw"), ("cloudtrail", "cloudtrail"), ("demo", "demo")],
                        max_length=10,
                    ),
                ),
                ("place", models.CharField(max_length=500)),
                ("begun_at", models.DateTimeField()),
                ("read_at", models.DateTimeField()),
                ("counted", models.PositiveBigIntegerField(default=0)),
                ("repeated", models.PositiveBigIntegerField(default=0)),
                ("others", models.PositiveBigIntegerField(default=0)),
                ("misdated", models.PositiveBigIntegerField(default=0)),
                ("unreadable", models.PositiveBigIntegerField(default=0)),
                (
                    "lake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="lakes.lake"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LeaseStray",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "lease",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="credentials.lease"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LeaseTouch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=apps.kernel.ids.new_uid, editable=False, unique=True)),
                ("day", models.DateField()),
                (
                    "whereabouts",
                    models.CharField(
                        choices=[("inside", "inside"), ("above", "above"), ("outside", "outside")],
                        max_length=7,
                    ),
                ),
                ("bucket", models.CharField(blank=True, max_length=63)),
                ("folder", models.CharField(blank=True, max_length=120)),
                (
                    "doing",
                    models.CharField(
                        choices=[
                            ("read", "read"),
                            ("list", "list"),
                            ("write", "write"),
                            ("delete", "delete"),
                            ("other", "other"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "answered",
                    models.CharField(
                        choices=[
                            ("allowed", "allowed"),
                            ("denied", "denied"),
                            ("missing", "missing"),
                            ("failed", "failed"),
                        ],
                        max_length=7,
                    ),
                ),
                ("times", models.PositiveBigIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "lease",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="touches",
                        to="credentials.lease",
                    ),
                ),
                (
                    "scope",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="credentials.leasescope",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LeaseUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("allowed", models.PositiveBigIntegerField(default=0)),
                ("denied", models.PositiveBigIntegerField(default=0)),
                ("strayed", models.PositiveBigIntegerField(default=0)),
                ("written", models.PositiveBigIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "lease",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="use",
                        to="credentials.lease",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LogFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("identity", models.CharField(max_length=60)),
                ("position", models.PositiveBigIntegerField(default=0)),
                ("is_whole", models.BooleanField(default=False)),
                ("read_at", models.DateTimeField()),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="credentials.lakelog",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="lakelog",
            constraint=models.UniqueConstraint(fields=("lake", "kind", "place"), name="lake_log_once"),
        ),
        migrations.AddConstraint(
            model_name="leasestray",
            constraint=models.UniqueConstraint(fields=("lease", "day"), name="lease_stray_once_a_day"),
        ),
        migrations.AddIndex(
            model_name="leasetouch",
            index=models.Index(models.F("day"), name="lease_touch_by_day"),
        ),
        migrations.AddConstraint(
            model_name="leasetouch",
            constraint=models.UniqueConstraint(
                fields=("lease", "day", "whereabouts", "scope", "bucket", "folder", "doing", "answered"),
                name="lease_touch_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="leasetouch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scope__isnull", False), ("whereabouts", "inside")),
                    models.Q(models.Q(("whereabouts", "inside"), _negated=True), ("scope__isnull", True)),
                    _connector="OR",
                ),
                name="lease_touch_scope_if_inside",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaseuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_at__lte", models.F("last_at"))), name="lease_use_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="leaseuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("strayed__lte", models.F("denied")), ("written__lte", models.F("allowed"))
                ),
                name="lease_use_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="logfile",
            constraint=models.UniqueConstraint(fields=("log", "name"), name="log_file_once"),
        ),
    ]
