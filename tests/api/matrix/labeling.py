from __future__ import annotations

from apps.accounts.roles import Role
from tests.api.matrix.row import Call, Row, everybody, only
from tests.factories import labels
from tests.factories.accounts import World


def to_bring(world: World) -> Call:
    version = labels.labeled_version(world.domain)
    body = {"policy": labels.policy_of(version), "content": labels.in_base64(labels.sound())}
    return Call(path={"version_id": version.uid}, body=body)


def brought(world: World) -> Call:
    return Call(path={"id": labels.brought(labels.labeled_version(world.domain)).uid})


ROWS = [
    Row(
        url="version-labels-list",
        method="POST",
        answers=only(Role.STEWARD, Role.OWNER, gets=201, others=403),
        make=to_bring,
    ),
    Row(url="label-sets-list", method="GET", answers=everybody(200)),
    Row(url="label-sets-detail", method="GET", answers=everybody(200), make=brought),
]
