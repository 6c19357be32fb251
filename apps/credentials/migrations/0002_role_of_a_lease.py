"""A lease knows the role its key was narrowed from: the connection may name another one later."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_it_from_the_lake(apps, schema_editor):
    role = apps.get_model("lakes", "Lake").objects.filter(pk=OuterRef("lake")).values("role_arn")
    apps.get_model("credentials", "Lease").objects.update(role_arn=Subquery(role))


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial"), ("lakes", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="lease",
            name="role_arn",
            field=models.CharField(max_length=300, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(take_it_from_the_lake, migrations.RunPython.noop),
    ]
