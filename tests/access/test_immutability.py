"""What was sent and decided is kept by the database, against the application's own role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from apps.access.commands import create_request, reject_request, revoke_grant
from apps.access.facts import revision_sha256
from apps.access.models import (
    Decision,
    Grant,
    Request,
    Revision,
    RevisionItem,
    Rulebook,
    Slot,
    Stage,
    Verdict,
)
from portal.embedded import APP_ROLE
from tests.factories import accounts as people
from tests.factories.access import (
    AccessWorld,
    approved,
    asked,
    decision_of,
    draft,
    granted,
    revision_of,
    seen,
)


def run(sql: str, key: int) -> int:
    """How many rows it changed, as the role the application runs as."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APP_ROLE,)
        cursor.execute(sql, [key])
        return int(cursor.rowcount)


def refuses(sql: str, key: int) -> None:
    with pytest.raises(IntegrityError, match="never change"):
        run(sql, key)


REVISION_FIELDS = [
    "number = number + 1",
    "person_id = (SELECT max(id) FROM accounts_person)",
    "purpose_id = (SELECT max(id) FROM compliance_purpose)",
    "actions = '{write}'",
    "ends_at = ends_at + interval '1 day'",
    "ticket = 'x'",
    "actions = '{label}', labeling_part = 'reviewer'",
    "justification = 'x'",
    "edited_by_id = (SELECT max(id) FROM accounts_person)",
    "frozen_at = NULL, sha256 = ''",
    "sha256 = 'x'",
    "row_version = row_version",
]


