from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """For which part somebody asks to label."""

    dependencies = [("access", "0030_texts_of_pseudonyms_are_dropped")]

    operations = [
        migrations.AddField(
            "revision",
            "labeling_part",
            models.CharField(
                blank=True,
                choices=[
                    ("annotator", "annotator"),
                    ("adjudicator", "adjudicator"),
                    ("reviewer", "reviewer"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            "revision",
            models.CheckConstraint(
                condition=Q(labeling_part="") | Q(actions__contains=["label"]),
                name="revision_part_of_labeling",
            ),
        ),
    ]
