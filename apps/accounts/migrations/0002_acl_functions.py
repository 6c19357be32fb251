"""The functions by which the index is asked and kept.

`acl_keys` says under which principals an account is to be looked up for a permission, `acl_holders` which
people hold one on an asset (the way back; it covers what is given by name or role, not a domain's audience);
`acl_sync` brings the
rows of one source in line with its view. Only `acl_sync` and `acl_rebuild`, which run as the owner, write the
index: the application's role cannot.
"""

from django.conf import settings
from django.db import migrations

FORWARD = """
CREATE FUNCTION principal(kind integer, id bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (kind::bigint << 48) | id $$;

CREATE VIEW object_permission AS
SELECT * FROM (VALUES
    ('view', 1::smallint), ('edit', 2::smallint), ('classify', 3::smallint),
    ('own', 4::smallint), ('steward', 5::smallint), ('approve', 6::smallint)
) AS words(word, perm);

CREATE VIEW object_permission_gives AS
SELECT perm AS held, perm AS wanted FROM object_permission
UNION ALL
SELECT * FROM (VALUES
    (2::smallint, 1::smallint), (3::smallint, 1::smallint),
    (4::smallint, 1::smallint), (4::smallint, 6::smallint),
    (5::smallint, 1::smallint), (5::smallint, 2::smallint), (5::smallint, 3::smallint),
    (6::smallint, 1::smallint)
) AS implied(held, wanted);

CREATE VIEW role_gives AS
SELECT r.role, g.wanted FROM (VALUES
    ('steward', 5::smallint), ('owner', 4::smallint), ('compliance_officer', 1::smallint),
    ('dpo', 1::smallint), ('auditor', 1::smallint), ('administrator', 1::smallint)
) AS r(role, held) JOIN object_permission_gives g USING (held);

CREATE FUNCTION acl_keys(account bigint, wanted_perm smallint) RETURNS TABLE (perm smallint, principal bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH who AS MATERIALIZED (
        SELECT a.id, a.person_id, a.kind, a.organization_id
        FROM accounts_account a JOIN accounts_person p ON p.id = a.person_id
        WHERE a.id = account AND a.is_active AND p.status = 'active'
    )
    SELECT wanted_perm, principal(1, who.id) FROM who
    UNION ALL
    SELECT wanted_perm, principal(3, who.person_id) FROM who WHERE who.kind = 'person'
    UNION ALL
    SELECT wanted_perm, principal(2, g.group_id)
    FROM who JOIN accounts_account_groups g ON g.account_id = who.id
    UNION
    SELECT 0::smallint, coalesce(principal(5, r.domain_id), principal(4, r.organization_id))
    FROM who JOIN accounts_roleassignment r ON r.person_id = who.person_id
    JOIN role_gives g ON g.role = r.role AND g.wanted = wanted_perm
    WHERE who.kind = 'person' AND r.starts_at <= statement_timestamp()
      AND (r.ends_at IS NULL OR r.ends_at > statement_timestamp())
    UNION
    SELECT 0::smallint, principal(5, d.content_object_id)
    FROM who JOIN accounts_domainuserpermission d ON d.user_id = who.id
    JOIN auth_permission p ON p.id = d.permission_id
    JOIN object_permission o ON o.word = split_part(p.codename, '_', 1)
    JOIN object_permission_gives g ON g.held = o.perm AND g.wanted = wanted_perm
    UNION
    SELECT 0::smallint, principal(5, d.content_object_id)
    FROM who JOIN accounts_account_groups m ON m.account_id = who.id
    JOIN accounts_domaingrouppermission d ON d.group_id = m.group_id
    JOIN auth_permission p ON p.id = d.permission_id
    JOIN object_permission o ON o.word = split_part(p.codename, '_', 1)
    JOIN object_permission_gives g ON g.held = o.perm AND g.wanted = wanted_perm
    UNION
    SELECT 0::smallint, principal(6, d.id)
    FROM who JOIN accounts_domain d ON d.organization_id = who.organization_id
    WHERE wanted_perm = 1 AND d.audience = 'organization'
    UNION
    SELECT 0::smallint, principal(6, d.id)
    FROM who JOIN accounts_account_groups m ON m.account_id = who.id
    JOIN accounts_team t ON t.group_id = m.group_id
    JOIN accounts_domain_audience_teams dt ON dt.team_id = t.id
    JOIN accounts_domain d ON d.id = dt.domain_id
    WHERE wanted_perm = 1 AND d.audience = 'teams'
$$;

CREATE FUNCTION acl_holders(asset bigint, wanted_perm smallint)
RETURNS TABLE (account_id bigint, person_id bigint)
LANGUAGE sql STABLE AS $$
    WITH rows AS MATERIALIZED (
        SELECT x.perm, x.principal >> 48 AS kind, x.principal & ((1::bigint << 48) - 1) AS id
        FROM accounts_acl x WHERE x.asset_id = asset AND x.perm IN (0, wanted_perm)
          AND (x.expires_at IS NULL OR x.expires_at > statement_timestamp())
    ), candidates AS (
        SELECT id FROM rows WHERE kind = 1
        UNION
        SELECT a.id FROM rows JOIN accounts_account a ON a.person_id = rows.id WHERE rows.kind = 3
        UNION
        SELECT g.account_id FROM rows JOIN accounts_account_groups g ON g.group_id = rows.id
        WHERE rows.kind = 2
        UNION
        SELECT a.id FROM rows JOIN accounts_roleassignment r
            ON (rows.kind = 4 AND r.organization_id = rows.id AND r.domain_id IS NULL)
            OR (rows.kind = 5 AND r.domain_id = rows.id)
        JOIN role_gives g ON g.role = r.role AND g.wanted = wanted_perm
        JOIN accounts_account a ON a.person_id = r.person_id
        UNION
        SELECT d.user_id FROM rows JOIN accounts_domainuserpermission d ON d.content_object_id = rows.id
        WHERE rows.kind = 5
        UNION
        SELECT m.account_id FROM rows JOIN accounts_domaingrouppermission d ON d.content_object_id = rows.id
        JOIN accounts_account_groups m ON m.group_id = d.group_id
        WHERE rows.kind = 5
    )
    SELECT a.id, a.person_id FROM candidates c JOIN accounts_account a ON a.id = c.id
    WHERE a.kind = 'person' AND EXISTS (
        SELECT FROM acl_keys(a.id, wanted_perm) k
        JOIN rows ON rows.perm = k.perm AND (rows.kind << 48) | rows.id = k.principal
    )
$$;

CREATE FUNCTION acl_sync(source smallint, assets bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    view_name text := (SELECT s.relation FROM accounts_aclsource s WHERE s.id = source);
    asset bigint;
BEGIN
    IF view_name IS NULL THEN RAISE EXCEPTION 'No acl source %', source; END IF;
    -- Two changes to one asset's rows must not compute from each other's past: each waits for the other.
    IF cardinality(assets) > 256 THEN
        PERFORM pg_advisory_xact_lock(4711, source);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(4711, source);
        FOR asset IN SELECT DISTINCT a FROM unnest(assets) a ORDER BY a LOOP
            PERFORM pg_advisory_xact_lock((source::bigint << 56) | asset);
        END LOOP;
    END IF;
    EXECUTE format(
        'DELETE FROM accounts_acl a WHERE a.source_id = $1 AND a.asset_id = ANY($2) AND NOT EXISTS ('
        ' SELECT FROM %1$I w WHERE w.asset_id = ANY($2)'
        ' AND (w.asset_id, w.perm, w.principal) = (a.asset_id, a.perm, a.principal))', view_name)
        USING source, assets;
    EXECUTE format(
        'INSERT INTO accounts_acl (principal, perm, asset_id, source_id, expires_at)'
        ' SELECT w.principal, w.perm, w.asset_id, $1, w.expires_at FROM %1$I w WHERE w.asset_id = ANY($2)'
        ' ON CONFLICT (asset_id, perm, principal, source_id) DO UPDATE SET expires_at = excluded.expires_at'
        ' WHERE accounts_acl.expires_at IS DISTINCT FROM excluded.expires_at', view_name)
        USING source, assets;
END $$;

CREATE FUNCTION acl_rebuild(source smallint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    view_name text := (SELECT s.relation FROM accounts_aclsource s WHERE s.id = source);
BEGIN
    PERFORM pg_advisory_xact_lock(4711, source);
    DELETE FROM accounts_acl WHERE source_id = source;
    EXECUTE format(
        'INSERT INTO accounts_acl (principal, perm, asset_id, source_id, expires_at)'
        ' SELECT w.principal, w.perm, w.asset_id, $1, w.expires_at FROM %I w', view_name)
        USING source;
END $$;

REVOKE ALL ON FUNCTION acl_sync(smallint, bigint[]), acl_rebuild(smallint) FROM PUBLIC;
"""

BACKWARD = """
DROP FUNCTION acl_rebuild(smallint);
DROP FUNCTION acl_sync(smallint, bigint[]);
DROP FUNCTION acl_holders(bigint, smallint);
DROP FUNCTION acl_keys(bigint, smallint);
DROP VIEW role_gives;
DROP VIEW object_permission_gives;
DROP VIEW object_permission;
DROP FUNCTION principal(integer, bigint);
"""

RIGHTS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}' AND rolname <> current_user) THEN
        REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON accounts_acl, accounts_aclsource FROM {role};
        GRANT EXECUTE ON FUNCTION acl_sync(smallint, bigint[]), acl_rebuild(smallint) TO {role};
    END IF;
END $$;
"""


def keep_the_index_to_its_functions(apps, schema_editor):
    schema_editor.execute(RIGHTS.format(role=settings.DATABASE_APP_ROLE))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(keep_the_index_to_its_functions, migrations.RunPython.noop),
    ]
