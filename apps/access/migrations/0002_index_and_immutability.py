"""What requests and grants let people see, kept in the index; what was decided, never changed."""

from django.db import migrations

INDEX = """
CREATE SEQUENCE access_request_number;

CREATE VIEW acl_source_access AS
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
    FROM access_grant g WHERE g.ended_at IS NULL
) rows GROUP BY asset_id, principal;

INSERT INTO accounts_aclsource (id, relation) VALUES (2, 'acl_source_access');

CREATE FUNCTION access_request_to_acl() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM acl_sync(2::smallint, array_agg(DISTINCT i.asset_id))
    FROM changed c JOIN access_revision v ON v.request_id = c.id
    JOIN access_revisionitem i ON i.revision_id = v.id HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER access_request_acl AFTER UPDATE ON access_request
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_request_to_acl();

CREATE FUNCTION access_grant_to_acl() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM acl_sync(2::smallint, array_agg(DISTINCT asset_id)) FROM changed HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER access_grant_acl_insert AFTER INSERT ON access_grant
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_grant_to_acl();
CREATE TRIGGER access_grant_acl_update AFTER UPDATE ON access_grant
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_grant_to_acl();
"""

NO_INDEX = """
DROP TRIGGER access_grant_acl_update ON access_grant;
DROP TRIGGER access_grant_acl_insert ON access_grant;
DROP FUNCTION access_grant_to_acl();
DROP TRIGGER access_request_acl ON access_request;
DROP FUNCTION access_request_to_acl();
DELETE FROM accounts_acl WHERE source_id = 2;
DELETE FROM accounts_aclsource WHERE id = 2;
DROP VIEW acl_source_access;
DROP SEQUENCE access_request_number;
"""

IMMUTABLE = """
CREATE FUNCTION access_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was decided never changes: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER access_rulebook_immutable BEFORE UPDATE OR DELETE ON access_rulebook
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_decision_immutable BEFORE UPDATE OR DELETE ON access_decision
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_verdict_immutable BEFORE UPDATE OR DELETE ON access_verdict
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_revision_frozen BEFORE UPDATE OR DELETE ON access_revision
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION access_is_immutable();

CREATE FUNCTION access_item_of_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM access_revision r WHERE r.frozen_at IS NOT NULL
               AND r.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.revision_id ELSE OLD.revision_id END) THEN
        RAISE EXCEPTION 'What was decided never changes: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER access_item_frozen BEFORE INSERT OR UPDATE OR DELETE ON access_revisionitem
    FOR EACH ROW EXECUTE FUNCTION access_item_of_frozen();

CREATE FUNCTION access_grant_scope_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.revision_id, OLD.decision_id, OLD.person_id, OLD.asset_id, OLD.version_id, OLD.purpose_id,
        OLD.columns, OLD.actions, OLD.mode, OLD.not_before, OLD.not_after)
       IS DISTINCT FROM
       (NEW.revision_id, NEW.decision_id, NEW.person_id, NEW.asset_id, NEW.version_id, NEW.purpose_id,
        NEW.columns, NEW.actions, NEW.mode, NEW.not_before, NEW.not_after)
       OR OLD.service_account_id IS DISTINCT FROM NEW.service_account_id
       OR OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'The scope of a grant never changes, and an ended grant stays ended.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_grant_fixed BEFORE UPDATE ON access_grant
    FOR EACH ROW EXECUTE FUNCTION access_grant_scope_fixed();
CREATE TRIGGER access_grant_kept BEFORE DELETE ON access_grant
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
"""

MUTABLE = """
DROP TRIGGER access_grant_kept ON access_grant;
DROP TRIGGER access_grant_fixed ON access_grant;
DROP FUNCTION access_grant_scope_fixed();
DROP TRIGGER access_item_frozen ON access_revisionitem;
DROP FUNCTION access_item_of_frozen();
DROP TRIGGER access_revision_frozen ON access_revision;
DROP TRIGGER access_verdict_immutable ON access_verdict;
DROP TRIGGER access_decision_immutable ON access_decision;
DROP TRIGGER access_rulebook_immutable ON access_rulebook;
DROP FUNCTION access_is_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("accounts", "0002_acl_functions")]

    operations = [
        migrations.RunSQL(INDEX, NO_INDEX),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
    ]
