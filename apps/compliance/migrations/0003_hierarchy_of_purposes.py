"""The hierarchy of purposes that a new installation begins with."""

from django.db import migrations
from django.utils import timezone

from apps.compliance.taxonomy import shipped_purposes


def fill_the_hierarchy(apps, schema_editor):
    table = apps.get_model("compliance", "PurposeConcept")
    entries = list(shipped_purposes())
    rows = {}
    for entry in entries:
        rows[entry.code], _ = table.objects.get_or_create(
            code=entry.code,
            defaults={
                "scheme": entry.scheme,
                "iri": entry.iri,
                "label": entry.label,
                "definition": entry.definition,
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
    dependencies = [("compliance", "0002_signed_records_stay")]

    operations = [migrations.RunPython(fill_the_hierarchy, migrations.RunPython.noop)]
