"""Agreements on the use of data have stages from now on; days bring those that were kept before to theirs."""

from django.db import migrations

BEGUN = """
ALTER TABLE compliance_legalrecord DISABLE TRIGGER compliance_stage_moves;
UPDATE compliance_legalrecord SET stage = 'negotiated' WHERE kind = 'use-agreements' AND stage = '';
ALTER TABLE compliance_legalrecord ENABLE TRIGGER compliance_stage_moves;
"""

WITHOUT_STAGES = """
ALTER TABLE compliance_legalrecord DISABLE TRIGGER compliance_stage_moves;
UPDATE compliance_legalrecord SET stage = '' WHERE kind = 'use-agreements';
ALTER TABLE compliance_legalrecord ENABLE TRIGGER compliance_stage_moves;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0013_brought_registers")]

    operations = [migrations.RunSQL(BEGUN, WITHOUT_STAGES)]
