from __future__ import annotations

from apps.accounts.roles import ASKED_BY_ROUTES, Role
from apps.kernel.actor import SYSTEM
from apps.lakes.commands import disable_lake
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories import catalog as make
from tests.factories.accounts import World

ADMIN = Role.ADMINISTRATOR
SEES_NONE = (Role.SCIENTIST, Role.ON_CALL, *ASKED_BY_ROUTES)


def lake(world: World) -> Call:
    found = make.lake(world.domain)
    return Call(path={"id": found.uid}, body={"region": "eu-west-1"}, etag=etag(found))


def of_lake(world: World) -> Call:
    return Call(path={"lake_id": make.lake(world.domain).uid})


def verified(world: World) -> Call:
    return Call(path={"id": make.lake(world.domain).uid})


def to_disable(world: World) -> Call:
    return Call(path={"id": make.lake(world.domain).uid}, body={"reason": "Moved."})


def disabled(world: World) -> Call:
    found = make.lake(world.domain)
    disable_lake(actor=SYSTEM, lake_id=found.uid, reason="Moved.")
    return Call(path={"id": found.uid})


def new_lake(world: World) -> Call:
    return Call(
        body={
            "organization_id": str(world.organization.uid),
            "name": "New",
            "flavor": "demo",
            "endpoint": "http://127.0.0.1:9",
            "region": "eu-central-1",
            "country": "DE",
            "role_arn": "arn:aws:iam::000000000001:role/portal",
            "secret_ref": "LAKE_TEST",
            "roots": ["lake-bucket"],
        }
    )


ROWS = [
    Row(url="lakes-list", method="GET", answers=everybody(200)),
    Row(
        url="lakes-detail",
        method="GET",
        answers=only(*(set(Role) - set(SEES_NONE)), gets=200, others=404),
        make=lake,
    ),
    Row(url="lakes-list", method="POST", answers=only(ADMIN, gets=201, others=403), make=new_lake),
    Row(
        url="lakes-detail",
        method="PATCH",
        answers=only(ADMIN, gets=200, others=403, hidden_from=SEES_NONE),
        make=lake,
    ),
    # No secrets are kept for this lake: the administrator gets as far as the provider.
    Row(
        url="lakes-verify",
        method="POST",
        answers=only(ADMIN, gets=502, others=403, hidden_from=SEES_NONE),
        make=verified,
    ),
    Row(
        url="lakes-disable",
        method="POST",
        answers=only(ADMIN, gets=200, others=403, hidden_from=SEES_NONE),
        make=to_disable,
    ),
    Row(
        url="lake-impact",
        method="GET",
        answers=only(ADMIN, Role.COMPLIANCE_OFFICER, gets=200, others=403, hidden_from=SEES_NONE),
        make=verified,
    ),
    # A token is no proof that somebody has just confirmed who they are.
    Row(
        url="lakes-halt",
        method="POST",
        answers=only(gets=200, others=403, hidden_from=SEES_NONE),
        make=to_disable,
    ),
    Row(
        url="lake-logs-list",
        method="GET",
        answers=only(*(set(Role) - set(SEES_NONE)), gets=200, others=404),
        make=of_lake,
    ),
    Row(url="overdue-revocations-list", method="GET", answers=everybody(200)),
    Row(
        url="lakes-enable",
        method="POST",
        answers=only(ADMIN, gets=200, others=403, hidden_from=SEES_NONE),
        make=disabled,
    ),
]
