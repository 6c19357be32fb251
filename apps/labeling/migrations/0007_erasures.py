"""Items that were erased, and sets that were measured anew. Labels and items of lists go by an erasure that
is recorded in the same transaction and names them, and by nothing else; its names go with the transaction."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import apps.kernel.ids

LAWS = """
ALTER TABLE labeling_itemerasure ADD COLUMN in_transaction bigint NOT NULL DEFAULT txid_current();
CREATE FUNCTION labeling_erasure_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.in_transaction := txid_current();
    RETURN NEW;
END $$;
CREATE TRIGGER labeling_item_erasure_begins BEFORE INSERT ON labeling_itemerasure
    FOR EACH ROW EXECUTE FUNCTION labeling_erasure_begins();

CREATE TABLE labeling_nametoerase (
    erasure_id bigint NOT NULL REFERENCES labeling_itemerasure,
    name text NOT NULL
);
CREATE INDEX labeling_nametoerase_by_name ON labeling_nametoerase USING hash (name);
CREATE FUNCTION labeling_names_are_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM labeling_nametoerase WHERE erasure_id = NEW.erasure_id) THEN
        RAISE EXCEPTION 'The names of erased items do not outlast their erasure.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER labeling_names_are_forgotten AFTER INSERT ON labeling_nametoerase
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION labeling_names_are_forgotten();

CREATE FUNCTION labeling_is_erased(erased_name text, of_version bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM labeling_nametoerase n
        JOIN labeling_itemerasure e ON e.id = n.erasure_id AND e.in_transaction = txid_current()
        JOIN labeling_erasedversion r ON r.erasure_id = e.id AND r.version_id = of_version
        WHERE n.name = erased_name)
