"""Who may take the evidence of a decision out, and who may read the keys it is signed by."""

from __future__ import annotations

from apps.accounts.roles import Role
from tests.api import asking
from tests.api.matrix.access import concerned, to_withdraw
from tests.api.matrix.row import Call, Row, everybody
from tests.factories.accounts import World

WATCHING = (Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR)


def decided(world: World) -> Call:
    return Call(path={"id": asking.granted(world).revision.request.uid})


ROWS = [
    concerned("POST", "evidence-export-evidence", decided, *WATCHING),
    # Nothing is decided: who might have it is told so.
    concerned("POST", "evidence-export-evidence", to_withdraw, *WATCHING, gets=409),
    Row(url="evidence-keys", method="GET", answers=everybody(200)),
]
