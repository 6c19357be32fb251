"""Reports say what the records say, whole and word for word, and that one was made stands in the trail."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.compliance.commands import export_listing, export_report, take_step
from apps.compliance.lifecycle.breach import BreachRisk
from apps.compliance.lifecycle.controls import (
    CONTROLS,
    Control,
    ControlContent,
    ControlStatus,
)
from apps.compliance.lifecycle.cycle import Taken
from apps.compliance.lifecycle.declaration import Around, Evidence
from apps.compliance.lifecycle.dpia import DpiaContent, Harm, Level, Risk
from apps.compliance.lifecycle.dpia.matrix import LEVELS, Zone, matrix_of, zone_of
from apps.compliance.lifecycle.judging import judge
from apps.compliance.lifecycle.rights import (
    Channel,
    Extension,
    RightsContent,
    RightsDecision,
    RightsOutcome,
    RightsType,
)
from apps.compliance.rendering.listings import (
    CONTROL_COLUMNS,
    RIGHTS_COLUMNS,
    control_rows,
    rights_row,
)
from apps.kernel.errors import InvalidInput, NotFound, NotPermitted
from apps.kernel.separated import as_csv
from tests.factories import accounts, compliance
from tests.factories.accounts import Player

CODE = '#panic("x") $y$ *bold* <label>'


def risk(severity: Level, likelihood: Level, **more: Any) -> Risk:
    return Risk(harm=Harm.OPACITY, impact="Wrong shifts.", severity=severity, likelihood=likelihood, **more)


def test_a_risk_stands_in_its_place_before_and_after_the_measures() -> None:
    risks = (
        risk(Level.MAXIMAL, Level.LIMITED, severity_after=Level.LIMITED, likelihood_after=Level.NEGLIGIBLE),
        risk(Level.MAXIMAL, Level.LIMITED),
    )
    before, after = (matrix_of(risks, is_residual=each) for each in (False, True))
    assert before.rows[0][1].numbers == (1, 2)
    assert (before.unplaced, after.unplaced) == ((), (2,))
    assert after.rows[2][0].numbers == (1,)
    assert matrix_of((), is_residual=False).is_empty


def test_more_of_a_risk_never_looks_like_less() -> None:
    order = list(Zone)
    for one, severity in enumerate(LEVELS):
        for other, likelihood in enumerate(LEVELS):
            here = order.index(zone_of(severity, likelihood))
            assert all(order.index(zone_of(each, likelihood)) >= here for each in LEVELS[one:])
            assert all(order.index(zone_of(severity, each)) >= here for each in LEVELS[other:])


RECEIVED = datetime(2026, 8, 31, 10, tzinfo=UTC)


def rights_of(*log: Taken, **given: Any) -> dict[str, str]:
    made: dict[str, Any] = {
        "name": "What do you hold",
        "type": RightsType.ACCESS,
        "received_at": RECEIVED,
        "channel": next(iter(Channel)),
        "calendar": "DE",
        "person_ref": "=1+1",
        "is_identified": True,
    }
    content = RightsContent(**{**made, **given})
    row = rights_row("RR-0001", "in_progress", content, log, at=datetime(2026, 9, 10, tzinfo=UTC))
    return dict(zip(RIGHTS_COLUMNS, row, strict=True))


def step(slug: str, day: date, said: Any = None) -> Taken:
    return Taken(
        step=slug, before="", after="", said=said, at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    )


def test_the_log_tells_when_an_answer_was_due_and_whether_it_came_in_time() -> None:
    open_one = rights_of()
    assert (open_one["first_due"], open_one["due"], open_one["in_time"]) == (
        "2026-09-30",
        "2026-09-30",
        "yes",
    )
    outcome = RightsDecision(outcome=RightsOutcome.FULFILLED, why="Sent.")
    answered = rights_of(step("decide", date(2026, 9, 20), outcome))
    assert (answered["decided"], answered["days_to_answer"], answered["in_time"]) == (
        "2026-09-20",
        "20",
        "yes",
    )
    late = rights_of(step("decide", date(2026, 10, 1), outcome))
    assert (late["outcome"], late["in_time"]) == ("fulfilled", "no")
    extended = rights_of(
        step("extend", date(2026, 9, 5), Extension()), step("decide", date(2026, 11, 30), outcome)
    )
    assert (extended["first_due"], extended["due"], extended["in_time"]) == (
        "2026-09-30",
        "2026-11-30",
        "yes",
    )


def test_the_days_on_which_the_clock_stood_are_counted() -> None:
    asked = rights_of(step("ask-who", date(2026, 9, 1)), step("begin", date(2026, 9, 4)))
    assert (asked["clock_stood_days"], asked["due"]) == ("3", "2026-10-05")


def test_what_a_spreadsheet_would_run_is_text() -> None:
    told = as_csv(RIGHTS_COLUMNS, [tuple(rights_of().values())]).decode()
    assert next(csv.DictReader(io.StringIO(told)))["person_ref"] == "'=1+1"


def control(**given: Any) -> ControlContent:
    made: dict[str, Any] = {
        "name": "Reviews of access",
        "control": Control.ACCESS_RIGHTS,
        "is_applicable": True,
        "justification": "Data about people are kept.",
        "status": ControlStatus.IN_PLACE,
        "owner": "Data owner",
        "evidence": (Evidence(what="Campaign of spring", where="Reviews"),),
        "last_tested_on": date(2026, 11, 1),
    }
    return ControlContent(**{**made, **given})


def test_the_statement_names_every_control_also_those_nobody_spoke_of() -> None:
    rows = [dict(zip(CONTROL_COLUMNS, row, strict=True)) for row in control_rows([("CTL-0001", control())])]
    assert len(rows) == len(Control) - 1
    assert [row["record"] for row in rows if row["applicable"] == "yes"] == ["CTL-0001"]
    stated = next(row for row in rows if row["record"])
    assert (stated["control"], stated["last_tested"]) == ("ISO/IEC 27001:2022, A.5.18", "2026-11-01")
    other = control(control=Control.OTHER, other_ref="SOC 2, CC6.1")
    assert control_rows([("CTL-0002", other)])[-1][:2] == ("SOC 2, CC6.1", "Reviews of access")


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, set()),
        ({"last_tested_on": date(2025, 1, 1)}, {"CONTROL_UNTESTED"}),
        ({"evidence": ()}, {"CONTROL_WITHOUT_EVIDENCE"}),
        ({"status": ControlStatus.PLANNED, "evidence": (), "last_tested_on": None}, set()),
    ],
)
def test_what_is_said_to_be_in_place_wants_a_test_and_evidence(
    given: dict[str, Any], codes: set[str]
) -> None:
    found = judge(CONTROLS, control(**given), Around(today=date(2026, 11, 26)))
    assert {reason.code for reason in found.warnings} == codes
    assert not found.faults


@pytest.fixture
def officers(db: None) -> tuple[Player, Player]:
    place = accounts.organization()
    return accounts.player(place, Role.COMPLIANCE_OFFICER), accounts.player(place, Role.COMPLIANCE_OFFICER)


def pages_of(content: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_a_report_on_an_assessment_holds_everything_that_was_said(officers: tuple[Player, Player]) -> None:
    writer, _other = officers
    place = writer.person.organization
    activity = compliance.drafted_activity(
        compliance.drafted_purpose(place, writer.actor), writer=writer.actor
    )
    content = DpiaContent(
        name="Shift planning",
        activities=(activity.uid,),
        is_evaluation=True,
        description=f"Shifts are predicted. {CODE}",
        views="The council was heard.",
        risks=(
            risk(
                Level.IMPORTANT, Level.LIMITED, severity_after=Level.LIMITED, likelihood_after=Level.LIMITED
            ),
        ),
        residual_risk=Level.LIMITED,
    )
    row = compliance.drafted_record(place, "impact-assessments", content, writer.actor)
    report = export_report(actor=writer.actor, legal_record_id=row.uid, report="report")
    told = pages_of(report.content)
    words = [
        CODE,
        "Shift planning",
        activity.ref,
        "The council was heard.",
        "Without the measures",
        "With the measures",
    ]
    words += ["Art. 35(7)(a)", "Art. 35(7)(d)", "Art. 36", "Not yet."]
    assert [each for each in words if "".join(each.split()) not in told] == []
    entry = AuditEvent.objects.filter(name="compliance.record.exported").latest("pk")
    assert (entry.subject_uid, entry.data["content_sha256"]) == (row.uid, report.sha256)


def test_a_notification_tells_what_art_33_asks_for_and_that_it_is_late(
    officers: tuple[Player, Player],
) -> None:
    writer, other = officers
    content = compliance.breach_content()
    row = compliance.approved_record(
        writer.person.organization, "breaches", content, other.actor, writer.actor
    )
    text = export_report(
        actor=writer.actor, legal_record_id=row.uid, report="notification-text"
    ).content.decode()
    for said in (content.nature, content.whose, content.contact, content.consequences, content.measures):
        assert said in text
    assert [f"Art. 33(3)({letter}) GDPR" in text for letter in "abcd"] == [True] * 4
    assert "2026-03-30 16:30 UTC" in text
    assert "TO BE FILLED IN" in text
    take_step(actor=writer.actor, legal_record_id=row.uid, step="confirm")
    take_step(actor=writer.actor, legal_record_id=row.uid, step="assess")
    late = {"at": "2026-03-31T00:30:00+00:00", "reference": "A-7", "delay_reasons": "Nobody was there."}
    take_step(actor=other.actor, legal_record_id=row.uid, step="tell-authority-first", said=late)
    pdf = export_report(actor=writer.actor, legal_record_id=row.uid, report="notification")
    told = pages_of(pdf.content)
    assert "Nobodywasthere." in told and "A-7" in told
    assert "TOBEFILLEDIN" not in told


def test_reports_are_for_those_who_watch_over_records(officers: tuple[Player, Player]) -> None:
    writer, other = officers
    place = writer.person.organization
    row = compliance.approved_record(
        place,
        "breaches",
        replace(compliance.breach_content(), risk=BreachRisk.HIGH),
        other.actor,
        writer.actor,
    )
    steward, scientist = accounts.player(place, Role.STEWARD), accounts.player(place, Role.SCIENTIST)
    with pytest.raises(NotPermitted):
        export_report(actor=steward.actor, legal_record_id=row.uid, report="notification")
    with pytest.raises(NotFound):
        export_report(actor=scientist.actor, legal_record_id=row.uid, report="notification")
    with pytest.raises(InvalidInput):
        export_report(actor=writer.actor, legal_record_id=row.uid, report="report")
    with pytest.raises(NotPermitted):
        export_listing(actor=scientist.actor, organization_id=place.uid, report="rights-log")
    with pytest.raises(InvalidInput):
        export_listing(actor=writer.actor, organization_id=place.uid, report="everything")


def test_the_lists_of_an_organization_leave_as_tables(officers: tuple[Player, Player]) -> None:
    writer, other = officers
    place = writer.person.organization
    compliance.approved_record(place, "controls", control(), other.actor, writer.actor)
    asked = RightsContent(
        name="What do you hold", type=RightsType.ACCESS, received_at=RECEIVED, calendar="DE", person_ref="F-1"
    )
    compliance.drafted_record(place, "rights-requests", asked, writer.actor)
    log = export_listing(actor=writer.actor, organization_id=place.uid, report="rights-log")
    assert [row["due"] for row in csv.DictReader(io.StringIO(log.content.decode()))] == ["2026-09-30"]
    table = export_listing(actor=writer.actor, organization_id=place.uid, report="applicability")
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert [row["record"] for row in rows if row["applicable"] == "yes"] == ["CTL-0001"]
    assert "Statementofapplicability" in pages_of(
        export_listing(actor=other.actor, organization_id=place.uid, report="applicability-pdf").content
    )
    entry = AuditEvent.objects.filter(name="compliance.organization.listing_exported").earliest("pk")
    assert (entry.data["row_count"], entry.data["content_sha256"]) == (1, log.sha256)