$$;
CREATE FUNCTION labeling_label_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND labeling_is_erased(
        OLD.item, (SELECT version_id FROM labeling_labelset WHERE id = OLD.label_set_id)
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Labels that were brought stay as they are: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION labeling_item_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND labeling_is_erased(
        OLD.name, (SELECT version_id FROM labeling_itemmanifest WHERE id = OLD.manifest_id)
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Items that were brought stay as they are: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
DROP TRIGGER labeling_label_stays ON labeling_label;
CREATE TRIGGER labeling_label_stays BEFORE UPDATE OR DELETE ON labeling_label
    FOR EACH ROW EXECUTE FUNCTION labeling_label_stays();
DROP TRIGGER labeling_dataset_item_stays ON labeling_datasetitem;
CREATE TRIGGER labeling_dataset_item_stays BEFORE UPDATE OR DELETE ON labeling_datasetitem
    FOR EACH ROW EXECUTE FUNCTION labeling_item_stays();
CREATE TRIGGER labeling_item_erasure_stays BEFORE UPDATE OR DELETE ON labeling_itemerasure
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
CREATE TRIGGER labeling_erased_version_stays BEFORE UPDATE OR DELETE ON labeling_erasedversion
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
CREATE TRIGGER labeling_erased_from_stays BEFORE UPDATE OR DELETE ON labeling_erasedfrom
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
CREATE TRIGGER labeling_tombstone_stays BEFORE UPDATE OR DELETE ON labeling_tombstone
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
CREATE TRIGGER labeling_label_set_review_stays BEFORE UPDATE OR DELETE ON labeling_labelsetreview
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
CREATE TRIGGER labeling_redaction_check_stays BEFORE UPDATE OR DELETE ON labeling_redactioncheck
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
"""

NO_LAWS = """
DROP TRIGGER labeling_redaction_check_stays ON labeling_redactioncheck;
DROP TRIGGER labeling_label_set_review_stays ON labeling_labelsetreview;
DROP TRIGGER labeling_tombstone_stays ON labeling_tombstone;
DROP TRIGGER labeling_erased_from_stays ON labeling_erasedfrom;
DROP TRIGGER labeling_erased_version_stays ON labeling_erasedversion;
DROP TRIGGER labeling_item_erasure_stays ON labeling_itemerasure;
DROP TRIGGER labeling_dataset_item_stays ON labeling_datasetitem;
CREATE TRIGGER labeling_dataset_item_stays BEFORE UPDATE OR DELETE ON labeling_datasetitem
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
DROP TRIGGER labeling_label_stays ON labeling_label;
CREATE TRIGGER labeling_label_stays BEFORE UPDATE OR DELETE ON labeling_label
    FOR EACH ROW EXECUTE FUNCTION labeling_stays();
DROP FUNCTION labeling_item_stays();
DROP FUNCTION labeling_label_stays();
DROP FUNCTION labeling_is_erased(text, bigint);
DROP TABLE labeling_nametoerase;
DROP FUNCTION labeling_names_are_forgotten();
DROP TRIGGER labeling_item_erasure_begins ON labeling_itemerasure;
DROP FUNCTION labeling_erasure_begins();
ALTER TABLE labeling_itemerasure DROP COLUMN in_transaction;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_programs_without_an_owner"),
        ("catalog", "0008_label_sets"),
        ("compliance", "0020_evidence_of_purposes"),
        ("labeling", "0006_releases"),
    ]

    operations = [
        migrations.AddField(
            model_name="label",
            name="answer",
            field=models.BigIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="ItemErasure",
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
                ("why", models.TextField()),
                ("demanded_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("items", models.PositiveIntegerField()),
                ("labels", models.PositiveIntegerField()),
                (
                    "duty",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.duty",
                    ),
                ),
                (
                    "erased_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.assetversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure of items",
                "verbose_name_plural": "erasures of items",
            },
        ),
        migrations.CreateModel(
            name="ErasedVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.assetversion",
                    ),
                ),
                (
                    "erasure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reached",
                        to="labeling.itemerasure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ErasedFrom",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("items", models.PositiveIntegerField()),
                ("labels", models.PositiveIntegerField()),
                (
                    "label_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erased",
                        to="labeling.labelset",
                    ),
                ),
                (
                    "erasure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="labeling.itemerasure",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LabelSetReview",
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
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("release", "release"),
                            ("research_only", "research_only"),
                            ("blocked", "blocked"),
                        ],
                        max_length=20,
                    ),
                ),
                ("findings", models.JSONField()),
                ("figures", models.JSONField(null=True)),
                (
                    "label_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="labeling.labelset",
                    ),
                ),
            ],
            options={
                "verbose_name": "review of a label set",
                "verbose_name_plural": "reviews of label sets",
            },
        ),
        migrations.CreateModel(
            name="RedactionCheck",
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
                ("seeds", models.PositiveIntegerField()),
                ("seeds_found", models.PositiveIntegerField()),
                ("audited", models.PositiveIntegerField()),
                ("direct_identifiers", models.PositiveIntegerField()),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.assetversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "redaction check",
                "verbose_name_plural": "redaction checks",
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("item", "item"), ("subject", "subject")], max_length=7)),
                ("digest", models.CharField(max_length=64)),
                (
                    "erasure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tombstones",
                        to="labeling.itemerasure",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="itemerasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("why", ""), _negated=True), name="item_erasure_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemerasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("demanded_at__lte", models.F("created_at"))),
                name="item_erasure_after_demand",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemerasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "due_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("demanded_at"), "+", models.Value(datetime.timedelta(days=1))
                        ),
                    )
                ),
                name="item_erasure_within_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasedversion",
            constraint=models.UniqueConstraint(fields=("erasure", "version"), name="erased_version_once"),
        ),
        migrations.AddConstraint(
            model_name="erasedfrom",
            constraint=models.UniqueConstraint(fields=("erasure", "label_set"), name="erased_from_once"),
        ),
        migrations.AddIndex(
            model_name="labelsetreview",
            index=models.Index(fields=["label_set", "-id"], name="label_set_review_newest"),
        ),
        migrations.AddIndex(
            model_name="redactioncheck",
            index=models.Index(fields=["version", "-id"], name="redaction_check_newest"),
        ),
        migrations.AddConstraint(
            model_name="redactioncheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("seeds_found__lte", models.F("seeds"))),
                name="redaction_finds_what_was_planted",
            ),
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=models.UniqueConstraint(fields=("erasure", "kind", "digest"), name="tombstone_once"),
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="tombstone_is_a_hash"
            ),
        ),
        migrations.RunSQL(LAWS, NO_LAWS),
    ]
