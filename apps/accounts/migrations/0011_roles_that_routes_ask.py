"""Model risk reviewers, security officers and legal counsel: they see the assets they are asked about."""

import django.contrib.postgres.fields
from django.db import migrations, models

ROLES = (
    "scientist",
    "steward",
    "owner",
    "compliance_officer",
    "dpo",
    "auditor",
    "administrator",
    "on_call",
    "model_risk",
    "ciso",
    "legal",
)
CHOICES = [(role, role) for role in ROLES]

ROLE_GIVES = """
CREATE OR REPLACE VIEW role_gives AS
SELECT r.role, g.wanted FROM (VALUES
    ('steward', 5::smallint), ('owner', 4::smallint), ('compliance_officer', 1::smallint),
    ('dpo', 1::smallint), ('auditor', 1::smallint), ('administrator', 1::smallint){more}
) AS r(role, held) JOIN object_permission_gives g USING (held);
"""
MORE = """,
    ('model_risk', 1::smallint), ('ciso', 1::smallint), ('legal', 1::smallint)"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_shared_cache")]

    operations = [
        migrations.AlterField("roleassignment", "role", models.CharField(choices=CHOICES, max_length=20)),
        migrations.AlterField(
            "delegation",
            "roles",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=CHOICES, max_length=20), size=None
            ),
        ),
        migrations.RunSQL(ROLE_GIVES.format(more=MORE), ROLE_GIVES.format(more="")),
    ]
