"""Bases of consent have stages of their own from now on: those that were kept before are in use."""

from django.db import migrations

IN_USE = """
ALTER TABLE compliance_legalrecord DISABLE TRIGGER compliance_stage_moves;
UPDATE compliance_legalrecord SET stage = 'kept' WHERE kind = 'consent-bases' AND stage = '';
ALTER TABLE compliance_legalrecord ENABLE TRIGGER compliance_stage_moves;
"""

WITHOUT_STAGES = """
ALTER TABLE compliance_legalrecord DISABLE TRIGGER compliance_stage_moves;
UPDATE compliance_legalrecord SET stage = '' WHERE kind = 'consent-bases';
ALTER TABLE compliance_legalrecord ENABLE TRIGGER compliance_stage_moves;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0009_particulars_of_activities")]

    operations = [migrations.RunSQL(IN_USE, WITHOUT_STAGES)]
