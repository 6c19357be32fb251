"""A project may be the subject of a request and of a grant; its members see what it may use.

Who belongs to it is asked whenever it matters. The index of sight follows the members from here on.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_VIEW = """
CREATE OR REPLACE VIEW acl_source_access AS
SELECT asset_id, 1::smallint AS perm, principal,
       CASE WHEN bool_or(expires_at IS NULL) THEN NULL ELSE max(expires_at) END AS expires_at
FROM (
    SELECT i.asset_id, principal(3, r.requester_id) AS principal, NULL::timestamptz AS expires_at
    FROM access_request r JOIN access_revisionitem i ON i.revision_id = r.revision_id
    WHERE r.state IN ('in_review', 'returned')
    UNION ALL
    SELECT g.asset_id,
           CASE WHEN g.service_account_id IS NULL THEN principal(3, g.person_id)
                ELSE principal(1, g.service_account_id) END,
           g.not_after
    FROM access_grant g WHERE g.ended_at IS NULL %s
) rows GROUP BY asset_id, principal;
"""

_MEMBERS = """AND g.project_id IS NULL
    UNION ALL
    SELECT g.asset_id, principal(3, m.person_id), LEAST(g.not_after, p.ends_at, m.ends_at)
    FROM access_grant g JOIN accounts_project p ON p.id = g.project_id
    JOIN accounts_projectmember m ON m.project_id = p.id
    WHERE g.ended_at IS NULL"""

_TRIGGERS = """
CREATE FUNCTION access_members_to_acl() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM acl_sync(2::smallint, array_agg(DISTINCT g.asset_id))
    FROM changed c JOIN access_grant g ON g.project_id = c.project_id
    WHERE g.ended_at IS NULL HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER access_members_acl_insert AFTER INSERT ON accounts_projectmember
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_members_to_acl();
CREATE TRIGGER access_members_acl_update AFTER UPDATE ON accounts_projectmember
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_members_to_acl();
CREATE TRIGGER access_members_acl_delete AFTER DELETE ON accounts_projectmember
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_members_to_acl();

CREATE FUNCTION access_project_to_acl() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM acl_sync(2::smallint, array_agg(DISTINCT g.asset_id))
    FROM changed c JOIN access_grant g ON g.project_id = c.id
    WHERE g.ended_at IS NULL HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER access_project_acl AFTER UPDATE ON accounts_project
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_project_to_acl();
"""

_NO_TRIGGERS = """
DROP TRIGGER access_project_acl ON accounts_project;
DROP FUNCTION access_project_to_acl();
DROP TRIGGER access_members_acl_delete ON accounts_projectmember;
DROP TRIGGER access_members_acl_update ON accounts_projectmember;
DROP TRIGGER access_members_acl_insert ON accounts_projectmember;
DROP FUNCTION access_members_to_acl();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0016_extensions"),
        ("accounts", "0005_projects"),
        ("catalog", "0004_one_location_a_version"),
        ("compliance", "0003_hierarchy_of_purposes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="revision",
            name="revision_subject",
        ),
        migrations.AddField(
            model_name="grant",
            name="project",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.project",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="project",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.project",
            ),
        ),
        migrations.AlterField(
            model_name="grant",
            name="subject_kind",
            field=models.CharField(
                choices=[
                    ("person", "person"),
                    ("service_account", "service account"),
                    ("project", "project"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="subject_kind",
            field=models.CharField(
                choices=[
                    ("person", "person"),
                    ("service_account", "service account"),
                    ("project", "project"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("project__isnull", True),
                        ("service_account__isnull", True),
                        ("subject_kind", "person"),
                    ),
                    models.Q(
                        ("project__isnull", True),
                        ("service_account__isnull", False),
                        ("subject_kind", "service_account"),
                    ),
                    models.Q(
                        ("project__isnull", False),
                        ("service_account__isnull", True),
                        ("subject_kind", "project"),
                    ),
                    _connector="OR",
                ),
                name="grant_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("project__isnull", True),
                        ("service_account__isnull", True),
                        ("subject_kind", "person"),
                    ),
                    models.Q(
                        ("project__isnull", True),
                        ("service_account__isnull", False),
                        ("subject_kind", "service_account"),
                    ),
                    models.Q(
                        ("project__isnull", False),
                        ("service_account__isnull", True),
                        ("subject_kind", "project"),
                    ),
                    _connector="OR",
                ),
                name="revision_subject",
            ),
        ),
        migrations.RunSQL(_VIEW % _MEMBERS, _VIEW % ""),
        migrations.RunSQL(_TRIGGERS, _NO_TRIGGERS),
    ]
