from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lakes", "0003_operated_by"),
    ]

    operations = [
        migrations.AlterField(model_name="lake", name="flavor", field=models.CharField(max_length=10)),
        migrations.AlterField(
            model_name="lake", name="region", field=models.CharField(blank=True, max_length=40)
        ),
        migrations.AlterField(
            model_name="lake", name="role_arn", field=models.CharField(blank=True, max_length=300)
        ),
        migrations.AddField(
            model_name="lake", name="options", field=models.JSONField(blank=True, default=dict)
        ),
        migrations.AddConstraint(
            model_name="lake",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("flavor__in", ["aws", "ceph", "minio", "demo"]), _negated=True),
                    models.Q(("role_arn", ""), _negated=True),
                    _connector="OR",
                ),
                name="lake_role_where_narrowed_from_one",
            ),
        ),
    ]
