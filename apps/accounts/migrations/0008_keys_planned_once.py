"""`acl_keys` is planned once for each connection.

As a function of plain SQL it was unfolded, with all its unions, into every statement that asks who sees what,
and planned there anew: three quarters of what such a statement cost. The body stays word for word.
"""

from django.db import migrations

DECLARED = "acl_keys(account bigint, wanted_perm smallint) RETURNS TABLE (perm smallint, principal bigint)"
OPENING, CLOSING = "BEGIN RETURN QUERY", "; END"

REPLACE = """
DO $$ DECLARE body text := (SELECT prosrc FROM pg_proc WHERE oid = 'acl_keys(bigint, smallint)'::regprocedure);
BEGIN EXECUTE format('CREATE OR REPLACE FUNCTION {declared} {terms} AS %L', {body}); END $$;
"""

FORWARD = REPLACE.format(
    declared=DECLARED,
    terms="LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 15",
    body=f"'{OPENING}' || body || '{CLOSING}'",
)
BACKWARD = REPLACE.format(
    declared=DECLARED,
    terms="LANGUAGE sql STABLE PARALLEL SAFE",
    body=f"substr(body, {len(OPENING) + 1}, length(body) - {len(OPENING) + len(CLOSING)})",
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_undo_window")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
