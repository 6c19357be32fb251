"""What an occurrence says is fixed once it has effects; what was shown to be done, decided or vouched for stays."""

from django.db import migrations

LAWS = """
CREATE FUNCTION compliance_effect_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: it stays as it is.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER compliance_occurrence_stays BEFORE UPDATE ON compliance_occurrence FOR EACH ROW
    WHEN (OLD.took_effect_at IS NOT NULL AND (
        (OLD.happening, OLD.number, OLD.organization_id, OLD.source_id, OLD.said, OLD.country, OLD.list_number)
        IS DISTINCT FROM
        (NEW.happening, NEW.number, NEW.organization_id, NEW.source_id, NEW.said, NEW.country, NEW.list_number)
        OR (OLD.state <> 'in_effect' AND NEW.state <> OLD.state)))
    EXECUTE FUNCTION compliance_effect_stays();
CREATE TRIGGER compliance_occurrence_is_kept BEFORE DELETE ON compliance_occurrence
    FOR EACH ROW EXECUTE FUNCTION compliance_effect_stays();
CREATE TRIGGER compliance_affected_stays BEFORE UPDATE ON compliance_affectedversion FOR EACH ROW
    WHEN ((OLD.occurrence_id, OLD.version_id, OLD.through_id)
          IS DISTINCT FROM (NEW.occurrence_id, NEW.version_id, NEW.through_id))
    EXECUTE FUNCTION compliance_effect_stays();
CREATE TRIGGER compliance_affected_is_kept BEFORE DELETE ON compliance_affectedversion
    FOR EACH ROW EXECUTE FUNCTION compliance_effect_stays();
CREATE TRIGGER compliance_exclusion_stays BEFORE UPDATE OR DELETE ON compliance_exclusion
    FOR EACH ROW EXECUTE FUNCTION compliance_effect_stays();
CREATE TRIGGER compliance_duty_stays BEFORE UPDATE ON compliance_duty FOR EACH ROW
    WHEN (OLD.done_at IS NOT NULL) EXECUTE FUNCTION compliance_effect_stays();
CREATE TRIGGER compliance_duty_is_kept BEFORE DELETE ON compliance_duty
    FOR EACH ROW EXECUTE FUNCTION compliance_effect_stays();
CREATE TRIGGER compliance_verdict_stays BEFORE UPDATE ON compliance_modelassessment FOR EACH ROW
    WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION compliance_effect_stays();
CREATE TRIGGER compliance_assessment_is_kept BEFORE DELETE ON compliance_modelassessment
    FOR EACH ROW EXECUTE FUNCTION compliance_effect_stays();
"""

NO_LAWS = """
DROP TRIGGER compliance_assessment_is_kept ON compliance_modelassessment;
DROP TRIGGER compliance_verdict_stays ON compliance_modelassessment;
DROP TRIGGER compliance_duty_is_kept ON compliance_duty;
DROP TRIGGER compliance_duty_stays ON compliance_duty;
DROP TRIGGER compliance_exclusion_stays ON compliance_exclusion;
DROP TRIGGER compliance_affected_is_kept ON compliance_affectedversion;
DROP TRIGGER compliance_affected_stays ON compliance_affectedversion;
DROP TRIGGER compliance_occurrence_is_kept ON compliance_occurrence;
DROP TRIGGER compliance_occurrence_stays ON compliance_occurrence;
DROP FUNCTION compliance_effect_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0011_occurrences_and_duties")]

    operations = [migrations.RunSQL(LAWS, NO_LAWS)]
