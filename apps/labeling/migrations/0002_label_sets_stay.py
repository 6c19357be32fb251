"""What was brought and what it measured stays: another file is another set."""

from django.db import migrations

LAWS = """
CREATE FUNCTION labeling_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Labels that were brought stay as they are: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER labeling_label_set_stays BEFORE UPDATE OR DELETE ON labeling_labelset
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
CREATE TRIGGER labeling_label_stays BEFORE UPDATE OR DELETE ON labeling_label
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
"""

NO_LAWS = """
DROP TRIGGER labeling_label_stays ON labeling_label;
DROP TRIGGER labeling_label_set_stays ON labeling_labelset;
DROP FUNCTION labeling_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("labeling", "0001_label_sets")]

    operations = [migrations.RunSQL(LAWS, NO_LAWS)]
