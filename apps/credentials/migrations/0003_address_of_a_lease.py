"""A lease knows where its key was made: the connection may lead elsewhere later."""

from django.db import migrations, models

NAMES = ("endpoint", "sts_endpoint", "iam_endpoint", "region")


def take_it_from_the_lake(apps, schema_editor):
    leases = apps.get_model("credentials", "Lease").objects
    for lake in apps.get_model("lakes", "Lake").objects.exclude(flavor="demo"):
        leases.filter(lake=lake).update(address={name: getattr(lake, name) for name in NAMES})


class Migration(migrations.Migration):
    dependencies = [("credentials", "0002_role_of_a_lease")]

    operations = [
        migrations.AddField(
            model_name="lease",
            name="address",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(take_it_from_the_lake, migrations.RunPython.noop),
    ]
