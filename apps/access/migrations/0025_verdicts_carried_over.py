import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

TRULY = """
CREATE FUNCTION access_verdict_is_carried_truly() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM access_verdict earlier
        JOIN access_revision then_asked ON then_asked.id = earlier.revision_id
        JOIN access_revision now_asked ON now_asked.id = NEW.revision_id
        JOIN access_slot then_slot ON then_slot.id = earlier.slot_id
        JOIN access_stage then_stage ON then_stage.id = then_slot.stage_id
        JOIN access_slot now_slot ON now_slot.id = NEW.slot_id
        JOIN access_stage now_stage ON now_stage.id = now_slot.stage_id
        WHERE earlier.id = NEW.carried_from_id
            AND earlier.carried_from_id IS NULL
            AND earlier.kind = NEW.kind
            AND earlier.person_id = NEW.person_id
            AND earlier.on_behalf_of_id IS NOT DISTINCT FROM NEW.on_behalf_of_id
            AND earlier.narrowing = NEW.narrowing
            AND earlier.conditions = NEW.conditions
            AND earlier.subject_id = NEW.subject_id
            AND then_asked.request_id = now_asked.request_id
            AND then_asked.purpose_id = now_asked.purpose_id
            AND then_asked.ends_at >= now_asked.ends_at
            AND then_stage.name = now_stage.name
            AND then_stage.keep_verdicts = 'unchanged_facts'
            AND now_stage.keep_verdicts = 'unchanged_facts'
    ) THEN
        RAISE EXCEPTION 'A verdict is carried over as it was given, and where the stage says so.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER access_verdict_carried_truly BEFORE INSERT ON access_verdict
    FOR EACH ROW WHEN (NEW.carried_from_id IS NOT NULL) EXECUTE FUNCTION access_verdict_is_carried_truly();
"""
NO_MORE = """
DROP TRIGGER access_verdict_carried_truly ON access_verdict;
DROP FUNCTION access_verdict_is_carried_truly();
"""


class Migration(migrations.Migration):
    """Where the rules say so, what somebody said counts for the next evaluation of the same facts."""

    dependencies = [("access", "0024_rounds_of_conditions")]

    operations = [
        migrations.AddField(
            "stage",
            "keep_verdicts",
            models.CharField(
                blank=True, choices=[("unchanged_facts", "unchanged_facts")], default="", max_length=15
            ),
        ),
        migrations.AddField(
            "verdict",
            "carried_from",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.verdict",
            ),
        ),
        migrations.AddConstraint(
            "verdict",
            models.CheckConstraint(
                condition=Q(carried_from__isnull=True) | ~Q(kind="return"), name="verdict_carried_stands"
            ),
        ),
        migrations.RunSQL(TRULY, NO_MORE),
    ]
