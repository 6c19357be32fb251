"""Where something that a key asked for lies, seen from what it opens; and when that is an alarm."""

from __future__ import annotations

from typing import Any

import pytest

from apps.credentials.commands.noting import is_stray
from apps.credentials.commands.placing import spot_of
from apps.credentials.lifecycle import Whereabouts
from apps.credentials.models import Lease, LeaseScope
from apps.kernel.ids import new_uid
from apps.lakes.providers.logs import Answered, Doing
from tests.factories.lakes import BUCKET, OTHER_BUCKET
from tests.factories.touches import MOMENT, touch

OWN = (
    LeaseScope(pk=1, bucket=BUCKET, prefix="ds/a/"),
    LeaseScope(pk=2, bucket=BUCKET, prefix="ds/a/within/"),
    LeaseScope(pk=3, bucket=BUCKET, prefix="logs/2026/"),
)
LEASE = Lease(uid=new_uid(), created_at=MOMENT)


@pytest.mark.parametrize(
    ("key", "scope", "folder"),
    [
        ("ds/a/part.csv", 1, ""),
        ("ds/a/", 1, ""),
        ("ds/a/x/y/z/part.csv", 1, "x/y/"),
        ("ds/a/within/part.csv", 2, ""),
        ("logs/2026/11/part.csv", 3, "11/"),
    ],
)
def test_a_folder_is_told_from_the_narrowest_place_it_lies_in(key: str, scope: int, folder: str) -> None:
    spot = spot_of(touch(LEASE, key), OWN)
    assert (spot.whereabouts, spot.scope, spot.folder) == (Whereabouts.INSIDE, scope, folder)


@pytest.mark.parametrize(
    "harmless",
    [
        {"key": "ds/b/none.csv", "answered": Answered.MISSING},
        {"key": "ds/b/part.csv", "answered": Answered.FAILED},
        {"key": "ds/b/part.csv", "answered": Answered.ALLOWED},
        {"key": ""},
        {"key": "", "bucket": ""},
        {"key": "ds/", "doing": Doing.LIST},
        {"key": "ds/a", "doing": Doing.LIST},
        {"key": "ds/a/part.csv", "doing": Doing.DELETE},
    ],
    ids=str,
)
def test_what_is_missing_inside_or_on_the_way_alarms_nobody(harmless: dict[str, Any]) -> None:
    asked = touch(LEASE, **{"answered": Answered.DENIED, **harmless})
    assert not is_stray(asked, spot_of(asked, OWN))


@pytest.mark.parametrize(
    "astray",
    [
        {"key": "ds/b/part.csv"},
        {"key": "ds/ab/part.csv"},
        {"key": "ds/ab/", "doing": Doing.LIST},
        {"key": "ds/top.csv", "doing": Doing.DELETE},
        {"key": "ds/a/part.csv", "bucket": OTHER_BUCKET},
        {"key": "", "bucket": OTHER_BUCKET, "doing": Doing.LIST},
    ],
    ids=str,
)
def test_a_key_that_is_kept_from_another_place_is_astray(astray: dict[str, Any]) -> None:
    asked = touch(LEASE, **{"answered": Answered.DENIED, **astray})
    assert is_stray(asked, spot_of(asked, OWN))


def test_hostile_names_are_kept_short_and_readable() -> None:
    long = "x" * 1000
    spot = spot_of(touch(LEASE, f"{long}/{long}/{long}", bucket=long), OWN)
    assert (spot.bucket, spot.folder) == ("x" * 63, f"{'x' * 119}/")
    assert spot_of(touch(LEASE, "a\u202eb\n/x"), OWN).folder == "a\ufffdb\ufffd/"
    assert (spot.rest.bucket, spot.rest.folder) == ("*", "*")
