"""A new house begins with all rules of the law; one that decides already adopts them after a replay."""

from django.db import migrations
from django.utils import timezone

from apps.kernel.ids import new_uid
from apps.policy.rulebook import LAWFUL_RULEBOOK


def put_the_law_in_force(apps, schema_editor):
    if apps.get_model("accounts", "Organization").objects.exists():
        return
    now = timezone.now()
    apps.get_model("access", "Rulebook").objects.create(
        uid=new_uid(),
        name=LAWFUL_RULEBOOK.id,
        version=LAWFUL_RULEBOOK.version,
        document=LAWFUL_RULEBOOK.as_dict(),
        sha256=LAWFUL_RULEBOOK.sha256,
        published_at=now,
        created_at=now,
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0027_recalls"), ("accounts", "0012_facts_of_the_law")]

    operations = [migrations.RunPython(put_the_law_in_force, migrations.RunPython.noop)]
