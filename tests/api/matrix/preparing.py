from __future__ import annotations

from apps.accounts.roles import Role
from apps.preparing.models import PreparedView
from tests.api.matrix.row import Call, Row, everybody, only
from tests.factories import accounts, views
from tests.factories.accounts import World

STEWARD, OWNER, OFFICER = Role.STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER


def _asked(world: World) -> PreparedView:
    """By another steward than the one who calls."""
    other = accounts.player(world.organization, STEWARD).actor
    return views.asked_for(views.lying(world.domain), other)


def source(world: World) -> Call:
    body = {"name": "Ages alone", "columns": [{"column": "value", "step": "bins", "width": "10"}]}
    return Call(path={"version_id": views.lying(world.domain).uid}, body=body)


def asked(world: World) -> Call:
    return Call(path={"id": _asked(world).uid})


def to_reject(world: World) -> Call:
    return Call(path={"id": _asked(world).uid}, body={"comment": "Drop the number."})


def failed(world: World) -> Call:
    return Call(path={"id": views.failed(_asked(world)).uid})


ROWS = [
    Row(
        url="version-views-list",
        method="POST",
        answers=only(STEWARD, OWNER, gets=201, others=403),
        make=source,
    ),
    Row(url="prepared-views-list", method="GET", answers=everybody(200)),
    Row(url="prepared-views-detail", method="GET", answers=everybody(200), make=asked),
    *(
        Row(
            url=f"prepared-views-{verb}",
            method="POST",
            answers=only(STEWARD, OWNER, OFFICER, gets=200, others=403),
            make=make,
        )
        for verb, make in (("confirm", asked), ("reject", to_reject))
    ),
    *(
        Row(
            url=f"prepared-views-{verb}",
            method="POST",
            answers=only(STEWARD, OWNER, gets=200, others=403),
            make=make,
        )
        for verb, make in (("retry", failed), ("withdraw", asked))
    ),
]
