from datetime import timedelta

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids

KEPT = """
CREATE TRIGGER access_breakglass_kept BEFORE DELETE ON access_breakglass
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_breakglass_reviewed BEFORE UPDATE ON access_breakglass
    FOR EACH ROW WHEN (OLD.reviewed_at IS NOT NULL) EXECUTE FUNCTION access_is_immutable();
"""
NOT_KEPT = """
DROP TRIGGER access_breakglass_reviewed ON access_breakglass;
DROP TRIGGER access_breakglass_kept ON access_breakglass;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0020_conditions"),
        ("accounts", "0007_undo_window"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="is_break_glass",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(is_break_glass=False)
                | models.Q(not_after__lte=models.F("not_before") + timedelta(hours=4)),
                name="grant_in_emergency_is_short",
            ),
        ),
        migrations.CreateModel(
            name="BreakGlass",
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
                ("reason", models.TextField()),
                ("incident_ref", models.CharField(blank=True, max_length=100)),
                ("is_life_at_stake", models.BooleanField(default=False)),
                ("cannot_consent", models.BooleanField(default=False)),
                ("review_due_at", models.DateTimeField()),
                ("sanction_at", models.DateTimeField()),
                ("sanctioned_at", models.DateTimeField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("justified", "justified"), ("not_justified", "not justified")],
                        max_length=13,
                    ),
                ),
                ("review_comment", models.TextField(blank=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "grant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="glass", to="access.grant"
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
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "emergency access",
                "indexes": [
                    models.Index(
                        models.F("sanction_at"),
                        condition=models.Q(("reviewed_at__isnull", True)),
                        name="glass_unreviewed",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="glass_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("incident_ref", ""), _negated=True),
                            ("is_life_at_stake", True),
                            _connector="OR",
                        ),
                        name="glass_names_an_incident",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reviewed_at__isnull", True), ("reviewer__isnull", True), ("verdict", "")
                            ),
                            models.Q(
                                models.Q(("verdict", ""), _negated=True),
                                models.Q(("incident_ref", ""), _negated=True),
                                models.Q(("review_comment", ""), _negated=True),
                                ("reviewed_at__isnull", False),
                                ("reviewer__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="glass_reviewed_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewer__isnull", True),
                            models.Q(("reviewer", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="glass_four_eyes",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
