"""A name that somebody else uses, where one may not look, is no longer refused."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_no_circles")]

    operations = [
        migrations.RemoveConstraint(model_name="asset", name="asset_name_once"),
        migrations.AddIndex(
            model_name="asset",
            index=models.Index("domain", "kind", Lower("name"), name="asset_by_name"),
        ),
    ]
