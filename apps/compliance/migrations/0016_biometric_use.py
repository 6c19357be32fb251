"""A purpose says what faces, voices and other traits of a body are used for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0015_agreements_may_end")]

    operations = [
        migrations.AddField(
            model_name="purposeversion",
            name="biometric_use",
            field=models.CharField(
                blank=True,
                choices=[
                    ("none", "none"),
                    ("verification", "verification"),
                    ("identification", "identification"),
                    ("categorisation", "categorisation"),
                ],
                max_length=16,
                null=True,
            ),
        )
    ]
