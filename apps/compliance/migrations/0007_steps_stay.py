"""Steps of records are only added, each from the stage where the record stands; a stage moves with a step alone."""

from django.db import migrations

LAWS = """
CREATE FUNCTION compliance_step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A step that was taken stays: % is refused.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER compliance_step_stays BEFORE UPDATE OR DELETE ON compliance_recordstep
    FOR EACH ROW EXECUTE FUNCTION compliance_step_stays();

CREATE FUNCTION compliance_step_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stage_before IS DISTINCT FROM (SELECT stage FROM compliance_legalrecord WHERE id = NEW.legal_record_id)
       OR NEW.number <> 1 + (SELECT count(*) FROM compliance_recordstep
                             WHERE legal_record_id = NEW.legal_record_id) THEN
        RAISE EXCEPTION 'A step begins where the record stands.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_step_follows BEFORE INSERT ON compliance_recordstep
    FOR EACH ROW EXECUTE FUNCTION compliance_step_follows();

CREATE FUNCTION compliance_stage_moves_with_a_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM compliance_recordstep step
                   WHERE step.legal_record_id = NEW.id AND step.stage_before = OLD.stage
                     AND step.stage_after = NEW.stage
                     AND step.number = (SELECT max(number) FROM compliance_recordstep
                                        WHERE legal_record_id = NEW.id)) THEN
        RAISE EXCEPTION 'A record goes from % to % with a step alone.', OLD.stage, NEW.stage
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_stage_moves BEFORE UPDATE OF stage ON compliance_legalrecord
    FOR EACH ROW WHEN (OLD.stage IS DISTINCT FROM NEW.stage)
    EXECUTE FUNCTION compliance_stage_moves_with_a_step();
"""

NO_LAWS = """
DROP TRIGGER compliance_stage_moves ON compliance_legalrecord;
DROP FUNCTION compliance_stage_moves_with_a_step();
DROP TRIGGER compliance_step_follows ON compliance_recordstep;
DROP FUNCTION compliance_step_follows();
DROP TRIGGER compliance_step_stays ON compliance_recordstep;
DROP FUNCTION compliance_step_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0006_steps_of_records")]

    operations = [migrations.RunSQL(LAWS, NO_LAWS)]
