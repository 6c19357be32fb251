from __future__ import annotations

from apps.accounts.roles import Role
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories import catalog as make
from tests.factories.accounts import World

STEWARD, OWNER = Role.STEWARD, Role.OWNER
NO_ROLE_HERE = (Role.SCIENTIST, Role.ON_CALL)
"""They see what is published, for they belong to the audience, and nothing else."""


def published(world: World) -> Call:
    asset = make.published_asset(world.domain)
    return Call(path={"id": asset.uid}, body={"description": "new"}, etag=etag(asset))


def for_verbs(world: World) -> Call:
    return Call(path={"id": make.published_asset(world.domain).uid})


def draft(world: World) -> Call:
    asset = make.asset(world.domain)
    make.version(asset)
    return Call(path={"id": asset.uid})


def new_asset(world: World) -> Call:
    return Call(body={"domain_id": str(world.domain.uid), "kind": "dataset", "name": "New"})


def versions(world: World) -> Call:
    asset = make.published_asset(world.domain)
    return Call(path={"asset_id": asset.uid}, body={"columns": [{"name": "id"}]})


def location(world: World) -> Call:
    asset = make.published_asset(world.domain)
    return Call(path={"id": make.location(asset, make.lake(world.domain)).uid})


def new_location(world: World) -> Call:
    asset, lake = make.published_asset(world.domain), make.lake(world.domain)
    place = {"bucket": "lake-bucket", "prefix": "new/place/"}
    return Call(body={"asset_id": str(asset.uid), "lake_id": str(lake.uid), **place})


ROWS = [
    Row(url="assets-list", method="GET", answers=everybody(200)),
    Row(url="assets-detail", method="GET", answers=everybody(200), make=published),
    Row(
        url="assets-detail",
        method="GET",
        answers=only(*(set(Role) - set(NO_ROLE_HERE)), gets=200, others=404),
        make=draft,
    ),
    Row(url="assets-list", method="POST", answers=only(STEWARD, gets=201, others=403), make=new_asset),
    Row(url="assets-detail", method="PATCH", answers=only(STEWARD, gets=200, others=403), make=published),
    Row(
        url="assets-publish",
        method="POST",
        answers=only(STEWARD, OWNER, gets=200, others=403, hidden_from=NO_ROLE_HERE),
        make=draft,
    ),
    Row(
        url="assets-retire",
        method="POST",
        answers=only(STEWARD, OWNER, gets=200, others=403),
        make=for_verbs,
    ),
    Row(url="asset-versions-list", method="GET", answers=everybody(200), make=versions),
    Row(
        url="asset-versions-list",
        method="POST",
        answers=only(STEWARD, gets=201, others=403),
        make=versions,
    ),
    Row(url="asset-columns-list", method="GET", answers=everybody(200), make=versions),
    Row(url="storage-locations-list", method="GET", answers=everybody(200)),
    Row(url="storage-locations-detail", method="GET", answers=everybody(200), make=location),
    Row(
        url="storage-locations-list",
        method="POST",
        answers=only(STEWARD, gets=201, others=403),
        make=new_location,
    ),
]
