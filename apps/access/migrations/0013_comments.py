"""Remarks, questions and answers beside the verdicts; what was said stays as it was said."""

import django.db.models.deletion
from django.db import migrations, models

import apps.kernel.ids

FIXED = """
CREATE TRIGGER access_comment_immutable BEFORE UPDATE OR DELETE ON access_comment
    FOR EACH ROW EXECUTE FUNCTION access_is_immutable();
"""

OPEN = """
DROP TRIGGER access_comment_immutable ON access_comment;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0012_clocks_of_open_stages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("remark", "remark"), ("question", "question"), ("answer", "answer")],
                        max_length=8,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everyone", "everybody who sees the request"),
                            ("deciders", "those who decide"),
                            ("requester_side", "the requester's side"),
                        ],
                        max_length=14,
                    ),
                ),
                ("text", models.TextField()),
                (
                    "answers",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="access.comment",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="access.request",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="comment_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answers__isnull", False), ("kind", "answer")),
                            models.Q(models.Q(("kind", "answer"), _negated=True), ("answers__isnull", True)),
                            _connector="OR",
                        ),
                        name="comment_answers_a_question",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "remark"), ("audience", "everyone"), _connector="OR"),
                        name="comment_question_is_open",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FIXED, OPEN),
    ]