@pytest.mark.parametrize("change", REVISION_FIELDS)
def test_a_frozen_revision_never_changes(change: str, world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    update = f"UPDATE access_revision SET {change} WHERE id = %s"  # noqa: S608
    refuses(update, request.revision_key)
    unsent = create_request(actor=world["scientist"], draft=draft(world.personal, world.purposes["pay"]))
    if "frozen" not in change and "sha256" not in change:
        assert run(update, unsent.revision_id)


def test_the_items_of_a_frozen_revision_never_change(world: AccessWorld) -> None:
    sent = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    unsent = create_request(actor=world["scientist"], draft=draft(world.personal, world.purposes["pay"]))
    more = (
        "INSERT INTO access_revisionitem (revision_id, asset_id, version_id, columns)"
        f" SELECT %s, {world.harmless.asset.pk}, {world.harmless.version.pk}, '{{}}'"
    )
    narrower = "UPDATE access_revisionitem SET columns = '{salary}' WHERE revision_id = %s"
    gone = "DELETE FROM access_revisionitem WHERE revision_id = %s"
    for sql in (more, narrower, gone):
        refuses(sql, sent.revision_key)
        assert run(sql, unsent.revision_id)
    stolen = "UPDATE access_revisionitem SET revision_id = revision_id WHERE revision_id = %s"
    refuses(stolen, sent.revision_key)


def test_an_item_is_not_slipped_into_a_frozen_revision_from_a_draft(world: AccessWorld) -> None:
    sent = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    unsent = create_request(actor=world["scientist"], draft=draft(world.harmless, world.purposes["rock"]))
    item = RevisionItem.objects.get(revision=unsent.revision_id)
    move = f"UPDATE access_revisionitem SET revision_id = {sent.revision_key} WHERE id = %s"  # noqa: S608
    refuses(move, item.pk)


def test_decisions_verdicts_and_rulebooks_never_change(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    reject_request(actor=world["owner"], reason="No.", rejection_code="risk", **seen(request))
    rows: dict[str, tuple[int, str]] = {
        "access_decision": (decision_of(request).pk, "effect = 'permit'"),
        "access_verdict": (Verdict.objects.get(revision=request.revision).pk, "kind = 'approve'"),
        "access_rulebook": (Rulebook.objects.latest("pk").pk, "document = '{}'"),
    }
    for table, (key, change) in rows.items():
        refuses(f"UPDATE {table} SET {change} WHERE id = %s", key)  # noqa: S608
        refuses(f"DELETE FROM {table} WHERE id = %s", key)  # noqa: S608


def test_a_route_is_neither_shortened_nor_opened_again(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    stage = Stage.objects.get(decision=decision_of(request), name="owner")
    slot = Slot.objects.get(stage=stage)
    refuses("DELETE FROM access_slot WHERE id = %s", slot.pk)
    refuses("UPDATE access_slot SET role = 'dpo' WHERE id = %s", slot.pk)
    refuses("DELETE FROM access_stage WHERE id = %s", stage.pk)
    for change in ("position = 9", "is_opinion = true", "count = 0", "roles = '{dpo}'"):
        refuses(f"UPDATE access_stage SET {change} WHERE id = %s", stage.pk)  # noqa: S608
    for terms in ("sla_days = 90", "on_timeout = 'lapse'", "fallback_roles = '{dpo}'", "rejections = 9"):
        refuses(f"UPDATE access_stage SET {terms} WHERE id = %s", stage.pk)  # noqa: S608
    assert run("UPDATE access_slot SET also_roles = '{steward}' WHERE id = %s", slot.pk)
    approved(request, world["owner"])
    refuses("UPDATE access_slot SET also_roles = '{}' WHERE id = %s", slot.pk)
    refuses("UPDATE access_stage SET closed_at = NULL WHERE id = %s", stage.pk)
    approved(request, world["officer"])


GRANT_FIELDS = [
    "organization_id = (SELECT min(id) FROM accounts_organization) - 1",
    "revision_id = (SELECT max(id) FROM access_revision) + 1",
    "decision_id = decision_id + 1",
    "subject_kind = 'service_account'",
    "person_id = (SELECT max(id) FROM accounts_person)",
    "service_account_id = (SELECT max(id) FROM accounts_account)",
    "project_id = 1",
    "is_break_glass = NOT is_break_glass",
    "asset_id = asset_id + 1",
    "version_id = version_id + 1",
    "purpose_id = purpose_id + 1",
    "columns = '{depth}'",
    "actions = '{read,export}'",
    "mode = 'following'",
    "obligations = '[{}]'",
    "limiting_factor = 'nothing'",
    "max_lease_minutes = 100000",
    "not_before = not_before - interval '1 day'",
    "not_after = not_after + interval '1 day'",
    "created_at = created_at - interval '1 day'",
    "uid = gen_random_uuid()",
]


@pytest.mark.parametrize("change", GRANT_FIELDS)
def test_the_scope_of_a_grant_never_changes(change: str, world: AccessWorld) -> None:
    grant = granted(world)
    refuses(f"UPDATE access_grant SET {change} WHERE id = %s", grant.pk)  # noqa: S608


def test_every_field_of_a_grant_but_its_state_is_tried_above() -> None:
    tried = {change.split(" ")[0] for change in GRANT_FIELDS}
    fields = {field.column for field in Grant._meta.concrete_fields}
    assert fields - tried == {"id", "state", "ended_at", "row_version"}


def test_an_ended_grant_stays_ended(world: AccessWorld) -> None:
    grant = granted(world)
    refuses("DELETE FROM access_grant WHERE id = %s", grant.pk)
    revoke_grant(actor=world["owner"], grant_id=grant.uid, comment="Enough.")
    refuses("UPDATE access_grant SET state = 'active', ended_at = NULL WHERE id = %s", grant.pk)
    refuses("UPDATE access_grant SET ended_at = ended_at + interval '1 h' WHERE id = %s", grant.pk)
    refuses("DELETE FROM access_grant WHERE id = %s", grant.pk)


@pytest.mark.parametrize("model", [Request, Revision, RevisionItem, Decision, Verdict, Rulebook, Grant, Slot])
def test_no_table_is_emptied(model: type[Request], db: None) -> None:
    empty = f"TRUNCATE {model._meta.db_table} CASCADE"
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(empty)


def test_the_hash_covers_everything_that_is_asked(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    assert revision_of(request).sha256 == revision_sha256(revision_of(request))
    later = revision_of(request).ends_at + timedelta(days=1)
    colleague = world.players["colleague"].person
    changes: dict[str, object] = {
        "number": 2,
        "subject_kind": "service_account",
        "service_account": world.robot,
        "project": people.project(world, colleague),
        "person": colleague,
        "edited_by": colleague,
        "purpose": world.purposes["unrecorded"],
        "actions": ["export"],
        "starts_at": later,
        "ends_at": later,
        "place_of_processing": "NO",
        "ticket": "DATA-7",
        "labeling_part": "reviewer",
        "justification": "Another.",
        "mode": "following",
    }
    for name, value in changes.items():
        revision = revision_of(request)
        setattr(revision, name, value)
        assert revision_sha256(revision) != revision.sha256, name
    besides = {"id", "uid", "row_version", "created_at", "request", "sha256", "frozen_at"}
    assert set(changes) | besides == {field.name for field in Revision._meta.concrete_fields}
