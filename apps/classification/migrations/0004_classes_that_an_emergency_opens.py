from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("classification", "0003_classes_and_categories")]

    operations = [
        migrations.AddField("sensitivityclass", "is_break_glass_allowed", models.BooleanField(default=False)),
    ]
