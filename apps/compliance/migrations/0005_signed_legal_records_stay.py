"""Versions of records of declared kinds are held by the same laws as those of purposes and activities."""

from django.db import migrations

LAWS = """
CREATE TRIGGER compliance_legal_goes_on BEFORE UPDATE OR DELETE ON compliance_legalrecordversion
    FOR EACH ROW EXECUTE FUNCTION compliance_record_goes_on();
CREATE TRIGGER compliance_legal_begins BEFORE INSERT ON compliance_legalrecordversion
    FOR EACH ROW EXECUTE FUNCTION compliance_record_begins();
CREATE TRIGGER compliance_legal_editors_stay
    BEFORE INSERT OR UPDATE OR DELETE ON compliance_legalrecordversion_editors
    FOR EACH ROW
    EXECUTE FUNCTION compliance_only_in_a_draft('compliance_legalrecordversion', 'legalrecordversion_id');

CREATE FUNCTION compliance_legal_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY['stage', 'row_version'];
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - moving <> to_jsonb(NEW) - moving THEN
        RAISE EXCEPTION 'A record keeps its kind, its organization and its number: % is refused.', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_legal_record_stays BEFORE UPDATE OR DELETE ON compliance_legalrecord
    FOR EACH ROW EXECUTE FUNCTION compliance_legal_record_stays();
"""

NO_LAWS = """
DROP TRIGGER compliance_legal_record_stays ON compliance_legalrecord;
DROP FUNCTION compliance_legal_record_stays();
DROP TRIGGER compliance_legal_editors_stay ON compliance_legalrecordversion_editors;
DROP TRIGGER compliance_legal_begins ON compliance_legalrecordversion;
DROP TRIGGER compliance_legal_goes_on ON compliance_legalrecordversion;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0004_records_of_declared_kinds")]

    operations = [migrations.RunSQL(LAWS, NO_LAWS)]
