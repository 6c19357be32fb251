from __future__ import annotations

import base64
from collections.abc import Callable

from apps.accounts.roles import ASKED_BY_ROUTES, Role
from apps.catalog.models import AssetVersion
from apps.compliance import commands
from apps.compliance.commands import Origin
from apps.compliance.models import LegalRecord, ProcessingActivity, Purpose
from apps.kernel.actor import SYSTEM, Actor
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories import catalog
from tests.factories import compliance as make
from tests.factories.accounts import World
from tests.factories.impacts import ENDING_PURPOSE, looked_at

OFFICER = Role.COMPLIANCE_OFFICER
NO_DRAFTS = (Role.SCIENTIST, Role.OWNER, Role.ADMINISTRATOR, Role.ON_CALL, *ASKED_BY_ROUTES)
"""They see what is signed off, and nothing that is being worked on."""
DRAFT = only(OFFICER, gets=200, others=403, hidden_from=NO_DRAFTS)
READ_DRAFT = only(*(set(Role) - set(NO_DRAFTS)), gets=200, others=404)
CLOSED = only(OFFICER, gets=200, others=403, hidden_from=NO_DRAFTS)
"""Kinds that are read by those who work on records alone."""
SIGNED = only(OFFICER, gets=200, others=403)
EXPORTS = only(OFFICER, Role.DPO, Role.AUDITOR, gets=200, others=403)
KIND = "legitimate-interests"
REASON = {"reason": "It has come to this."}
ENDING = object()
"""A reason, and what was looked at."""


def officer(world: World) -> Actor:
    return world[OFFICER].actor


def draft(world: World) -> Purpose:
    return make.drafted_purpose(world.organization)


def in_review(world: World) -> Purpose:
    purpose = draft(world)
    commands.submit_purpose(actor=SYSTEM, purpose_id=purpose.uid)
    return purpose


def approved(world: World) -> Purpose:
    return make.approved_purpose(world.organization, officer(world))


def suspended(world: World) -> Purpose:
    purpose = approved(world)
    commands.suspend_purpose(actor=SYSTEM, purpose_id=purpose.uid, reason="A pause.")
    return purpose


def draft_activity(world: World) -> ProcessingActivity:
    return make.drafted_activity(approved(world), catalog.published_asset(world.domain))


def activity_in_review(world: World) -> ProcessingActivity:
    activity = draft_activity(world)
    commands.submit_activity(actor=SYSTEM, processing_activity_id=activity.uid)
    return activity


def approved_activity(world: World) -> ProcessingActivity:
    asset = catalog.published_asset(world.domain)
    return make.approved_activity(approved(world), asset, approver=officer(world))


def draft_record(world: World) -> LegalRecord:
    return make.drafted_record(world.organization, KIND, make.interests_content())


def record_in_review(world: World) -> LegalRecord:
    found = draft_record(world)
    commands.submit_record(actor=SYSTEM, legal_record_id=found.uid)
    return found


def approved_record(world: World) -> LegalRecord:
    return make.approved_record(world.organization, KIND, make.interests_content(), officer(world))


def approved_breach(world: World) -> LegalRecord:
    return make.approved_record(world.organization, "breaches", make.breach_content(), officer(world))


def controllers(world: World) -> Call:
    approved_activity(world)
    return Call(path={"articles": "controller"}, query={"format": "csv"})


def to_bring(world: World) -> Call:
    content = base64.b64encode(b"Name\nPayroll\n").decode()
    place = str(world.organization.uid)
    return Call(body={"organization_id": place, "name": "register.csv", "content": content})


def brought(world: World) -> Call:
    return Call(path={"id": make.brought_register(world.organization, content=b"Name\nPayroll\n").uid})


def to_map(world: World) -> Call:
    return Call(path=brought(world).path, body={"columns": {"name": "Name"}})


def of_kind(world: World) -> Call:
    return Call(path={"kind": KIND})


def new_legal_record(world: World) -> Call:
    body = {"organization_id": str(world.organization.uid), "content": {"name": "Pumps"}}
    return Call(path={"kind": KIND}, body=body)


Record = Purpose | ProcessingActivity | LegalRecord


def called(record: Callable[[World], Record], body: object = None) -> Callable[[World], Call]:
    def call(world: World) -> Call:
        row = record(world)
        if body is ENDING:
            return Call(
                path={"id": row.uid}, body={**REASON, "seen_impact": looked_at(ENDING_PURPOSE, row.uid)}
            )
        kind = {"kind": row.kind} if isinstance(row, LegalRecord) else {}
        return Call(path={"id": row.uid, **kind}, body=body, etag=etag(row.versions.latest("number")))

    call.__name__ = record.__name__
    return call


def new_record(world: World) -> Call:
    place = str(world.organization.uid)
    said = {"organization_id": place, "name": "Pump failures", "concept_code": "ScientificResearch"}
    return Call(body=said)


def new_activity(world: World) -> Call:
    return Call(body={"organization_id": str(world.organization.uid), "name": "Upkeep"})


def version(world: World) -> AssetVersion:
    return catalog.published_asset(world.domain).versions.get()


def of_version(world: World) -> Call:
    return Call(path={"version_id": version(world).uid})


def to_permit(world: World) -> Call:
    return Call(path={"id": version(world).uid}, body={"concept_code": "ScientificResearch"})


