"""What is signed off never changes; what is approved was approved by somebody who did not write it."""

from django.db import migrations

RECORDS = """
CREATE FUNCTION compliance_record_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY['record_status', 'row_version', 'submitted_by_id', 'submitted_at',
        'returned_reason', 'approved_by_id', 'approved_at', 'ended_at', 'clearance', 'clearance_reasons'];
    signature text[] := ARRAY['submitted_by_id', 'submitted_at', 'approved_by_id', 'approved_at'];
    is_editor boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A version of a record is never deleted.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT (OLD.record_status = NEW.record_status
            OR OLD.record_status = 'draft' AND NEW.record_status = 'in_review'
            OR OLD.record_status = 'in_review' AND NEW.record_status IN ('draft', 'approved')
            OR OLD.record_status = 'approved' AND NEW.record_status IN ('superseded', 'retired')) THEN
        RAISE EXCEPTION 'A version that is % does not become %.', OLD.record_status, NEW.record_status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.record_status <> 'draft' AND to_jsonb(OLD) - moving <> to_jsonb(NEW) - moving THEN
        RAISE EXCEPTION 'A version that is % is not edited.', OLD.record_status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.record_status IN ('approved', 'superseded', 'retired') AND EXISTS (
           SELECT FROM unnest(signature) field
           WHERE to_jsonb(OLD) -> field IS DISTINCT FROM to_jsonb(NEW) -> field) THEN
        RAISE EXCEPTION 'Signatures stay.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.record_status = 'in_review' AND NEW.record_status = 'approved' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1 AND person_id = $2)',
                       TG_TABLE_NAME || '_editors', replace(TG_TABLE_NAME, 'compliance_', '') || '_id')
            INTO is_editor USING NEW.id, NEW.approved_by_id;
        IF is_editor OR NEW.approved_by_id IS NOT DISTINCT FROM NEW.submitted_by_id THEN
            RAISE EXCEPTION 'A version is approved by a person who did not write it.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_purpose_goes_on BEFORE UPDATE OR DELETE ON compliance_purposeversion
    FOR EACH ROW EXECUTE FUNCTION compliance_record_goes_on();
CREATE TRIGGER compliance_activity_goes_on BEFORE UPDATE OR DELETE ON compliance_activityversion
    FOR EACH ROW EXECUTE FUNCTION compliance_record_goes_on();

CREATE FUNCTION compliance_record_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.record_status <> 'draft' THEN
        RAISE EXCEPTION 'A version begins as a draft.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_purpose_begins BEFORE INSERT ON compliance_purposeversion
    FOR EACH ROW EXECUTE FUNCTION compliance_record_begins();
CREATE TRIGGER compliance_activity_begins BEFORE INSERT ON compliance_activityversion
    FOR EACH ROW EXECUTE FUNCTION compliance_record_begins();
"""

NO_RECORDS = """
DROP TRIGGER compliance_activity_begins ON compliance_activityversion;
DROP TRIGGER compliance_purpose_begins ON compliance_purposeversion;
DROP FUNCTION compliance_record_begins();
DROP TRIGGER compliance_activity_goes_on ON compliance_activityversion;
DROP TRIGGER compliance_purpose_goes_on ON compliance_purposeversion;
DROP FUNCTION compliance_record_goes_on();
"""

# Editors, purposes and assets of a version lie in tables beside it: they are written while it is a draft.
BESIDE = """
CREATE FUNCTION compliance_only_in_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    record_table text := TG_ARGV[0];
    key text := TG_ARGV[1];
    status text;
BEGIN
    EXECUTE format('SELECT record_status FROM %I WHERE id = $1', record_table) INTO status
        USING (to_jsonb(coalesce(NEW, OLD)) ->> key)::bigint;
    IF status <> 'draft' OR TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'A version that is % is not edited: % on % is refused.', status, TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER compliance_purpose_editors_stay
    BEFORE INSERT OR UPDATE OR DELETE ON compliance_purposeversion_editors
    FOR EACH ROW EXECUTE FUNCTION compliance_only_in_a_draft('compliance_purposeversion', 'purposeversion_id');
CREATE TRIGGER compliance_activity_editors_stay
    BEFORE INSERT OR UPDATE OR DELETE ON compliance_activityversion_editors
    FOR EACH ROW EXECUTE FUNCTION compliance_only_in_a_draft('compliance_activityversion', 'activityversion_id');
CREATE TRIGGER compliance_activity_purposes_stay
    BEFORE INSERT OR UPDATE OR DELETE ON compliance_activityversion_purposes
    FOR EACH ROW EXECUTE FUNCTION compliance_only_in_a_draft('compliance_activityversion', 'activityversion_id');
CREATE TRIGGER compliance_activity_assets_stay
    BEFORE INSERT OR UPDATE OR DELETE ON compliance_activityversion_assets
    FOR EACH ROW EXECUTE FUNCTION compliance_only_in_a_draft('compliance_activityversion', 'activityversion_id');
"""

NOT_BESIDE = """
DROP TRIGGER compliance_activity_assets_stay ON compliance_activityversion_assets;
DROP TRIGGER compliance_activity_purposes_stay ON compliance_activityversion_purposes;
DROP TRIGGER compliance_activity_editors_stay ON compliance_activityversion_editors;
DROP TRIGGER compliance_purpose_editors_stay ON compliance_purposeversion_editors;
DROP FUNCTION compliance_only_in_a_draft();
"""

# Permissions and origins are ended, and nothing else ever happens to them; codes of the hierarchy stay.
HISTORY = """
CREATE FUNCTION compliance_is_only_ended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending text[] := ARRAY['ended_at', 'ended_by_id', 'row_version'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR to_jsonb(OLD) - ending <> to_jsonb(NEW) - ending THEN
        RAISE EXCEPTION 'It is ended, never changed: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_permission_only_ended BEFORE UPDATE OR DELETE ON compliance_permittedpurpose
    FOR EACH ROW EXECUTE FUNCTION compliance_is_only_ended();
CREATE TRIGGER compliance_origin_only_ended BEFORE UPDATE OR DELETE ON compliance_dataorigin
    FOR EACH ROW EXECUTE FUNCTION compliance_is_only_ended();

CREATE FUNCTION compliance_code_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.code <> NEW.code OR OLD.iri <> NEW.iri THEN
        RAISE EXCEPTION 'Codes and identifiers stay: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compliance_concept_stays BEFORE UPDATE OR DELETE ON compliance_purposeconcept
    FOR EACH ROW EXECUTE FUNCTION compliance_code_stays();
"""

NO_HISTORY = """
DROP TRIGGER compliance_concept_stays ON compliance_purposeconcept;
DROP FUNCTION compliance_code_stays();
DROP TRIGGER compliance_origin_only_ended ON compliance_dataorigin;
DROP TRIGGER compliance_permission_only_ended ON compliance_permittedpurpose;
DROP FUNCTION compliance_is_only_ended();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial")]

    operations = [
        migrations.RunSQL(RECORDS, NO_RECORDS),
        migrations.RunSQL(BESIDE, NOT_BESIDE),
        migrations.RunSQL(HISTORY, NO_HISTORY),
    ]
