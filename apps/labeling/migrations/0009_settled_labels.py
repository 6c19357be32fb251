"""Labels by which somebody settled what others said: they are no answers of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labeling", "0008_imports_of_labels"),
    ]

    operations = [
        migrations.AddField(
            model_name="label",
            name="is_settled",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
