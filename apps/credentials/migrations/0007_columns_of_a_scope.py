from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0006_what_keys_touched"),
    ]

    operations = [
        migrations.AddField(
            model_name="leasescope",
            name="columns",
            field=ArrayField(base_field=models.CharField(max_length=200), blank=True, null=True, size=None),
        ),
        migrations.AddConstraint(
            model_name="leasescope",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("columns__isnull", True),
                    models.Q(("access", "read"), ("columns__len__gt", 0)),
                    _connector="OR",
                ),
                name="lease_scope_columns_are_read",
            ),
        ),
    ]