def permitted(world: World) -> Call:
    call = to_permit(world)
    commands.permit_purpose(actor=SYSTEM, asset_version_id=call.path["id"], **call.body)
    return call


def stated(world: World) -> Call:
    found = version(world)
    commands.state_origin(actor=SYSTEM, asset_version_id=found.uid, origin=Origin(source="A survey."))
    return Call(path={"id": found.uid}, body={"source": "Another survey."})


def verbs(url: str, rows: dict[str, tuple[Callable[[World], Record], object, dict[Role, int]]]) -> list[Row]:
    return [
        Row(url=f"{url}-{verb}", method="POST", answers=answers, make=called(record, body))
        for verb, (record, body, answers) in rows.items()
    ]


ROWS = [
    Row(url="purpose-concepts-list", method="GET", answers=everybody(200)),
    Row(url="purposes-list", method="GET", answers=everybody(200)),
    Row(url="purposes-list", method="POST", answers=only(OFFICER, gets=201, others=403), make=new_record),
    Row(url="purposes-detail", method="GET", answers=READ_DRAFT, make=called(draft)),
    Row(url="purposes-detail", method="GET", answers=everybody(200), make=called(approved)),
    Row(url="purpose-impact", method="GET", answers=SIGNED, make=called(approved)),
    Row(url="purposes-detail", method="PATCH", answers=DRAFT, make=called(draft, {"name": "New"})),
    Row(url="purposes-detail", method="PATCH", answers=SIGNED, make=called(approved, {"name": "New"})),
    *verbs(
        "purposes",
        {
            "submit": (draft, None, DRAFT),
            "return": (in_review, REASON, DRAFT),
            "reject": (in_review, REASON, DRAFT),
            "approve": (in_review, None, DRAFT),
            "retire": (approved, None, SIGNED),
            "suspend": (approved, ENDING, SIGNED),
            "resume": (suspended, None, SIGNED),
            "withdraw": (approved, ENDING, SIGNED),
        },
    ),
    Row(url="processing-activities-list", method="GET", answers=everybody(200)),
    Row(
        url="processing-activities-list",
        method="POST",
        answers=only(OFFICER, gets=201, others=403),
        make=new_activity,
    ),
    Row(url="processing-activities-detail", method="GET", answers=READ_DRAFT, make=called(draft_activity)),
    Row(
        url="processing-activities-detail",
        method="GET",
        answers=everybody(200),
        make=called(approved_activity),
    ),
    Row(
        url="processing-activities-detail",
        method="PATCH",
        answers=DRAFT,
        make=called(draft_activity, {"name": "New"}),
    ),
    *verbs(
        "processing-activities",
        {
            "submit": (draft_activity, None, DRAFT),
            "return": (activity_in_review, REASON, DRAFT),
            "reject": (activity_in_review, REASON, DRAFT),
            "approve": (activity_in_review, None, DRAFT),
            "reassess": (approved_activity, None, SIGNED),
            "retire": (approved_activity, None, SIGNED),
        },
    ),
    Row(url="register-imports-list", method="GET", answers=everybody(200)),
    Row(url="column-mappings-list", method="GET", answers=everybody(200)),
    Row(
        url="register-imports-list",
        method="POST",
        answers=only(OFFICER, gets=201, others=403),
        make=to_bring,
    ),
    Row(url="register-imports-detail", method="GET", answers=READ_DRAFT, make=brought),
    Row(url="register-import-trial", method="GET", answers=READ_DRAFT, make=brought),
    Row(url="register-imports-map-columns", method="POST", answers=DRAFT, make=to_map),
    Row(url="register-imports-carry-out", method="POST", answers=DRAFT, make=brought),
    Row(url="register-imports-discard", method="POST", answers=DRAFT, make=brought),
    Row(url="register", method="GET", answers=EXPORTS, make=controllers),
    Row(url="record-kinds", method="GET", answers=everybody(200)),
    Row(url="records-list", method="GET", answers=everybody(200), make=of_kind),
    Row(
        url="records-list",
        method="POST",
        answers=only(OFFICER, gets=201, others=403),
        make=new_legal_record,
    ),
    Row(url="records-detail", method="GET", answers=READ_DRAFT, make=called(draft_record)),
    Row(url="records-detail", method="GET", answers=everybody(200), make=called(approved_record)),
    Row(
        url="records-detail",
        method="PATCH",
        answers=DRAFT,
        make=called(draft_record, {"content": {"name": "New"}}),
    ),
    *verbs(
        "records",
        {
            "submit": (draft_record, None, DRAFT),
            "return": (record_in_review, REASON, DRAFT),
            "reject": (record_in_review, REASON, DRAFT),
            "approve": (record_in_review, None, DRAFT),
            "retire": (approved_record, None, SIGNED),
            "step": (approved_breach, {"step": "confirm"}, CLOSED),
        },
    ),
    Row(url="permitted-purposes-list", method="GET", answers=everybody(200), make=of_version),
    Row(url="asset-versions-permit-purpose", method="POST", answers=SIGNED, make=to_permit),
    Row(
        url="asset-versions-forbid-purpose",
        method="POST",
        answers=only(OFFICER, gets=204, others=403),
        make=permitted,
    ),
    Row(url="asset-versions-origin", method="GET", answers=everybody(200), make=stated),
    Row(url="asset-versions-state-origin", method="POST", answers=SIGNED, make=stated),
]
