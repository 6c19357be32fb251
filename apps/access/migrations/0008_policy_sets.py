from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.deletion import PROTECT

from apps.kernel.ids import new_uid

STATES = [("draft", "draft"), ("in_review", "in_review"), ("published", "published")]

PUBLISHED_STAYS = """
CREATE TRIGGER access_policyset_published BEFORE UPDATE ON access_policyset
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_policyset_kept BEFORE DELETE ON access_policyset
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION access_is_immutable();
CREATE TRIGGER access_policyreplay_finished BEFORE UPDATE ON access_policyreplay
    FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION access_is_immutable();
"""
PUBLISHED_GOES = """
DROP TRIGGER access_policyreplay_finished ON access_policyreplay;
DROP TRIGGER access_policyset_kept ON access_policyset;
DROP TRIGGER access_policyset_published ON access_policyset;
"""


def base() -> list[tuple[str, models.Field]]:
    return [
        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
        ("uid", models.UUIDField(default=new_uid, editable=False, unique=True)),
        ("row_version", models.PositiveIntegerField(default=1, editable=False)),
        ("created_at", models.DateTimeField(editable=False)),
    ]


def to(model: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=PROTECT, to=model, **{"related_name": "+", **more})


class Migration(migrations.Migration):
    """The organization's own rules as versions of their text, and what drafts would have changed."""

    dependencies = [("access", "0007_revision_ticket"), ("accounts", "0005_projects")]

    operations = [
        migrations.CreateModel(
            name="PolicySet",
            fields=[
                *base(),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("document", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("state", models.CharField(choices=STATES, default="draft", max_length=10)),
                ("published_at", models.DateTimeField(null=True)),
                ("effective_from", models.DateTimeField(null=True)),
                ("organization", to("accounts.organization")),
                ("author", to("accounts.person")),
                ("approver", to("accounts.person", null=True)),
            ],
            options={
                "verbose_name": "policy set",
                "constraints": [
                    models.UniqueConstraint(fields=["organization", "number"], name="policy_set_number_once"),
                    models.CheckConstraint(
                        condition=Q(approver__isnull=True) | ~Q(approver=F("author")),
                        name="policy_set_two_people",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            state="published",
                            approver__isnull=False,
                            published_at__isnull=False,
                            effective_from__gte=F("published_at"),
                        )
                        | (
                            ~Q(state="published")
                            & Q(approver__isnull=True, published_at__isnull=True, effective_from__isnull=True)
                        ),
                        name="policy_set_published_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyReplay",
            fields=[
                *base(),
                ("draft_sha256", models.CharField(max_length=64)),
                ("base_sha256", models.CharField(max_length=64)),
                ("months", models.PositiveSmallIntegerField()),
                ("since", models.DateTimeField()),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("changed", models.JSONField(default=list)),
                ("finished_at", models.DateTimeField(null=True)),
                ("policy_set", to("access.policyset", related_name="replays")),
                ("started_by", to("accounts.person")),
            ],
            options={"verbose_name": "replay"},
        ),
        migrations.RunSQL(PUBLISHED_STAYS, PUBLISHED_GOES),
    ]
