from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT

from apps.kernel.ids import new_uid

STATES = [(each, each) for each in ("proposed", "in_force", "rejected", "withdrawn")]

GUARD = """
CREATE FUNCTION classification_ladder_change_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
        OR (OLD.document, OLD.base_version, OLD.is_laxer, OLD.organization_id, OLD.proposed_by_id)
            IS DISTINCT FROM
            (NEW.document, NEW.base_version, NEW.is_laxer, NEW.organization_id, NEW.proposed_by_id)
        OR (OLD.sensitivity_class_id IS NOT NULL AND OLD.sensitivity_class_id <> NEW.sensitivity_class_id)
    THEN
        RAISE EXCEPTION 'What was proposed for the ladder stays as it is, and so does what became of it.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'in_force' AND (
        EXISTS (SELECT FROM catalog_asset a WHERE NOT EXISTS (
            SELECT FROM classification_ladderconsent c
            WHERE c.change_id = NEW.id AND c.organization_id = a.organization_id))
        OR (SELECT count(*) FROM classification_ladderconsent c WHERE c.change_id = NEW.id)
            < CASE WHEN NEW.is_laxer THEN 2 ELSE 1 END)
    THEN
        RAISE EXCEPTION 'Not every organization with data, or no second person, has agreed.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER classification_ladder_change_moves BEFORE UPDATE OR DELETE ON classification_ladderchange
    FOR EACH ROW EXECUTE FUNCTION classification_ladder_change_moves();
CREATE FUNCTION classification_consent_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Who has agreed to a change of the ladder has agreed.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER classification_consent_stays BEFORE UPDATE OR DELETE ON classification_ladderconsent
    FOR EACH ROW EXECUTE FUNCTION classification_consent_stays();
"""
OPEN = """
DROP TRIGGER classification_consent_stays ON classification_ladderconsent;
DROP FUNCTION classification_consent_stays();
DROP TRIGGER classification_ladder_change_moves ON classification_ladderchange;
DROP FUNCTION classification_ladder_change_moves();
"""


def base() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("uid", models.UUIDField(default=new_uid, editable=False, unique=True)),
        ("row_version", models.PositiveIntegerField(default=1, editable=False)),
        ("created_at", models.DateTimeField(editable=False)),
    ]


def to(model: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=PROTECT, to=model, **{"related_name": "+", **more})


class Migration(migrations.Migration):
    """What somebody wants of the one ladder, and who has agreed to it for their organization."""

    dependencies = [
        ("accounts", "0012_facts_of_the_law"),
        ("catalog", "0001_initial"),
        ("classification", "0005_all_but_the_highest_class"),
    ]

    operations = [
        migrations.CreateModel(
            name="LadderChange",
            fields=[
                *base(),
                ("document", models.JSONField()),
                ("base_version", models.PositiveIntegerField(null=True)),
                ("is_laxer", models.BooleanField()),
                ("state", models.CharField(choices=STATES, default="proposed", max_length=20)),
                ("closed_at", models.DateTimeField(null=True)),
                ("rejection_reason", models.TextField(blank=True)),
                ("closed_by", to("accounts.person", null=True)),
                ("organization", to("accounts.organization")),
                ("proposed_by", to("accounts.person")),
                ("sensitivity_class", to("classification.sensitivityclass", null=True)),
            ],
            options={
                "verbose_name": "change of the ladder",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state="proposed"),
                        fields=["sensitivity_class"],
                        name="ladder_change_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=Q(closed_at__isnull=True, closed_by__isnull=True, state="proposed")
                        | (~Q(state="proposed") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                        name="ladder_change_closed_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="rejected") ^ Q(rejection_reason=""),
                        name="ladder_change_rejected_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="in_force") | Q(sensitivity_class__isnull=False),
                        name="ladder_change_in_force_on_a_class",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LadderConsent",
            fields=[
                *base(),
                ("change", to("classification.ladderchange", related_name="consents")),
                ("organization", to("accounts.organization")),
                ("person", to("accounts.person")),
            ],
            options={
                "verbose_name": "consent to a change of the ladder",
                "constraints": [
                    models.UniqueConstraint(fields=("change", "person"), name="ladder_consent_once"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, OPEN),
    ]
