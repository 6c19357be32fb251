"""Of a stage only its clock moves on; of an open slot who is asked besides, or by name. Recusals stay."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER access_recusal_immutable BEFORE UPDATE OR DELETE ON access_recusal
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();

DROP TRIGGER access_stage_closes_once ON access_stage;
CREATE FUNCTION access_stage_terms_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    clock CONSTANT text[] := ARRAY['opened_at', 'due_at', 'remind_at', 'reminded_percent', 'escalated_at',
                                   'closed_at'];
BEGIN
    IF OLD.closed_at IS NOT NULL OR to_jsonb(OLD) - clock IS DISTINCT FROM to_jsonb(NEW) - clock THEN
        RAISE EXCEPTION 'What was decided never changes: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_stage_closes_once BEFORE UPDATE ON access_stage
    FOR EACH ROW EXECUTE FUNCTION access_stage_terms_fixed();

DROP TRIGGER access_slot_immutable ON access_slot;
CREATE FUNCTION access_slot_role_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked CONSTANT text[] := ARRAY['also_roles', 'assignee_id', 'row_version'];
BEGIN
    IF EXISTS (SELECT FROM access_verdict v WHERE v.slot_id = OLD.id)
       OR to_jsonb(OLD) - asked IS DISTINCT FROM to_jsonb(NEW) - asked THEN
        RAISE EXCEPTION 'What was decided never changes: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_slot_fixed BEFORE UPDATE ON access_slot
    FOR EACH ROW EXECUTE FUNCTION access_slot_role_fixed();
CREATE TRIGGER access_slot_kept BEFORE DELETE ON access_slot
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
"""

BACKWARD = """
DROP TRIGGER access_slot_kept ON access_slot;
DROP TRIGGER access_slot_fixed ON access_slot;
DROP FUNCTION access_slot_role_fixed();
CREATE TRIGGER access_slot_immutable BEFORE UPDATE OR DELETE ON access_slot
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();

DROP TRIGGER access_stage_closes_once ON access_stage;
DROP FUNCTION access_stage_terms_fixed();
CREATE TRIGGER access_stage_closes_once BEFORE UPDATE ON access_stage
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL
                       OR to_jsonb(OLD) - 'closed_at' IS DISTINCT FROM to_jsonb(NEW) - 'closed_at')
    EXECUTE FUNCTION access_is_immutable();

DROP TRIGGER access_recusal_immutable ON access_recusal;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0010_seats_and_clocks")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
