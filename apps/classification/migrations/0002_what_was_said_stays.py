"""What was said about a column is superseded, never changed or deleted; codes of the taxonomy never change."""

from django.db import migrations

LEDGER = """
CREATE FUNCTION classification_as_it_may_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(NEW.category_codes) said
               WHERE said NOT IN (SELECT code FROM classification_datacategory)) THEN
        RAISE EXCEPTION 'Unknown category in %.', NEW.category_codes
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM catalog_column c
                   WHERE c.version_id = NEW.version_id AND c.name = NEW.column_name)
       AND (NEW.column_name <> '*'
            OR EXISTS (SELECT FROM catalog_column c WHERE c.version_id = NEW.version_id)) THEN
        RAISE EXCEPTION 'Version % has no column %.', NEW.version_id, NEW.column_name
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status NOT IN ('current', 'proposed') THEN
        RAISE EXCEPTION 'A classification does not begin as %.', NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER classification_begins BEFORE INSERT ON classification_classification
    FOR EACH ROW EXECUTE FUNCTION classification_as_it_may_begin();

CREATE FUNCTION classification_as_it_may_go_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY[
        'status', 'decided_by_id', 'decided_at', 'rejection_reason', 'is_confirmed', 'row_version'];
    is_confirmation boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A classification is never deleted.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    is_confirmation := OLD.status = 'proposed' AND NEW.status = 'current';
    IF to_jsonb(OLD) - moving <> to_jsonb(NEW) - moving
       OR (OLD.is_confirmed <> NEW.is_confirmed AND NOT is_confirmation)
       OR NOT (OLD.status = 'proposed' AND NEW.status IN ('current', 'superseded', 'rejected')
               OR OLD.status = 'current' AND NEW.status = 'superseded') THEN
        RAISE EXCEPTION 'A classification is superseded, never changed.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF is_confirmation AND (NEW.decided_by_id IS NULL OR NEW.decided_by_id = OLD.classified_by_id) THEN
        RAISE EXCEPTION 'Lowering a classification takes a second person.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER classification_goes_on BEFORE UPDATE OR DELETE ON classification_classification
    FOR EACH ROW EXECUTE FUNCTION classification_as_it_may_go_on();
"""

NO_LEDGER = """
DROP TRIGGER classification_goes_on ON classification_classification;
DROP FUNCTION classification_as_it_may_go_on();
DROP TRIGGER classification_begins ON classification_classification;
DROP FUNCTION classification_as_it_may_begin();
"""

CODES = """
CREATE FUNCTION classification_code_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.code <> NEW.code
       OR to_jsonb(OLD) -> 'iri' IS DISTINCT FROM to_jsonb(NEW) -> 'iri'
       OR to_jsonb(OLD) -> 'rank' IS DISTINCT FROM to_jsonb(NEW) -> 'rank' THEN
        RAISE EXCEPTION 'Codes, identifiers and ranks stay: % on % is refused.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER classification_category_stays BEFORE UPDATE OR DELETE ON classification_datacategory
    FOR EACH ROW EXECUTE FUNCTION classification_code_stays();
CREATE TRIGGER classification_class_stays BEFORE UPDATE OR DELETE ON classification_sensitivityclass
    FOR EACH ROW EXECUTE FUNCTION classification_code_stays();
"""

NO_CODES = """
DROP TRIGGER classification_class_stays ON classification_sensitivityclass;
DROP TRIGGER classification_category_stays ON classification_datacategory;
DROP FUNCTION classification_code_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("classification", "0001_initial"),
        ("catalog", "0003_index_and_immutability"),
    ]

    operations = [
        migrations.RunSQL(LEDGER, NO_LEDGER),
        migrations.RunSQL(CODES, NO_CODES),
    ]
