"""Of a grant only its state moves on, with its obligations and limits as fixed as its scope; routes stay as laid out."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION access_grant_scope_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving CONSTANT text[] := ARRAY['state', 'ended_at', 'row_version'];
BEGIN
    IF OLD.ended_at IS NOT NULL OR to_jsonb(OLD) - moving IS DISTINCT FROM to_jsonb(NEW) - moving THEN
        RAISE EXCEPTION 'The scope of a grant never changes, and an ended grant stays ended.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION access_item_of_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.revision_id]
                                   WHEN 'DELETE' THEN ARRAY[OLD.revision_id]
                                   ELSE ARRAY[OLD.revision_id, NEW.revision_id] END;
BEGIN
    IF EXISTS (SELECT FROM access_revision r WHERE r.frozen_at IS NOT NULL AND r.id = ANY(touched)) THEN
        RAISE EXCEPTION 'What was decided never changes: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER access_slot_immutable BEFORE UPDATE OR DELETE ON access_slot
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_stage_kept BEFORE DELETE ON access_stage
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_stage_closes_once BEFORE UPDATE ON access_stage
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL
                       OR to_jsonb(OLD) - 'closed_at' IS DISTINCT FROM to_jsonb(NEW) - 'closed_at')
    EXECUTE FUNCTION access_is_immutable();
"""

BACKWARD = """
DROP TRIGGER access_stage_closes_once ON access_stage;
DROP TRIGGER access_stage_kept ON access_stage;
DROP TRIGGER access_slot_immutable ON access_slot;

CREATE OR REPLACE FUNCTION access_item_of_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM access_revision r WHERE r.frozen_at IS NOT NULL
               AND r.id = CASE WHEN TG_OP = 'INSERT' THEN NEW.revision_id ELSE OLD.revision_id END) THEN
        RAISE EXCEPTION 'What was decided never changes: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION access_grant_scope_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0003_default_rulebook")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
