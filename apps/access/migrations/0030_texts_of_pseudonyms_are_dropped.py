"""Texts that the trail keeps apart about somebody who is known by a code are dropped; the trail stays.

Nobody but the owner of the database deletes from the trail's texts. This function does, with the owner's
rights, and of nobody but those whose part of the ledger is closed. Commitments stay in the entries.
"""

from django.db import migrations

LAW = """
CREATE FUNCTION access_drop_texts(whose bigint) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    dropped integer;
BEGIN
    IF NOT EXISTS (SELECT FROM access_pseudonymized WHERE person_id = whose) THEN
        RAISE EXCEPTION 'Texts about a person stay as long as their name does.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    DELETE FROM audit_auditpersonal WHERE event_id IN (
        SELECT event.id FROM audit_auditevent event WHERE event.subject_uid IN (
            SELECT uid FROM accounts_person WHERE id = whose
            UNION ALL SELECT uid FROM accounts_account WHERE person_id = whose
            UNION ALL SELECT uid FROM access_request WHERE requester_id = whose
            UNION ALL SELECT uid FROM access_grant WHERE person_id = whose));
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END $$;

CREATE FUNCTION access_is_pseudonymized_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM accounts_person WHERE id = NEW.person_id AND status = 'departed')
       AND NOT EXISTS (SELECT FROM access_grant WHERE person_id = NEW.person_id
                       AND (ended_at IS NULL OR ended_at > NEW.created_at - interval '6 years')) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.person_id = NEW.person_id THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Names go six years after the last access of somebody who has left, and do not come back.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER access_pseudonymized_for_good BEFORE INSERT OR UPDATE OR DELETE ON access_pseudonymized
    FOR EACH ROW EXECUTE FUNCTION access_is_pseudonymized_for_good();
"""

NO_LAW = """
DROP TRIGGER access_pseudonymized_for_good ON access_pseudonymized;
DROP FUNCTION access_is_pseudonymized_for_good();
DROP FUNCTION access_drop_texts(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0029_ledger_without_names"), ("audit", "0002_keep_the_trail")]

    operations = [migrations.RunSQL(LAW, NO_LAW)]
