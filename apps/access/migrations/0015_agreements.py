"""Data-use agreements, version by version, and who accepted which text."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids

FIXED = """
CREATE TRIGGER access_agreement_kept BEFORE DELETE ON access_agreement
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_agreement_fixed BEFORE UPDATE ON access_agreement
    FOR EACH ROW WHEN (OLD.retired_at IS NOT NULL
                       OR to_jsonb(OLD) - ARRAY['retired_at', 'row_version']
                          IS DISTINCT FROM to_jsonb(NEW) - ARRAY['retired_at', 'row_version'])
    EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_acceptance_immutable BEFORE UPDATE OR DELETE ON access_agreementacceptance
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
"""

OPEN = """
DROP TRIGGER access_acceptance_immutable ON access_agreementacceptance;
DROP TRIGGER access_agreement_fixed ON access_agreement;
DROP TRIGGER access_agreement_kept ON access_agreement;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0014_attachments"),
        ("accounts", "0002_acl_functions"),
        ("catalog", "0004_one_location_a_version"),
        ("classification", "0003_classes_and_categories"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
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
                ("code", models.SlugField(max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "asset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.asset",
                    ),
                ),
                (
                    "domain",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.domain",
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
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
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
                "verbose_name": "data-use agreement",
            },
        ),
        migrations.CreateModel(
            name="AgreementAcceptance",
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
                ("sha256", models.CharField(max_length=64)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="access.agreement",
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
                "verbose_name": "acceptance of an agreement",
            },
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                fields=("organization", "code", "version"), name="agreement_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("organization", "code"),
                name="agreement_one_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("asset__isnull", False),
                        ("domain__isnull", True),
                        ("sensitivity_class__isnull", True),
                    ),
                    models.Q(
                        ("asset__isnull", True),
                        ("domain__isnull", False),
                        ("sensitivity_class__isnull", True),
                    ),
                    models.Q(
                        ("asset__isnull", True),
                        ("domain__isnull", True),
                        ("sensitivity_class__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="agreement_stands_on_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementacceptance",
            constraint=models.UniqueConstraint(
                fields=("agreement", "person"), name="agreement_accepted_once"
            ),
        ),
        migrations.RunSQL(FIXED, OPEN),
    ]
