"""What is due stands in one order, a page follows the other, and clocks run by the hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from django.utils import timezone

from apps.access.models import Grant
from apps.catalog.models import AssetKind
from apps.catalog.models.version import InputRole
from apps.compliance.commands import take_step
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.lifecycle.parties import PartyContent, PartyRole
from apps.compliance.lifecycle.rights import RightsContent, RightsType
from apps.compliance.lifecycle.transfers import SccModule, TransferContent
from apps.compliance.models import ModelAssessment
from apps.compliance.queries.due import DueKind, due_records, end_of
from apps.compliance.queries.transfers import passages
from apps.console import wording
from apps.console.clocks import clock_of
from apps.console.wording.watching import DUES, QUESTIONS, urgency
from apps.policy.law_words import TransferMechanism
from tests.console.conftest import Browse
from tests.factories import catalog as things
from tests.factories import compliance, occurrences
from tests.factories.access import AccessWorld, bound, granted
from tests.factories.occurrences import in_effect
from tests.factories.records import restated

NOW = datetime(2026, 3, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "hours", "minutes", "is_over", "tone"),
    [
        (timedelta(hours=71, minutes=30), 71, 30, False, "info"),
        (timedelta(hours=24), 24, 0, False, "warning"),
        (timedelta(0), 0, 0, True, "danger"),
        (timedelta(hours=-5, minutes=-1), 5, 1, True, "danger"),
    ],
)
def test_a_clock_says_what_is_left_or_since_when_it_is_over(
    left: timedelta, hours: int, minutes: int, is_over: bool, tone: str
) -> None:
    clock = clock_of(NOW + left, at=NOW)
    assert (clock.hours, clock.minutes, clock.is_over, clock.tone) == (hours, minutes, is_over, tone)
    assert 0 <= clock.gone <= clock.gone + clock.rest


def test_the_ring_is_empty_at_first_and_full_at_the_end() -> None:
    full = clock_of(NOW, at=NOW)
    fresh = clock_of(NOW + timedelta(hours=72), at=NOW)
    assert (fresh.gone, full.rest) == (0.0, 0.0)
    assert fresh.rest == full.gone > 300


def test_what_is_over_for_long_is_told_in_days() -> None:
    assert clock_of(NOW - timedelta(hours=99), at=NOW).days == 0
    assert clock_of(NOW - timedelta(hours=100), at=NOW).days == 4


def test_the_hours_run_over_the_change_of_clocks() -> None:
    """72 hours by the clock in UTC: at 17:30 in Berlin on the Friday before, 18:30 on the Monday after."""
    due = compliance.breach_content().aware_at
    assert due is not None
    assert clock_of(due + timedelta(hours=72), at=due).hours == 72


@pytest.mark.parametrize(
    ("left", "tone", "said"),
    [
        (timedelta(days=-3), "danger", "late by 3 days"),
        (timedelta(hours=-1), "danger", "late since today"),
        (timedelta(hours=5), "warning", "5 hours left"),
        (timedelta(days=6), "warning", "6 days left"),
        (timedelta(days=40), "neutral", "40 days left"),
    ],
)
def test_how_near_it_is_is_said_in_words(left: timedelta, tone: str, said: str) -> None:
    word = urgency(NOW + left, NOW)
    assert (word.tone, word.text) == (tone, said)


def test_a_day_is_over_when_it_has_ended() -> None:
    assert end_of(date(2026, 3, 27)) == datetime(2026, 3, 28, tzinfo=UTC)
    assert set(DUES) == set(DueKind)
    assert wording.Word(text="x").tone == "neutral"


def test_a_breach_a_task_and_a_condition_are_due_with_who_answers_for_them(
    world: AccessWorld, browse: Browse
) -> None:
    writer, other = world["officer"], world["second_officer"]
    breach = compliance.drafted_record(world.organization, "breaches", compliance.breach_content(), writer)
    assessment = compliance.assessed(world.organization, other, writer, world.personal.asset)
    condition = bound(granted(world))
    now = timezone.now()
    found = due_records(writer, at=now, until=now + timedelta(days=3650))
    kinds = {(due.kind, due.ref) for due in found}
    assert {(DueKind.AUTHORITY, breach.ref), (DueKind.TASK, assessment.ref)} <= kinds
    assert (DueKind.REVIEW, assessment.ref) in kinds
    task = next(due for due in found if due.kind is DueKind.TASK)
    assert task.who == "Works manager"
    review = next(due for due in found if (due.kind, due.ref) == (DueKind.REVIEW, assessment.ref))
    assert review.who == world.players["officer"].person.name
    said = replace(assessment.versions.get().said, answered_by="Works council")
    restated(assessment, said)
    found = due_records(writer, at=now, until=now + timedelta(days=3650))
    review = next(due for due in found if (due.kind, due.ref) == (DueKind.REVIEW, assessment.ref))
    assert review.who == "Works council"
    page = browse("officer").get("/deadlines/?days=365").text
    assert breach.ref in page
    assert str(condition.uid) in page
    assert breach.ref not in browse("scientist").get("/deadlines/?days=365").text


def test_a_measure_is_finished_on_its_document_and_leaves_the_board(
    world: AccessWorld, browse: Browse
) -> None:
    writer, other = world["officer"], world["second_officer"]
    row = compliance.assessed(world.organization, other, writer, world.personal.asset)
    (measure,) = row.versions.get().said.actions
    client, address = browse("officer"), f"/records/impact-assessments/{row.uid}/"
    document = client.get(f"{address}document/").text
    assert f"finish-measure/?measure={quote(measure.what)}" in document
    form = client.get(f"{address}finish-measure/?measure={quote(measure.what)}")
    assert form.context["form"]["measure"].value() == measure.what
    assert "finish-measure" not in browse("dpo").get(f"{address}document/").text
    said = {"measure": measure.what, "done_on": "2026-11-01", "evidence": "Minutes of 1 November"}
    said["key"] = form.context["form"]["key"].value()
    answer = client.post(f"{address}finish-measure/", {**said, "evidence_sha256": "c" * 64})
    assert answer.status_code == 302, answer.context["form"].errors
    document = client.get(f"{address}document/").text
    assert "Minutes of 1 November" in document and "c" * 64 in document
    assert "finish-measure" not in document
    now = timezone.now()
    found = due_records(writer, at=now, until=now + timedelta(days=36500))
    assert DueKind.TASK not in {due.kind for due in found if due.ref == row.ref}


def test_what_becomes_of_a_model_is_due_with_whose_it_is(world: AccessWorld, browse: Browse) -> None:
    data = world.harmless.version
    model = occurrences.made_from(things.asset(world.domain, AssetKind.MODEL), data, role=InputRole.TRAINING)
    occurrences.in_effect(world.organization, Happening.UNLAWFUL_COLLECTION, data)
    assessment = ModelAssessment.objects.get(version=model)
    page = browse("owner").get("/deadlines/?days=365&kind=model")
    (line,) = page.context["lines"]
    assert (line.due.kind, line.url) == (DueKind.MODEL, f"/model-assessments/{assessment.uid}/")
    assert line.due.at == end_of(assessment.due_on) and "the owner of the asset" in page.text
    assert browse("scientist").get("/deadlines/?days=365&kind=model").context["lines"] == []
    ModelAssessment.objects.filter(pk=assessment.pk).update(
        outcome="retire",
        why="Nobody needs it.",
        decided_at=timezone.now(),
        decided_by=world.players["owner"].person,
    )
    assert browse("owner").get("/deadlines/?days=365&kind=model").context["lines"] == []


def test_the_period_of_the_authority_is_due_from_its_receipt_and_the_receipt_before(
    world: AccessWorld,
) -> None:
    writer, other = world["officer"], world["second_officer"]
    assessment = compliance.assessed(
        world.organization, other, writer, world.personal.asset, proportionality="Few read it."
    )
    steps = ("begin", "consult", "advise", "decide")
    takers = (writer, writer, world["dpo"], world["owner"])
    said = ({}, {}, {"opinion": "favourable", "text": "As written."}, {"decision": "consult_authority"})
    for step, taker, words in zip(steps, takers, said, strict=True):
        take_step(actor=taker, legal_record_id=assessment.uid, step=step, said=words)

    def due() -> set[tuple[DueKind, str]]:
        now = timezone.now()
        found = due_records(writer, at=now, until=now + timedelta(days=100))
        return {(each.kind, each.article) for each in found if each.ref == assessment.ref}

    assert (DueKind.TASK, "Art. 36(2) GDPR") in due()
    received = {"received_on": timezone.now().date().isoformat()}
    take_step(actor=writer, legal_record_id=assessment.uid, step="authority-received", said=received)
    assert (DueKind.CONSULTATION, "Art. 36(2) GDPR") in due()
    assert (DueKind.TASK, "Art. 36(2) GDPR") not in due()


def test_pages_of_deadlines_hold_every_line_once_in_one_order(world: AccessWorld, browse: Browse) -> None:
    grant: Grant = granted(world)
    now = timezone.now()
    made = [
        bound(
            grant,
            code=f"SET-{number}",
            text=f"Condition {number:02}.",
            due_at=now + timedelta(days=1 + number % 3),
        )
        for number in range(25)
    ]
    client, seen, path = browse("officer"), [], "/deadlines/?kind=condition"
    for _page in range(2):
        answer = client.get(path)
        seen += [line.due.uid for line in answer.context["lines"]]
        path = f"/deadlines/?{answer.context['page'].next}"
    assert len(seen) == len(set(seen))
    assert {condition.uid for condition in made} == set(seen)
    assert answer.context["page"].next == ""


def test_the_table_of_transfers_says_what_each_lacks_today(world: AccessWorld, browse: Browse) -> None:
    writer, other = world["officer"], world["second_officer"]
    said = PartyContent(
        name="Desk Inc.",
        address="1 Main Street",
        contact="desk@example.org",
        country="IN",
        is_international_organization=False,
        role=PartyRole.INDEPENDENT,
        is_public_authority=False,
    )
    party = compliance.approved_record(world.organization, "parties", said, other, writer)
    content = TransferContent(
        name="Help desk",
        importer=party.uid,
        data="Names of employees.",
        mechanism=TransferMechanism.STANDARD_CLAUSES,
        scc_module=SccModule.C2C,
        is_running=True,
    )
    compliance.approved_record(world.organization, "transfers", content, other, writer)
    (row,) = passages(writer, on=timezone.localdate())
    assert (row.country, row.is_restricted) == ("IN", True)
    assert "TRANSFER_RECORD_TIA_MISSING" in {reason.code for reason in row.gaps}
    assert row.stage == "active"
    in_effect(world.organization, Happening.INSTRUMENT_INVALID, world.personal.version, country="IN")
    (row,) = passages(writer, on=timezone.localdate())
    assert row.stage == "suspended"
    assert "Suspended" in browse("officer").get("/transfers/").text
    transfer = browse("officer").get(f"/records/transfers/{row.uid}/")
    assert (transfer.context["stage"], "Suspended" in transfer.text) == ("suspended", True)
    assert "1 transfer lacks something" in browse("officer").get("/transfers/").text


def answers_due(world: AccessWorld) -> set[UUID]:
    now = timezone.now()
    found = due_records(world["officer"], at=now, until=now + timedelta(days=365))
    return {due.uid for due in found if due.kind is DueKind.ANSWER}


def test_a_request_whose_clock_stands_says_since_when_and_by_which_article(
    world: AccessWorld, browse: Browse
) -> None:
    content = RightsContent(
        name="Access",
        type=RightsType.ACCESS,
        received_at=timezone.now() - timedelta(days=2),
        person_ref="7",
        calendar="DE",
    )
    kept = compliance.approved_record(
        world.organization, "rights-requests", content, world["second_officer"], world["officer"]
    )
    client, path = browse("officer"), f"/records/rights-requests/{kept.uid}/"
    assert "The law wants the next step by" in client.get(path).text
    form = client.get(f"{path}cannot-tell/")
    assert "Why we cannot tell whose data are whose" in form.text
    said = {"why": "The rows bear no key.", "why_untold": "They left no address."}
    said["key"] = form.context["form"]["key"].value()
    assert client.post(f"{path}cannot-tell/", said).status_code == 302
    page = client.get(path)
    told = page.context["stopped"]
    assert (told.since, told.article) == (timezone.now().date(), "Art. 11(2) GDPR")
    assert "The clock stands since" in page.text and "If it went on today" in page.text
    assert kept.uid not in answers_due(world)
    key = client.get(f"{path}can-tell/").context["form"]["key"].value()
    cured = client.post(f"{path}can-tell/", {"what": "The number of a letter.", "key": key})
    assert cured.status_code == 302
    assert "The law wants the next step by" in client.get(path).text
    assert kept.uid in answers_due(world)


def test_every_question_of_a_regulator_leads_to_its_answer(world: AccessWorld, browse: Browse) -> None:
    client = browse("officer")
    page = client.get("/regulator/")
    assert [client.get(line["url"]).status_code for line in page.context["lines"]] == [200] * len(QUESTIONS)
    with_share = [line for line in page.context["lines"] if line["question"].answered_by]
    assert all(line["share"] is not None for line in with_share)


def test_reports_are_taken_out_where_they_are_read(world: AccessWorld, browse: Browse) -> None:
    writer, other = world["officer"], world["second_officer"]
    assessment = compliance.assessed(world.organization, other, writer, world.personal.asset)
    path = f"/records/impact-assessments/{assessment.uid}"
    page = browse("officer").get(f"{path}/document/").text
    assert "matrix-before" in page
    answer = browse("officer").post(f"{path}/export/", {"report": "report"})
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Report (PDF)" not in browse("scientist").get(f"{path}/document/").text
    assert browse("scientist").post(f"{path}/export/", {"report": "report"}).status_code == 403
    log = browse("officer").post("/regulator/lists/", {"report": "rights-log"})
    assert log.content.startswith(b"ref,type,received")
