"""What was rejected never changes, and nobody rejects what they wrote: as it is with what was approved."""

from django.db import migrations

LAW = """
CREATE OR REPLACE FUNCTION compliance_record_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY['record_status', 'row_version', 'submitted_by_id', 'submitted_at',
        'returned_reason', 'approved_by_id', 'approved_at', 'rejected_by_id', 'ended_at',
        'clearance', 'clearance_reasons'];
    signature text[] := ARRAY['submitted_by_id', 'submitted_at', 'approved_by_id', 'approved_at'];
    is_editor boolean;
    decides bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A version of a record is never deleted.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT (OLD.record_status = NEW.record_status
            OR OLD.record_status = 'draft' AND NEW.record_status = 'in_review'
            OR OLD.record_status = 'in_review' AND NEW.record_status IN ('draft', 'approved', 'rejected')
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
    IF OLD.record_status = 'rejected' AND to_jsonb(OLD) - 'row_version' <> to_jsonb(NEW) - 'row_version' THEN
        RAISE EXCEPTION 'A version that was rejected stays as it is.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.record_status = 'in_review' AND NEW.record_status IN ('approved', 'rejected') THEN
        decides := CASE NEW.record_status WHEN 'approved' THEN NEW.approved_by_id ELSE NEW.rejected_by_id END;
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1 AND person_id = $2)',
                       TG_TABLE_NAME || '_editors', replace(TG_TABLE_NAME, 'compliance_', '') || '_id')
            INTO is_editor USING NEW.id, decides;
        IF is_editor OR decides IS NOT DISTINCT FROM NEW.submitted_by_id THEN
            RAISE EXCEPTION 'A version is decided on by a person who did not write it.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION compliance_record_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0017_versions_may_be_rejected")]

    operations = [migrations.RunSQL(LAW, BEFORE)]
