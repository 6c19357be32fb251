"""That an agreement on data has ended is something that happens to them."""

from django.db import migrations, models

HAPPENINGS = [
    ("consent_withdrawn", "Consent withdrawn"),
    ("erasure_granted", "Erasure granted"),
    ("erasure_refused", "Erasure refused"),
    ("restriction", "Processing restricted"),
    ("objection", "Objection raised"),
    ("rectification", "Data put right"),
    ("unlawful_collection", "Collected unlawfully"),
    ("retention_ended", "Retention ended"),
    ("agreement_ended", "Agreement on data ended"),
    ("instrument_invalid", "A transfer has lost its basis"),
    ("dpia_outdated", "Impact assessment outdated"),
    ("class_raised", "Class raised"),
]


class Migration(migrations.Migration):
    dependencies = [("compliance", "0014_agreements_have_stages")]

    operations = [
        migrations.AlterField(
            model_name="occurrence",
            name="happening",
            field=models.CharField(choices=HAPPENINGS, max_length=30),
        )
    ]
