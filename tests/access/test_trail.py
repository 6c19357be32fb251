"""The trail as a file: what it holds, who may have it, and that it stands in the trail itself."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from apps.access.commands import export_trail, trail
from apps.access.queries import TrailFormat, TrailWanted, trail_wanted
from apps.accounts.models import Person
from apps.audit.models import AuditEvent
from apps.catalog.commands import change_asset
from apps.kernel.errors import NotPermitted, RuleBroken
from apps.lakes.commands import change_lake
from tests.factories import lakes
from tests.factories.access import AccessWorld, asked, draft

WORDS = {"lakes.change_lake": "Change a lake connection", "manage_lake": "connect and change lakes"}


def taken(world: AccessWorld, format: TrailFormat, *, who: str = "auditor", **wanted: Any) -> bytes:
    made = export_trail(actor=world[who], format=format, wanted=TrailWanted(**wanted), words=WORDS)
    content = made.file.read()
    assert (made.size, made.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    return content


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def objects_of(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def refused_lake(world: AccessWorld) -> AuditEvent:
    lake = lakes.connection(world.organization)
    with pytest.raises(NotPermitted):
        change_lake(actor=world["steward"], lake_id=lake.uid, region="elsewhere")
    return AuditEvent.objects.filter(name="lakes.change_lake").latest("pk")


def test_a_table_says_in_words_what_happened_and_why_it_was_refused(world: AccessWorld) -> None:
    event = refused_lake(world)
    (row,) = rows_of(taken(world, TrailFormat.CSV, of_object=event.subject_uid, of_outcome="refused"))
    assert row["What happened"] == "Change a lake connection"
    assert row["Why it was refused"] == "This is not yours to do: connect and change lakes."
    assert (row["Who"], row["Account"]) == (
        world.players["steward"].person.name,
        world.players["steward"].account.username,
    )
    assert (row["Entry"], row["About"]) == (str(event.uid), str(event.subject_uid))


def test_lines_hold_everything_that_was_recorded_oldest_first(world: AccessWorld) -> None:
    asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    told = objects_of(taken(world, TrailFormat.JSONL))
    there = trail_wanted(world["auditor"], TrailWanted()).order_by("pk")
    written = {str(event.uid): event for event in there if event.name != "access.trail.exported"}
    assert [each["id"] for each in told] == list(written)
    for each in told:
        event = written[each["id"]]
        assert (each["data"], each["commitments"]) == (event.data, event.commitments)
        assert each["personal"] == {row.field: row.value for row in event.personal.all()}


def test_what_fits_the_filters_is_taken_and_nothing_else(world: AccessWorld) -> None:
    event = refused_lake(world)
    name, lately = world.players["steward"].person.name, event.at - timedelta(seconds=30)
    found = objects_of(taken(world, TrailFormat.JSONL, of_who=name, of_event=event.name, since=lately))
    assert [each["id"] for each in found] == [str(event.uid)]
    assert taken(world, TrailFormat.JSONL, of_event=event.name, until=event.at) == b""


def test_the_export_becomes_an_entry_with_the_hash_of_the_file(world: AccessWorld) -> None:
    content = taken(world, TrailFormat.JSONL, of_who="somebody", of_outcome="refused")
    entry = AuditEvent.objects.filter(name="access.trail.exported").latest("pk")
    assert entry.subject_uid == world.organization.uid
    assert entry.data["sha256"] == hashlib.sha256(content).hexdigest()
    assert (entry.data["entries"], entry.data["format"], entry.data["of_outcome"]) == (0, "jsonl", "refused")
    assert {row.field: row.value for row in entry.personal.all()} == {"of_who": "somebody"}


def test_a_formula_in_a_name_is_text_to_a_spreadsheet(world: AccessWorld) -> None:
    steward = world.players["steward"].person
    Person.objects.filter(pk=steward.pk).update(name="=HYPERLINK(1)")
    event = refused_lake(world)
    (row,) = rows_of(taken(world, TrailFormat.CSV, of_object=event.subject_uid, of_outcome="refused"))
    assert row["Who"] == "'=HYPERLINK(1)"


def test_more_than_a_file_holds_is_refused_with_the_way_out(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = world.personal.asset
    change_asset(actor=world["steward"], asset_id=asset.uid, description="As of now.")
    wanted = {"of_object": asset.uid, "of_event": "catalog.asset.changed"}
    monkeypatch.setattr(trail, "MOST_ENTRIES", 1)
    assert len(objects_of(taken(world, TrailFormat.JSONL, **wanted))) == 1
    change_asset(actor=world["steward"], asset_id=asset.uid, description="As of later.")
    with pytest.raises(RuleBroken) as refusal:
        taken(world, TrailFormat.JSONL, **wanted)
    assert refusal.value.reasons[0].code == "TRAIL_TOO_LONG"


@pytest.mark.parametrize("who", ["scientist", "owner", "steward"])
def test_who_may_not_read_the_trail_may_not_take_it(world: AccessWorld, who: str) -> None:
    with pytest.raises(NotPermitted):
        taken(world, TrailFormat.CSV, who=who)
    assert AuditEvent.objects.filter(name="access.export_trail", outcome="refused").exists()
