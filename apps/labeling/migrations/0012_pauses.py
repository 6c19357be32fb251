"""Places on rosters that are paused, and who lifted that."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids

LAWS = """
CREATE FUNCTION labeling_annotator_pause_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL
        AND to_jsonb(NEW) - 'lifted_at' - 'lifted_by_id' - 'why' - 'row_version' - 'updated_at'
            = to_jsonb(OLD) - 'lifted_at' - 'lifted_by_id' - 'why' - 'row_version' - 'updated_at'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A pause is only lifted: % is refused.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER labeling_annotator_pause_stays BEFORE UPDATE OR DELETE ON labeling_annotatorpause
    FOR EACH ROW EXECUTE FUNCTION labeling_annotator_pause_stays();
"""

NO_LAWS = """
DROP TRIGGER labeling_annotator_pause_stays ON labeling_annotatorpause;
DROP FUNCTION labeling_annotator_pause_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_programs_without_an_owner"),
        ("compliance", "0020_evidence_of_purposes"),
        ("labeling", "0011_measured_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnnotatorPause",
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
                ("code", models.CharField(max_length=80)),
                ("findings", models.JSONField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("why", models.TextField(blank=True)),
                (
                    "annotator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="labeling.annotator"
                    ),
                ),
                (
                    "label_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pauses",
                        to="labeling.labelset",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.person",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.legalrecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "pause of an annotator",
                "indexes": [
                    models.Index(
                        models.F("policy"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="annotator_pause_of_policy",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("policy", "code"),
                        name="annotator_pause_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at__isnull", True), models.Q(("why", ""), _negated=True), _connector="OR"
                        ),
                        name="annotator_pause_lifted_why",
                    ),
                ],
            },
        ),
        migrations.RunSQL(LAWS, NO_LAWS),
    ]
