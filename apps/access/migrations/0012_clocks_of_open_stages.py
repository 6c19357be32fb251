from django.db import migrations

# What was being decided when stages had no clock of their own goes on by the clock of its request.
BEGIN = """
UPDATE access_stage s SET opened_at = r.submitted_at, due_at = r.due_at, remind_at = r.due_at
FROM access_request r
WHERE r.state = 'in_review' AND s.closed_at IS NULL AND s.opened_at IS NULL
  AND s.decision_id = (SELECT max(d.id) FROM access_decision d WHERE d.revision_id = r.revision_id)
  AND s.position = (SELECT min(o.position) FROM access_stage o
                    WHERE o.decision_id = s.decision_id AND o.closed_at IS NULL);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0011_what_moves_in_a_route")]

    operations = [migrations.RunSQL(BEGIN, migrations.RunSQL.noop)]
