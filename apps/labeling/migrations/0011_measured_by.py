"""By which version of its labeling policy a label set was measured."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0020_evidence_of_purposes"),
        ("labeling", "0010_areas"),
    ]

    operations = [
        migrations.AddField(
            model_name="labelsetreview",
            name="policy",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="compliance.legalrecordversion",
            ),
        ),
    ]
