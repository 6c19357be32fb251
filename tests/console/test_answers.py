"""What an authority asks of the house itself is answered from what is on record, on a page and as a file."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from apps.accounts.models import Person
from apps.audit.models import AuditEvent
from apps.compliance import commands
from apps.compliance.commands import Origin, state_origin
from apps.compliance.lifecycle.deletions import JobState
from apps.compliance.lifecycle.occurrences import DELETING, EFFECTS, Happening
from apps.compliance.models import Duty
from apps.console.views.watch import DAYS
from apps.console.wording.watching import ANSWER_COLUMNS, ANSWER_WORDS, ANSWERS
from apps.credentials.commands import export_access_log
from apps.credentials.models import LeaseScope
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput
from apps.lakes.providers.contract import Access
from tests.access.refusals import refused
from tests.console.conftest import Browse
from tests.factories import occurrences
from tests.factories.access import AccessWorld, granted
from tests.factories.records import a_party
from tests.factories.reviews import used


def lines_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_who_the_officer_is_stands_there_by_role_and_by_record(world: AccessWorld, browse: Browse) -> None:
    a_party(world.organization, name="Nordwerk AG", dpo="Ada Berg, dpo@nordwerk.example")
    page = browse("auditor").get("/regulator/answers/designation/").text
    assert world.players["dpo"].person.name in page and "Ada Berg, dpo@nordwerk.example" in page
    rows = lines_of(browse("auditor").post("/regulator/lists/", {"report": "designation"}))
    assert {(row["designated"], row["by"]) for row in rows} >= {
        (world.players["dpo"].person.name, "role"),
        ("Ada Berg, dpo@nordwerk.example (Nordwerk AG)", "record"),
    }


def test_who_was_trained_is_told_of_everybody_who_works_here(world: AccessWorld, browse: Browse) -> None:
    late = world.players["scientist"].person
    Person.objects.filter(pk=late.pk).update(trained_on=database_now().date() - timedelta(days=367))
    rows = lines_of(browse("officer").post("/regulator/lists/", {"report": "training"}))
    by_name = {row["person"]: row["trained_in_time"] for row in rows}
    assert by_name[late.name] == "no"
    assert by_name[world.players["owner"].person.name] == "yes"
    page = browse("officer").get("/regulator/").context
    share = next(line["share"] for line in page["lines"] if line["question"].answered_by == "training")
    assert share.open == sum(answer == "no" for answer in by_name.values()) > 0


def test_what_was_deleted_is_told_with_what_shows_it(world: AccessWorld, browse: Browse) -> None:
    occurrences.in_effect(world.organization, Happening.RETENTION_ENDED, world.harmless.version)
    duty = Duty.objects.get(code="delete_or_anonymise")

    def told() -> dict[str, str]:
        rows = lines_of(browse("dpo").post("/regulator/lists/", {"report": "deletions"}))
        (row,) = (row for row in rows if row["state"] != "scheduled")
        return row

    assert (told()["done_on"], told()["in_time"], told()["state"]) == ("", "", "due")
    commands.finish_duty(actor=world["steward"], duty_id=duty.uid, evidence="Wiped; log W-3.")
    assert (told()["in_time"], told()["evidence"], told()["asset"]) == (
        "yes",
        "Wiped; log W-3.",
        world.harmless.asset.name,
    )
    assert "Wiped; log W-3." in browse("dpo").get("/regulator/answers/deletions/").text


def test_the_access_log_holds_every_key_that_worked_on_one_of_the_days(
    world: AccessWorld, browse: Browse
) -> None:
    grant = granted(world)
    now = database_now()
    taken = used(grant, at=now - timedelta(days=10))
    LeaseScope.objects.create(
        lease=taken, version=world.harmless.version, bucket="wells", prefix="logs/", access=Access.READ
    )

    def log(since: date, until: date, who: str = "officer") -> Any:
        asked = {"asset": world.harmless.asset.name.upper(), "since": since, "until": until}
        return browse(who).get(f"/regulator/access-log/?{urlencode(asked)}")

    on = taken.issued_at.date()
    found = log(on, on)
    assert [key.uid for key in found.context["found"]] == [taken.uid]
    assert grant.revision.request.ref in found.text and "wells/logs/" in found.text
    assert log(on - timedelta(days=9), on - timedelta(days=1)).context["found"] == []
    ended = taken.expires_at.date()
    assert log(ended + timedelta(days=1), ended + timedelta(days=9)).context["found"] == []
    asked = {"asset": world.harmless.asset.name, "since": on.isoformat(), "until": on.isoformat()}
    (row,) = lines_of(browse("officer").post("/regulator/access-log/", asked))
    assert (row["person"], row["key"]) == (world.players["scientist"].person.name, str(taken.uid))
    entry = AuditEvent.objects.get(name="credentials.asset.access_log_exported")
    assert (entry.subject_uid, entry.data["row_count"]) == (world.harmless.asset.uid, 1)
    with refused(InvalidInput, "ACCESS_LOG_REVERSED"):
        export_access_log(
            actor=world["officer"],
            asset_id=world.harmless.asset.uid,
            since=on,
            until=on - timedelta(days=1),
        )
    assert log(on, on, "scientist").status_code == 403
    assert browse("scientist").post("/regulator/access-log/", asked).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"asset": "Nothing of that name"},
        {"since": "2026-02-30"},
        {"until": "2025-12-31"},
        {"asset": "x\0"},
        {"asset": ""},
    ],
)
def test_what_cannot_be_asked_for_is_told_beside_the_field(
    world: AccessWorld, browse: Browse, wrong: dict[str, str]
) -> None:
    asked = {"asset": world.harmless.asset.name, "since": "2026-01-01", "until": "2026-01-31"}
    client = browse("officer")
    answers = (
        client.get(f"/regulator/access-log/?{urlencode({**asked, **wrong})}"),
        client.post("/regulator/access-log/", {**asked, **wrong}),
    )
    for answer in answers:
        assert answer.status_code == 400
        assert set(answer.context["form"].errors) == set(wrong)


def test_whoever_may_not_read_them_is_asked_none_of_these(world: AccessWorld, browse: Browse) -> None:
    lines = browse("steward").get("/regulator/").context["lines"]
    assert lines and not any(line["question"].is_of_the_trail for line in lines)
    for answer in ANSWERS:
        assert browse("steward").get(f"/regulator/answers/{answer}/").status_code == 403
        assert browse("steward").post("/regulator/lists/", {"report": answer}).status_code == 403
    assert browse("officer").get("/regulator/answers/anything/").status_code == 404


def test_days_of_an_answer_are_shown_as_days_are_shown_and_handed_over_as_the_norm_has_them(
    world: AccessWorld, browse: Browse
) -> None:
    ends = Origin(retention_ends_on=date(2098, 3, 1))
    state_origin(actor=world["officer"], asset_version_id=world.harmless.version.uid, origin=ends)
    page = browse("officer").get("/regulator/answers/deletions/").text
    assert "1 Mar 2098" in page and "2098-03-01" not in page
    assert "Scheduled" in page
    rows = lines_of(browse("officer").post("/regulator/lists/", {"report": "deletions"}))
    assert [row["state"] for row in rows if row["due_on"] == "2098-03-01"] == ["scheduled"]


def test_everything_an_answer_shows_has_its_words() -> None:
    columns = {name for made in commands.ABOUT_THE_HOUSE.values() for name in made[0]}
    assert columns <= set(ANSWER_COLUMNS)
    assert set(commands.ABOUT_THE_HOUSE) == set(ANSWERS)
    codes = {duty.code for effects in EFFECTS.values() for duty in effects.duties}
    assert set(DELETING) <= codes and set(DELETING) <= set(ANSWER_WORDS)
    assert {state.value for state in JobState} <= set(ANSWER_WORDS)
    assert set(DAYS) <= columns
