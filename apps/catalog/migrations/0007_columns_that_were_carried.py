"""Where the house made a version from another, it is known which columns went into which."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_names_tell_nothing")]

    operations = [
        migrations.AddField(model_name="versioninput", name="carried", field=models.JSONField(null=True)),
    ]
