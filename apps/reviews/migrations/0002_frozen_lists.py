"""An open campaign asks what it asked when it opened; what was answered stays answered."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reviews_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The list of an open campaign, and what was answered, never change: % on % is refused.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION reviews_campaign_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving CONSTANT text[] := ARRAY['state', 'closed_at', 'reminded_percent', 'row_version'];
BEGIN
    IF OLD.state = 'closed' OR to_jsonb(OLD) - moving IS DISTINCT FROM to_jsonb(NEW) - moving THEN
        RAISE EXCEPTION 'An open campaign asks what it asked when it opened; a closed one stays closed.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_campaign_frozen BEFORE UPDATE ON reviews_campaign
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION reviews_campaign_frozen();
CREATE TRIGGER reviews_campaign_kept BEFORE DELETE ON reviews_campaign
    FOR EACH ROW EXECUTE FUNCTION reviews_is_frozen();

CREATE FUNCTION reviews_item_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving CONSTANT text[] := ARRAY['state', 'reason', 'answered_by_id', 'closed_at', 'pool', 'row_version'];
BEGIN
    IF OLD.state <> 'open' OR to_jsonb(OLD) - moving IS DISTINCT FROM to_jsonb(NEW) - moving THEN
        RAISE EXCEPTION 'A review asks about one grant, and is answered once.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_item_frozen BEFORE UPDATE ON reviews_reviewitem
    FOR EACH ROW EXECUTE FUNCTION reviews_item_frozen();
CREATE TRIGGER reviews_item_kept BEFORE DELETE ON reviews_reviewitem
    FOR EACH ROW EXECUTE FUNCTION reviews_is_frozen();

CREATE FUNCTION reviews_item_of_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added a JOIN reviews_campaign c ON c.id = a.campaign_id WHERE c.state <> 'draft') THEN
        RAISE EXCEPTION 'Nothing is added to the list of an open campaign.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_item_of_draft AFTER INSERT ON reviews_reviewitem
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reviews_item_of_draft();
"""

BACKWARD = """
DROP TRIGGER reviews_item_of_draft ON reviews_reviewitem;
DROP FUNCTION reviews_item_of_draft();
DROP TRIGGER reviews_item_kept ON reviews_reviewitem;
DROP TRIGGER reviews_item_frozen ON reviews_reviewitem;
DROP FUNCTION reviews_item_frozen();
DROP TRIGGER reviews_campaign_kept ON reviews_campaign;
DROP TRIGGER reviews_campaign_frozen ON reviews_campaign;
DROP FUNCTION reviews_campaign_frozen();
DROP FUNCTION reviews_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
