"""A register is brought: looked at first, and then every row becomes a draft, or none does."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.compliance import commands, queries
from apps.compliance.imports.targets import Field
from apps.compliance.models import (
    ActivityVersion,
    ColumnMapping,
    LegalRecord,
    ProcessingActivity,
    RegisterImport,
)
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories import compliance as records

pytestmark = pytest.mark.django_db
HEAD = "Tätigkeit;purposes;recipients;security measures"


def brought(world: people.World, writer: Actor, *lines: str, **given: Any) -> RegisterImport:
    content = "\r\n".join([HEAD, *lines]).encode("cp1252")
    found = records.brought_register(world.organization, writer, content)
    columns = {**found.columns, "name": "Tätigkeit"}
    made: RegisterImport = commands.map_columns(
        actor=writer, register_import_id=found.uid, columns=columns, **given
    )
    return made


def test_every_row_becomes_a_draft_of_its_own_with_what_it_still_lacks(
    world: people.World, writer: Actor
) -> None:
    purpose = records.drafted_purpose(world.organization, writer, name="Pay people")
    file = brought(world, writer, "Löhne;Pay people;None;Encryption", "Bewerbungen;PU-0001;;")
    tried = queries.trial(writer, file.uid)
    assert [(line.number, line.name, line.faults) for line in tried.lines] == [
        (2, "Löhne", ()),
        (3, "Bewerbungen", ()),
    ]
    assert set(tried.lines[1].gaps) - set(tried.lines[0].gaps) == {Field.RECIPIENTS, Field.MEASURES}
    assert not ProcessingActivity.objects.exists(), "a dry run writes nothing"
    done = commands.import_register(actor=writer, register_import_id=file.uid)
    versions = list(ActivityVersion.objects.order_by("activity__ref"))
    assert [(each.name, each.record_status, each.is_running) for each in versions] == [
        ("Löhne", "draft", True),
        ("Bewerbungen", "draft", True),
    ]
    assert [each.purposes.get() for each in versions] == [purpose, purpose]
    assert versions[0].no_recipients_confirmed and versions[0].editors.get().pk == writer.person_id
    outlook = queries.activity_outlook(writer, versions[1].activity, (versions[1],))
    assert {"ACTIVITY_RECIPIENTS_UNCONFIRMED"} <= {reason.code for reason in outlook.missing}
    assert (done.draft_count, done.lines) == (2, [])
    entry = AuditEvent.objects.get(name="compliance.import.done")
    assert entry.data["sha256"] == file.sha256


def test_time_limits_become_drafts_of_schedules_once_and_are_known_the_next_time(
    world: people.World, writer: Actor
) -> None:
    def bring(*lines: str) -> RegisterImport:
        head = "Name;personal data;Löschfristen;sensitive data"
        content = "\r\n".join([head, *lines]).encode()
        return records.brought_register(world.organization, writer, content)

    kept = "Email Address: 6 years after end of the contract"
    file = bring(f"Letters;Email Address;{kept};No", f"Bills;Email Address;{kept};Yes: Health")
    tried = queries.trial(writer, file.uid)
    assert (tried.faults, tried.schedules) == (0, 1)
    assert not LegalRecord.objects.exists(), "a dry run writes nothing"
    commands.import_register(actor=writer, register_import_id=file.uid)
    schedule = LegalRecord.objects.get()
    version = schedule.versions.get()
    assert (schedule.kind, version.record_status) == ("retention-schedules", "draft")
    assert (version.content["duration"], version.content["trigger"]) == ("P6Y", "contract_end")
    rows = [each.particulars["personal_data"] for each in ActivityVersion.objects.order_by("pk")]
    assert [row[0]["retention"] for row in rows] == [str(schedule.uid)] * 2
    assert [row[1:] for row in rows] == [[], [{"special_kind": "health"}]]
    again = bring(f"Letters;Email Address;{kept};", "Notes;Email Address;RS-0001;")
    assert queries.trial(writer, again.uid).schedules == 0
    commands.import_register(actor=writer, register_import_id=again.uid)
    assert LegalRecord.objects.count() == 1


def test_an_unknown_trigger_in_one_line_drafts_no_schedule_of_another(
    world: people.World, writer: Actor
) -> None:
    content = (
        "Name;personal data;retention\nA;Email Address;6 years\nB;Email Address;6 years after doomsday\n"
    )
    file = records.brought_register(world.organization, writer, content.encode())
    with pytest.raises(RuleBroken) as refused:
        commands.import_register(actor=writer, register_import_id=file.uid)
    assert [(each.facts["line"], each.facts["given"]) for each in refused.value.reasons] == [(3, "doomsday")]
    assert not LegalRecord.objects.exists() and not ProcessingActivity.objects.exists()


def test_an_unknown_code_tells_every_line_and_changes_nothing(world: people.World, writer: Actor) -> None:
    file = brought(world, writer, "A;Unheard of;;", "B;;None;Encryption", "C;Unheard of;Friends;Prayer")
    with pytest.raises(RuleBroken) as refused:
        commands.import_register(actor=writer, register_import_id=file.uid)
    told = [(reason.facts["line"], reason.facts["given"]) for reason in refused.value.reasons]
    assert told == [(2, "Unheard of"), (4, "Unheard of"), (4, "Friends"), (4, "Prayer")]
    assert not ProcessingActivity.objects.exists()
    file.refresh_from_db()
    assert file.ended_at is None and len(file.lines) == 3


def test_a_choice_of_columns_is_kept_and_used_for_the_next_file(world: people.World, writer: Actor) -> None:
    brought(world, writer, "A;;;", keep_as="From the old system")
    brought(world, writer, "A;;;", keep_as="from the OLD system")
    kept = ColumnMapping.objects.get()
    assert kept.columns["name"] == "Tätigkeit"
    file = records.brought_register(world.organization, writer, (HEAD + "\nB;;;").encode())
    assert "name" not in file.columns
    commands.map_columns(actor=writer, register_import_id=file.uid, columns=kept.columns)
    assert queries.trial(writer, file.uid).lines[0].name == "B"
    for columns in ({"nothing": "Tätigkeit"}, {"name": "Nowhere"}, {"name": ""}):
        with pytest.raises(InvalidInput):
            commands.map_columns(actor=writer, register_import_id=file.uid, columns=columns)


def test_what_is_over_stays_over_and_keeps_no_lines(world: people.World, writer: Actor) -> None:
    file = brought(world, writer, "A;;;")
    gone = commands.discard_import(actor=writer, register_import_id=file.uid)
    assert (gone.lines, gone.draft_count) == ([], None)
    with pytest.raises(InvalidState):
        commands.import_register(actor=writer, register_import_id=file.uid)
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterImport.objects.filter(pk=file.pk).update(lines=[[2, ["A"]]])


def test_registers_are_brought_by_who_writes_records_into_their_own_house(
    world: people.World, writer: Actor
) -> None:
    file = brought(world, writer, "A;;;")
    with pytest.raises(NotPermitted):
        commands.import_register(actor=world[Role.AUDITOR].actor, register_import_id=file.uid)
    with pytest.raises(NotFound):
        queries.trial(world[Role.SCIENTIST].actor, file.uid)
    stranger = people.player(people.organization(), Role.COMPLIANCE_OFFICER).actor
    with pytest.raises(NotFound):
        queries.trial(stranger, file.uid)


def test_a_name_that_two_things_bear_names_neither(world: people.World, writer: Actor) -> None:
    for _ in range(2):
        records.drafted_purpose(world.organization, writer, name="Pay people")
    file = brought(world, writer, "A;Pay people;;", "B;PU-0002;;")
    lines = queries.trial(writer, file.uid).lines
    assert [len(line.faults) for line in lines] == [1, 0]


def test_a_dry_run_asks_as_often_for_many_lines_as_for_few(world: people.World, writer: Actor) -> None:
    things.published_asset(world.domain)
    few = brought(world, writer, "A;;;")
    many = brought(world, writer, *(f"A{number};;;" for number in range(100)))

    def asked(file: RegisterImport) -> int:
        with CaptureQueriesContext(connection) as found:
            queries.trial(writer, file.uid)
        return len(found)

    asked(few)  # what is known of the reader is remembered
    assert asked(few) == asked(many) <= 8


def test_the_operator_imports_from_the_command_line_and_looks_first(
    world: people.World, tmp_path: Path
) -> None:
    file, out = tmp_path / "register.csv", io.StringIO()
    file.write_bytes(b"Name;security measures\nPayroll;Encryption\n")
    call_command("import_register", world.organization.code, str(file), "--dry-run", stdout=out)
    assert "line 2: Payroll; gaps: purposes" in out.getvalue()
    assert not RegisterImport.objects.exists()
    call_command("import_register", world.organization.code, str(file), stdout=out)
    assert ProcessingActivity.objects.count() == 1
    file.write_bytes(b"Name;security measures\nPayroll;Prayer\n")
    with pytest.raises(CommandError, match="Line 2, security measures: «Prayer»"):
        call_command("import_register", world.organization.code, str(file), stdout=out)
    assert SYSTEM.is_system and ProcessingActivity.objects.count() == 1
