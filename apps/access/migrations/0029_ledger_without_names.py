"""Six years after their last access, whoever has left is known by a code alone."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("access", "0028_law_of_new_houses"), ("accounts", "0012_facts_of_the_law")]

    operations = [
        migrations.CreateModel(
            name="Pseudonymized",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=apps.kernel.ids.new_uid, editable=False, unique=True)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("texts_dropped", models.PositiveIntegerField(default=0)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
            options={"verbose_name": "pseudonymized person"},
        ),
    ]
