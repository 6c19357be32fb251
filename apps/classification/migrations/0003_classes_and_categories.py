"""The four classes and the taxonomy that a new installation begins with."""

from django.db import migrations
from django.utils import timezone

from apps.classification.taxonomy import shipped_categories

CLASSES = [
    {
        "rank": 0,
        "code": "open",
        "label": "Open",
        "definition": "Published, or fit to be: nobody is harmed when everybody reads it.",
        "max_grant_days": 365,
        "max_lease_minutes": 720,
        "stages": [],
        "needs_step_up": False,
        "is_auto_ok_allowed": True,
    },
    {
        "rank": 1,
        "code": "internal",
        "label": "Internal",
        "definition": "For those who work here: harmless inside, not meant for outside.",
        "max_grant_days": 365,
        "max_lease_minutes": 720,
        "stages": [],
        "needs_step_up": False,
        "is_auto_ok_allowed": True,
    },
    {
        "rank": 2,
        "code": "confidential",
        "label": "Confidential",
        "definition": "For those who need it: in the wrong hands it harms people or the organization.",
        "max_grant_days": 180,
        "max_lease_minutes": 240,
        "stages": ["data_owner"],
        "needs_step_up": False,
        "is_auto_ok_allowed": False,
    },
    {
        "rank": 3,
        "code": "restricted",
        "label": "Restricted",
        "definition": "For a few, by name: in the wrong hands it gravely harms people or the organization.",
        "max_grant_days": 90,
        "max_lease_minutes": 60,
        "stages": ["data_owner", "compliance_officer"],
        "needs_step_up": True,
        "is_auto_ok_allowed": False,
    },
]


def put_up_the_ladder(apps, schema_editor):
    ladder = apps.get_model("classification", "SensitivityClass")
    for step in CLASSES:
        ladder.objects.get_or_create(code=step["code"], defaults={**step, "created_at": timezone.now()})


def fill_the_taxonomy(apps, schema_editor):
    table = apps.get_model("classification", "DataCategory")
    entries = list(shipped_categories())
    rows = {}
    for entry in entries:
        rows[entry.code], _ = table.objects.get_or_create(
            code=entry.code,
            defaults={
                "scheme": entry.scheme,
                "iri": entry.iri,
                "label": entry.label,
                "definition": entry.definition,
                "special_kind": entry.special_kind,
                "is_criminal": entry.is_criminal,
                "is_personal": entry.is_personal,
                "since": entry.since,
                "deprecated_on": entry.deprecated_on or None,
                "created_at": timezone.now(),
            },
        )
    for entry in entries:
        rows[entry.code].parents.set([rows[code] for code in entry.parents])
        if entry.replaced_by:
            rows[entry.code].replaced_by = rows[entry.replaced_by]
            rows[entry.code].save(update_fields=["replaced_by"])


class Migration(migrations.Migration):
    dependencies = [("classification", "0002_what_was_said_stays")]

    operations = [
        migrations.RunPython(put_up_the_ladder, migrations.RunPython.noop),
        migrations.RunPython(fill_the_taxonomy, migrations.RunPython.noop),
    ]
