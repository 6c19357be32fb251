"""Files of a request, and which of them a revision holds; a sent revision keeps its files."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids

FIXED = """
CREATE TRIGGER access_attachment_kept BEFORE DELETE ON access_attachment
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_attachment_fixed BEFORE UPDATE ON access_attachment
    FOR EACH ROW WHEN (OLD.removed_at IS NOT NULL
                       OR to_jsonb(OLD) - ARRAY['removed_at', 'row_version']
                          IS DISTINCT FROM to_jsonb(NEW) - ARRAY['removed_at', 'row_version'])
    EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_attachments_of_frozen BEFORE INSERT OR UPDATE OR DELETE ON access_revision_attachments
    FOR EACH ROW EXECUTE FUNCTION access_item_of_frozen();
"""

OPEN = """
DROP TRIGGER access_attachments_of_frozen ON access_revision_attachments;
DROP TRIGGER access_attachment_fixed ON access_attachment;
DROP TRIGGER access_attachment_kept ON access_attachment;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0013_comments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=apps.kernel.ids.new_uid, editable=False, unique=True)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("name", models.CharField(max_length=150)),
                (
                    "media_type",
                    models.CharField(
                        choices=[
                            ("application/pdf", "PDF"),
                            ("image/png", "PNG"),
                            ("image/jpeg", "JPEG"),
                            ("text/plain", "text"),
                            ("text/csv", "CSV"),
                            ("text/markdown", "Markdown"),
                        ],
                        max_length=20,
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored_as", models.CharField(max_length=64, unique=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="access.request",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
            },
        ),
        migrations.AddField(
            model_name="revision",
            name="attachments",
            field=models.ManyToManyField(related_name="revisions", to="access.attachment"),
        ),
        migrations.RunSQL(FIXED, OPEN),
    ]
