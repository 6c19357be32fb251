from django.db import migrations, models
from django.db.models import Q

NO_VIEW = "DROP VIEW acl_source_access;"
VIEW = """
CREATE VIEW acl_source_access AS
SELECT asset_id, 1::smallint AS perm, principal,
       CASE WHEN bool_or(expires_at IS NULL) THEN NULL ELSE max(expires_at) END AS expires_at
FROM (
    SELECT i.asset_id, principal(3, r.requester_id) AS principal, NULL::timestamptz AS expires_at
    FROM access_request r JOIN access_revisionitem i ON i.revision_id = r.revision_id
    WHERE r.state IN (%s)
    UNION ALL
    SELECT g.asset_id,
           CASE WHEN g.service_account_id IS NULL THEN principal(3, g.person_id)
                ELSE principal(1, g.service_account_id) END,
           g.not_after
    FROM access_grant g WHERE g.ended_at IS NULL AND g.project_id IS NULL
    UNION ALL
    SELECT g.asset_id, principal(3, m.person_id), LEAST(g.not_after, p.ends_at, m.ends_at)
    FROM access_grant g JOIN accounts_project p ON p.id = g.project_id
    JOIN accounts_projectmember m ON m.project_id = p.id
    WHERE g.ended_at IS NULL
) rows GROUP BY asset_id, principal;
"""
BEFORE = VIEW % "'in_review', 'returned'"
AFTER = VIEW % "'in_review', 'returned', 'awaiting_conditions'"
STATES = ["draft", "in_review", "returned", "awaiting_conditions"]
STATES += ["approved", "rejected", "withdrawn", "lapsed"]


class Migration(migrations.Migration):
    """An approval may take something away, set conditions, and be taken up again before it has begun."""

    dependencies = [("access", "0018_suspensions"), ("accounts", "0007_undo_window")]

    operations = [
        migrations.RunSQL(NO_VIEW, BEFORE),
        migrations.AlterField(
            "request",
            "state",
            models.CharField(choices=[(state, state) for state in STATES], default="draft", max_length=20),
        ),
        migrations.RunSQL(AFTER, NO_VIEW),
        migrations.AddField("verdict", "narrowing", models.JSONField(default=dict)),
        migrations.AddField("verdict", "conditions", models.JSONField(default=list)),
        migrations.AddConstraint(
            "verdict",
            models.CheckConstraint(
                condition=Q(kind="approve") | Q(narrowing={}, conditions=[]), name="verdict_narrows_a_yes"
            ),
        ),
        migrations.RemoveConstraint("grant", "grant_once"),
        migrations.AddConstraint(
            "grant",
            models.UniqueConstraint(
                "revision",
                "person",
                "service_account",
                "asset",
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="grant_once",
            ),
        ),
    ]
