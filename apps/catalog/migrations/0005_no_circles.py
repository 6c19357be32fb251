"""Nothing is made, by whatever way, from itself."""

from django.db import migrations

NO_CIRCLES = """
CREATE FUNCTION catalog_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE above(id) AS (
            SELECT NEW.input_id
            UNION SELECT i.input_id FROM above a JOIN catalog_versioninput i ON i.version_id = a.id
        )
        SELECT 1 FROM above WHERE id = NEW.version_id
    ) THEN
        RAISE EXCEPTION 'A version is not made from itself.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_input_no_circle AFTER INSERT ON catalog_versioninput
    FOR EACH ROW EXECUTE FUNCTION catalog_no_circle();
"""

CIRCLES = """
DROP TRIGGER catalog_input_no_circle ON catalog_versioninput;
DROP FUNCTION catalog_no_circle();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_one_location_a_version")]

    operations = [migrations.RunSQL(NO_CIRCLES, CIRCLES)]
