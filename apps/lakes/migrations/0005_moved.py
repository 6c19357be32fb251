from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lakes", "0004_options_of_a_flavor")]

    operations = [
        migrations.AddField(
            model_name="lake",
            name="moved_at",
            field=models.DateTimeField(blank=True, help_text="When it came to lead elsewhere.", null=True),
        ),
    ]
