"""Several assets are bound to overlapping places at once. The database lets one of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from apps.catalog.commands import register_location
from apps.catalog.errors import LOCATION_OVERLAPS, LOCATION_TAKEN
from apps.catalog.models import Asset, StorageLocation
from apps.kernel.errors import Conflict
from tests.factories import catalog, lakes
from tests.factories.lakes import BUCKET, Place
from tests.races.crowd import Crowd, names, unexpected

pytestmark = pytest.mark.races


@pytest.fixture
def place(crowd: Crowd) -> Iterator[Place]:
    yield lakes.place()


def bind(place: Place, asset: Asset, prefix: str) -> partial[StorageLocation]:
    return partial(
        register_location,
        actor=place.steward.actor,
        asset_id=asset.uid,
        lake_id=place.lake.uid,
        bucket=BUCKET,
        prefix=prefix,
    )


@pytest.mark.parametrize("shape", ["nested", "equal"])
def test_one_of_many_overlapping_registrations_wins(
    place: Place, crowd: Crowd, rounds: int, shape: str
) -> None:
    assets = [catalog.asset(place.domain) for _ in range(crowd.size)]
    for number in range(rounds // 4):
        top = f"race/{number}/"
        prefixes = [top + "deeper/" * (depth if shape == "nested" else 0) for depth in range(crowd.size)]
        got = crowd.at_once(
            [bind(place, asset, prefix) for asset, prefix in zip(assets, prefixes, strict=True)]
        )
        assert unexpected(got, Conflict) == []
        assert names(got)["done"] == 1
        codes = {one.error.code for one in got if isinstance(one.error, Conflict)}
        assert codes <= {LOCATION_OVERLAPS, LOCATION_TAKEN}
        assert StorageLocation.objects.filter(prefix__startswith=top).count() == 1


def test_places_beside_each_other_all_win(place: Place, crowd: Crowd) -> None:
    assets = [catalog.asset(place.domain) for _ in range(crowd.size)]
    for number in range(10):
        got = crowd.at_once(
            [bind(place, asset, f"race/{number}/{mine}/") for mine, asset in enumerate(assets)]
        )
        assert names(got) == {"done": crowd.size}
