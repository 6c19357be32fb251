"""The trail is append-only: the database refuses to change, delete or empty it, whoever asks."""

from django.conf import settings
from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_personal_unchanged BEFORE UPDATE OR TRUNCATE ON audit_auditpersonal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""

BACKWARD = """
DROP TRIGGER audit_personal_unchanged ON audit_auditpersonal;
DROP TRIGGER audit_event_append_only ON audit_auditevent;
DROP FUNCTION audit_is_append_only();
"""

RIGHTS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}' AND rolname <> current_user) THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditevent FROM {role};
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditpersonal FROM {role};
    END IF;
END $$;
"""


def let_the_application_only_add(apps, schema_editor):
    schema_editor.execute(RIGHTS.format(role=settings.DATABASE_APP_ROLE))


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(let_the_application_only_add, migrations.RunPython.noop),
    ]
