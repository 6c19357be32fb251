"""Who may take reports on records out."""

from __future__ import annotations

from apps.accounts.roles import Role
from apps.compliance.lifecycle.dpia import DpiaContent
from tests.api.matrix.row import Call, Row, only
from tests.factories import catalog as things
from tests.factories import compliance
from tests.factories.accounts import World

EXPORTING = (Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR)
READS_DRAFTS = (*EXPORTING, Role.STEWARD)
HIDDEN = tuple(role for role in Role if role not in READS_DRAFTS)


def assessment(world: World) -> Call:
    row = compliance.drafted_record(world.organization, "impact-assessments", DpiaContent(name="Shifts"))
    return Call(path={"id": row.uid}, body={"report": "report"})


def log(world: World) -> Call:
    return Call(path={"id": world.organization.uid}, body={"report": "rights-log"})


def keys(world: World) -> Call:
    asset = things.published_asset(world.domain)
    return Call(path={"id": asset.uid}, body={"since": "2026-01-01", "until": "2026-01-31"})


ROWS = [
    Row(
        url="access-logs-export",
        method="POST",
        answers=only(*EXPORTING, gets=200, others=403),
        make=keys,
    ),
    Row(
        url="record-reports-export",
        method="POST",
        answers=only(*EXPORTING, gets=200, others=403, hidden_from=HIDDEN),
        make=assessment,
    ),
    Row(
        url="organization-reports-export",
        method="POST",
        answers=only(*EXPORTING, Role.OWNER, gets=200, others=403),
        make=log,
    ),
]
