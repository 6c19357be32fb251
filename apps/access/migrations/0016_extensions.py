"""A request may ask to carry a grant on; at most one such request is open for a grant."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0015_agreements"),
    ]

    operations = [
        migrations.AddField(
            model_name="request",
            name="extends",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extensions",
                to="access.grant",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["approved", "lapsed", "rejected", "withdrawn"]), _negated=True
                ),
                fields=("extends",),
                name="request_one_open_extension",
            ),
        ),
    ]
