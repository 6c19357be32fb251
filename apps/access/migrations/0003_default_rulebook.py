"""The first rulebook, so that day one does not say no to everything."""

from django.db import migrations
from django.utils import timezone

from apps.kernel.ids import new_uid
from apps.policy.rulebook import DEFAULT_RULEBOOK


def publish_the_default(apps, schema_editor):
    now = timezone.now()
    apps.get_model("access", "Rulebook").objects.create(
        uid=new_uid(),
        name=DEFAULT_RULEBOOK.id,
        version=DEFAULT_RULEBOOK.version,
        document=DEFAULT_RULEBOOK.as_dict(),
        sha256=DEFAULT_RULEBOOK.sha256,
        published_at=now,
        created_at=now,
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0002_index_and_immutability")]

    operations = [migrations.RunPython(publish_the_default, migrations.RunPython.noop)]
