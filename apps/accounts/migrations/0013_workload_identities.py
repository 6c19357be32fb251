"""Programs sign in by what their platform says of them; only service accounts do."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.kernel.ids

FORWARD = """
CREATE FUNCTION accounts_workload_of_service() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM accounts_account a WHERE a.id = NEW.account_id AND a.kind = 'service') THEN
        RAISE EXCEPTION 'Service accounts alone have workload identities.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_workload_of_service BEFORE INSERT OR UPDATE OF account_id ON accounts_workloadidentity
    FOR EACH ROW EXECUTE FUNCTION accounts_workload_of_service();

CREATE FUNCTION accounts_workload_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A workload identity that was removed stays removed.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_workload_removed BEFORE UPDATE OF removed_at ON accounts_workloadidentity
    FOR EACH ROW WHEN (OLD.removed_at IS NOT NULL AND NEW.removed_at IS DISTINCT FROM OLD.removed_at)
    EXECUTE FUNCTION accounts_workload_removed();
"""

BACKWARD = """
DROP TRIGGER accounts_workload_removed ON accounts_workloadidentity;
DROP FUNCTION accounts_workload_removed();
DROP TRIGGER accounts_workload_of_service ON accounts_workloadidentity;
DROP FUNCTION accounts_workload_of_service();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_facts_of_the_law"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkloadIdentity",
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
                ("issuer", models.CharField(max_length=500)),
                ("audience", models.CharField(max_length=300)),
                ("subject", models.CharField(max_length=500)),
                ("claims", models.JSONField(blank=True, default=dict)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                (
                    "is_single_use",
                    models.BooleanField(
                        default=True, help_text="Whether each token of the issuer is taken once only."
                    ),
                ),
                ("keys_pasted", models.JSONField(blank=True, null=True)),
                ("keys_fetched", models.JSONField(blank=True, null=True)),
                ("keys_fetched_at", models.DateTimeField(blank=True, null=True)),
                ("keys_asked_at", models.DateTimeField(blank=True, null=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("last_refused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "last_refusal",
                    models.JSONField(
                        blank=True, help_text="Why a token was last refused, as a reason.", null=True
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "workload identity",
            },
        ),
        migrations.AddField(
            model_name="apitoken",
            name="identity",
            field=models.ForeignKey(
                blank=True,
                help_text="The workload identity that it was given for; none where a person made it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.workloadidentity",
            ),
        ),
        migrations.CreateModel(
            name="WorkloadTokenUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("ends_at", models.DateTimeField(db_index=True)),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.workloadidentity",
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a workload token",
            },
        ),
        migrations.AddConstraint(
            model_name="workloadidentity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("issuer", "subject", "audience"),
                name="workload_identity_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="workloadidentity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scopes__contained_by", ["read", "write", "credentials"]), ("scopes__len__gt", 0)
                ),
                name="workload_identity_scopes",
            ),
        ),
        migrations.AddConstraint(
            model_name="workloadidentity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issuer", ""), _negated=True),
                    models.Q(("audience", ""), _negated=True),
                    models.Q(("subject", ""), _negated=True),
                ),
                name="workload_identity_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="workloadtokenuse",
            constraint=models.UniqueConstraint(
                fields=("identity", "digest"), name="workload_token_used_once"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
