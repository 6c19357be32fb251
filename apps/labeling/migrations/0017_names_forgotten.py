"""Who gave which label goes from a set whose retention is over, and stays otherwise; nothing else changes."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids

STAYS = """
CREATE OR REPLACE FUNCTION labeling_label_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND labeling_is_erased(
        OLD.item, (SELECT version_id FROM labeling_labelset WHERE id = OLD.label_set_id)
    ) THEN
        RETURN OLD;
    END IF;
    -- names
    RAISE EXCEPTION 'Labels that were brought stay as they are: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
FORGOTTEN = """IF TG_OP = 'UPDATE' THEN
        IF NEW.annotator = '' AND OLD.annotator <> '' AND (
            NEW.id, NEW.label_set_id, NEW.line, NEW.item, NEW.label, NEW."left", NEW.top, NEW.width,
            NEW.height, NEW.area, NEW.is_region, NEW.is_gold, NEW.is_machine, NEW.is_settled,
            NEW.was_cancelled, NEW.seconds
        ) IS NOT DISTINCT FROM (
            OLD.id, OLD.label_set_id, OLD.line, OLD.item, OLD.label, OLD."left", OLD.top, OLD.width,
            OLD.height, OLD.area, OLD.is_region, OLD.is_gold, OLD.is_machine, OLD.is_settled,
            OLD.was_cancelled, OLD.seconds
        ) AND EXISTS (
            SELECT 1 FROM labeling_namesforgotten f WHERE f.label_set_id = OLD.label_set_id
        ) THEN
            RETURN NEW;
        END IF;
    END IF;"""
LAWS = """
CREATE FUNCTION labeling_label_set_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.labeled_by <> '' AND NEW.labeled_by = 'annotator-' || OLD.id
        AND to_jsonb(NEW) - 'labeled_by' = to_jsonb(OLD) - 'labeled_by'
        AND EXISTS (SELECT 1 FROM labeling_namesforgotten f WHERE f.label_set_id = OLD.id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Labels that were brought stay as they are: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER labeling_label_set_stays ON labeling_labelset;
CREATE TRIGGER labeling_label_set_stays BEFORE UPDATE OR DELETE ON labeling_labelset
    FOR EACH ROW EXECUTE FUNCTION labeling_label_set_stays();
CREATE TRIGGER labeling_names_forgotten_stays BEFORE UPDATE OR DELETE ON labeling_namesforgotten
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
"""
NO_LAWS = """
DROP TRIGGER labeling_names_forgotten_stays ON labeling_namesforgotten;
DROP TRIGGER labeling_label_set_stays ON labeling_labelset;
CREATE TRIGGER labeling_label_set_stays BEFORE UPDATE OR DELETE ON labeling_labelset
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
DROP FUNCTION labeling_label_set_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0020_evidence_of_purposes"),
        ("labeling", "0016_countries_and_conflicts"),
    ]

    operations = [
        migrations.CreateModel(
            name="NamesForgotten",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=apps.kernel.ids.new_uid, editable=False, unique=True)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("due_on", models.DateField()),
                (
                    "label_set",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names_forgotten",
                        to="labeling.labelset",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.legalrecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "names that were forgotten",
                "verbose_name_plural": "names that were forgotten",
            },
        ),
        migrations.RunSQL(STAYS.replace("-- names", FORGOTTEN), STAYS),
        migrations.RunSQL(LAWS, NO_LAWS),
    ]
