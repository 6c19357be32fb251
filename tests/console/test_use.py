"""What the keys of a grant touched, where people look at it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.access.commands import submit_request
from apps.access.models import Grant
from apps.credentials.commands import LogPlace, extend_as_used
from apps.credentials.models import LakeLog, Lease, LeaseScope
from apps.credentials.queries import fit_of, use_of
from apps.kernel.clock import database_now
from apps.lakes.models import Lake
from apps.lakes.providers.contract import Access, Flavor
from apps.lakes.providers.logs import Answered, Doing, LogKind
from tests.console.conftest import Browse
from tests.console.markup import faults_in
from tests.factories.access import AccessWorld, granted
from tests.factories.reviews import opened, used
from tests.factories.touches import denied, noted, touch
from tests.flatness import assert_flat

BEFORE = LogPlace(kind=LogKind.RGW, place="/run/ceph/ops.sock")


def key(world: AccessWorld, grant: Grant, access: Access = Access.READ) -> Lease:
    """Whose lake's log was read before it was made."""
    lease = used(grant)
    noted(lease, log=BEFORE)
    Lease.objects.filter(pk=lease.pk).update(issued_at=database_now())
    LeaseScope.objects.create(
        lease=lease, version=world.harmless.version, bucket="vault-one", prefix="ds/a/", access=access
    )
    return lease


def test_owner_and_holder_read_what_the_keys_touched(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    lease = key(world, grant)
    noted(lease, *(touch(lease, "ds/a/2026/x", size=1024) for _ in range(3)), denied(lease))
    for who in ("scientist", "owner"):
        page = browse(who).get(f"/my-access/{grant.uid}/use/")
        assert list(faults_in(page)) == []
        for said in ("3 requests were carried out", "1 request was refused", "1 for another place"):
            assert said in page.text
        for said in ("vault-one/ds/a/2026/", "vault-one/ds/b/", "Refused: another place", "3.0\xa0KB"):
            assert said in page.text
        assert "is not read" not in page.text
    keys = browse("owner").get(f"/my-access/{grant.uid}/")
    assert "3 requests, 3.0\xa0KB" in keys.text and "asked for another place" in keys.text


def test_where_no_log_is_read_the_page_says_so(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    lease = used(grant)
    page = browse("scientist").get(f"/my-access/{grant.uid}/use/").text
    assert "the log of the lake is not read" in page
    at_the_lake = browse("administrator").get(f"/lakes/{lease.lake.uid}/").text
    assert "the portal reads no log of this kind of lake" in at_the_lake
    Lake.objects.filter(pk=lease.lake_id).update(flavor=Flavor.CEPH)
    at_the_lake = browse("administrator").get(f"/lakes/{lease.lake.uid}/").text
    assert f"manage.py read_use {lease.lake.uid}" in at_the_lake
    noted(lease, unreadable=7)
    at_the_lake = browse("administrator").get(f"/lakes/{lease.lake.uid}/").text
    assert "Lines not understood" in at_the_lake and BEFORE.place in at_the_lake


def test_use_is_known_only_where_a_log_tells_of_every_key(world: AccessWorld) -> None:
    grant = granted(world)
    lease = key(world, grant)
    noted(lease)
    assert use_of([grant.pk])[grant.pk].is_watched
    assert use_of([grant.pk])[grant.pk].used_at is None
    used(grant)
    use = use_of([grant.pk])[grant.pk]
    assert (use.leases, use.watched, use.is_watched) == (2, 1, False)
    assert use.used_at == use.last_at


def test_a_log_that_is_read_no_more_tells_nothing_of_what_came_after(world: AccessWorld) -> None:
    grant = granted(world)
    noted(key(world, grant))
    assert use_of([grant.pk])[grant.pk].is_watched
    then = database_now() - timedelta(hours=2)
    LakeLog.objects.update(begun_at=then, read_at=then)
    assert not use_of([grant.pk])[grant.pk].is_watched


WRITTEN = {"doing": Doing.WRITE}


@pytest.mark.parametrize(
    ("told", "unused"),
    [
        ([{}], ("write",)),
        ([WRITTEN], ()),
        ([{}, {**WRITTEN, "answered": Answered.DENIED}], ("write",)),
        ([], ("read", "write")),
        ([{"answered": Answered.DENIED}], ("read", "write")),
    ],
)
def test_what_a_key_could_do_and_never_did_is_unused(
    world: AccessWorld, told: list[dict[str, Any]], unused: tuple[str, ...]
) -> None:
    grant = granted(world)
    lease = key(world, grant, Access.WRITE)
    noted(lease, *(touch(lease, **changes) for changes in told))
    grant.actions = ["read", "write"]  # read here, not kept
    fit = fit_of(grant)
    assert fit.unused == unused
    assert fit.kept == (tuple(each for each in grant.actions if each not in unused) or ("read", "write"))


def test_whoever_decides_an_extension_sees_how_the_grant_was_used(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    lease = key(world, grant)
    noted(lease, touch(lease), touch(lease), denied(lease))
    drafted = extend_as_used(actor=world["scientist"], grant_id=grant.uid)
    asked = browse("scientist").get(f"/requests/{drafted.uid}/change/").text
    assert "2 requests were carried out" in asked
    submit_request(actor=world["scientist"], request_id=drafted.uid)
    page = browse("owner").get(f"/inbox/{drafted.uid}/")
    assert page.context["fit"].use.touched.allowed == 2
    assert "2 requests were carried out" in page.text and "1 for another place" in page.text


def test_a_campaign_says_that_keys_were_taken_and_opened_nothing(world: AccessWorld, browse: Browse) -> None:
    grant = granted(world)
    lease = key(world, grant)
    noted(lease)
    opened(world["officer"], world.organization)
    assert "nothing was opened with them" in browse("owner").get("/reviews/").text
    noted(lease, touch(lease, size=2048), denied(lease))
    page = browse("owner").get("/reviews/").text
    assert "1 request, 2.0\xa0KB" in page and "asked for another place" in page


def test_the_page_of_use_is_flat_in_its_rows(world: AccessWorld, browse: Browse) -> None:
    grant, client = granted(world), browse("owner")
    lease = key(world, grant)

    def fetch() -> int:
        return len(client.get(f"/my-access/{grant.uid}/use/").context["page"].rows)

    numbers = iter(range(99))
    assert_flat(lambda: noted(lease, touch(lease, f"ds/a/{next(numbers)}/x")), fetch, budget=15)
