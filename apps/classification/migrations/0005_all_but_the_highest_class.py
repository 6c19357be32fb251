"""An emergency opens every class but the highest, until an officer says otherwise."""

from django.db import migrations

FORWARD = """
UPDATE classification_sensitivityclass SET is_break_glass_allowed = true
WHERE rank < (SELECT max(rank) FROM classification_sensitivityclass);
"""


class Migration(migrations.Migration):
    dependencies = [("classification", "0004_classes_that_an_emergency_opens")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
