"""Whether whoever erases says that none of somebody's items are here: only then does it answer a duty without
having met anything."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labeling", "0013_labels_of_several_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="itemerasure",
            name="none_here",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="itemerasure",
            constraint=models.CheckConstraint(
                condition=models.Q(none_here=False)
                | models.Q(("duty__isnull", False), ("items", 0), ("labels", 0)),
                name="item_erasure_none_here",
            ),
        ),
    ]
