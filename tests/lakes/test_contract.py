"""What every provider of keys keeps to: the demo lake, a real Ceph gateway, real PostgreSQL servers, a double
that fails on purpose, and a stand-in for each cloud.

`docs/providers.md` is written from this module: a promise that is not proven here is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.console.probes import question_of
from apps.kernel.errors import Conflict, InvalidInput, NotFound, ProviderFailure
from apps.lakes.providers.contract import (
    Access,
    CredentialSpec,
    Granularity,
    LeaseHandle,
    RevokeEffect,
    may_have_made_a_key,
)
from tests.eventually import eventually
from tests.lab.azure import AzureHouse, running_azure
from tests.lab.ceph import Ceph
from tests.lab.demo_lake import DemoLake
from tests.lab.google import GoogleHouse, running_google
from tests.lab.warehouse import Warehouse
from tests.lakes.conftest import BUCKET, INSIDE, LOOK_ALIKE, OTHER_BUCKET, SIBLING, scope_at, spec_for
from tests.lakes.contenders import (
    SILENT,
    Contender,
    fault_of,
    faults_of,
    of_a_double,
    of_azure,
    of_gcs,
    of_postgres,
    of_s3,
)
from tests.lakes.promises import ENDS, LIVES_ON, ROLELESS, UNBOUND, WITH_ROLES, held_to, proves
from tests.listener import Listener, answering, listening

pytestmark = pytest.mark.lake
OBJECTS = {
    BUCKET: dict.fromkeys((INSIDE, LOOK_ALIKE, SIBLING, "ds/top.csv", "own/w/kept.csv"), b"content"),
    OTHER_BUCKET: {INSIDE: b"content"},
}
"""Of the stand-ins; servers are furnished elsewhere."""


@pytest.fixture(scope="module")
def nonsense() -> Any:
    """A server that says something else than a lake would, to every call."""
    with listening(Listener(behaviours=[answering(200, b"<html>Welcome</html>")])) as listener:
        yield listener


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "contender" in metafunc.fixturenames:
        metafunc.parametrize("contender", held_to(metafunc.function), indirect=True)


@pytest.fixture
def contender(request: pytest.FixtureRequest) -> Contender:
    made: Contender = request.getfixturevalue(f"contender_{request.param}")
    return made


@pytest.fixture
def contender_demo(demo_lake: DemoLake, nonsense: Listener) -> Contender:
    return of_s3(demo_lake, nonsense)


@pytest.fixture
def contender_ceph(ceph: Ceph, nonsense: Listener) -> Contender:
    return replace(of_s3(ceph, nonsense), answers=ceph.answers)


@pytest.fixture(scope="module")
def azure() -> Iterator[AzureHouse]:
    with running_azure() as house:
        house.containers = {bucket: dict(objects) for bucket, objects in OBJECTS.items()}
        yield house


@pytest.fixture
def contender_azure(azure: AzureHouse, nonsense: Listener, settings: Any) -> Contender:
    settings.LAKES_ON_LOOPBACK = True
    settings.OUTBOUND_INSIDE = [azure.origin, f"http://127.0.0.1:{nonsense.port}", SILENT]
    return of_azure(azure, nonsense)


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleHouse]:
    with running_google() as house:
        house.buckets = {bucket: dict(objects) for bucket, objects in OBJECTS.items()}
        yield house


@pytest.fixture
def contender_gcs(google: GoogleHouse, nonsense: Listener, settings: Any) -> Contender:
    settings.LAKES_ON_LOOPBACK = True
    settings.OUTBOUND_INSIDE = [google.origin, f"http://127.0.0.1:{nonsense.port}", SILENT]
    return of_gcs(google, nonsense)


@pytest.fixture
def contender_debian(running_cellars: Mapping[str, Warehouse], monkeypatch: pytest.MonkeyPatch) -> Any:
    yield from of_postgres(running_cellars["debian"], monkeypatch)


@pytest.fixture
def contender_wheel(running_cellars: Mapping[str, Warehouse], monkeypatch: pytest.MonkeyPatch) -> Any:
    yield from of_postgres(running_cellars["wheel"], monkeypatch)


@pytest.fixture
def contender_double() -> Contender:
    return of_a_double()


# --- what a key opens ------------------------------------------------------------------------------


@proves("A key opens its places and nothing beside them")
def test_a_key_opens_its_place_and_nothing_beside_it(contender: Contender) -> None:
    issued = contender.issue("ds/a/")
    assert contender.reads(issued, INSIDE)
    for outside in (SIBLING, LOOK_ALIKE, "ds/top.csv", "own/w/kept.csv"):
        assert not contender.reads(issued, outside)
    assert not contender.reads(issued, INSIDE, OTHER_BUCKET)


@proves("A reader writes nothing, a writer writes inside only")
def test_only_a_writer_writes_and_only_inside(contender: Contender) -> None:
    reader, writer = contender.issue("own/c/"), contender.issue("own/c/", access=Access.WRITE)
    assert not contender.writes(reader, "own/c/x.csv")
    assert contender.writes(writer, "own/c/x.csv")
    assert contender.reads(writer, "own/c/x.csv")
    assert not contender.writes(writer, "own/d/x.csv")
    assert not contender.writes(writer, "own/c/x.csv", OTHER_BUCKET)


@proves("One key opens several places and what lies between stays shut")
def test_a_key_may_open_several_places(contender: Contender) -> None:
    issued = contender.issue("ds/a/", "ds/b/")
    assert contender.reads(issued, INSIDE)
    assert contender.reads(issued, SIBLING)
    assert not contender.reads(issued, LOOK_ALIKE)


@proves("A key to single columns shows no other, or is refused where columns cannot be kept")
def test_columns_are_kept_or_refused(contender: Contender) -> None:
    scope = scope_at("ds/a/", columns=frozenset({"depth"}))
    spec = replace(spec_for(contender.connection, "ds/a/"), scopes=(scope,))
    if contender.provider.capabilities(contender.connection).granularity is Granularity.COLUMN:
        issued = contender.provider.issue(spec)
        assert contender.sees is not None
        assert contender.sees(issued.secret, "depth")
        assert not contender.sees(issued.secret, "driller")
        assert not contender.reads(issued, INSIDE)
        return
    with pytest.raises(InvalidInput) as caught:
        contender.provider.issue(spec)
    assert caught.value.code == "LAKE_COLUMNS_NOT_KEPT"


@proves("A key does not show itself")
def test_what_was_issued_does_not_show_its_secret(contender: Contender) -> None:
    issued = contender.issue("ds/a/")
    assert not [part for part in issued.secret.reveal().values() if part in repr(issued.secret)]


# --- how long --------------------------------------------------------------------------------------


@proves("A key ends by itself and never lives longer than asked")
def test_a_key_ends_by_itself(contender: Contender) -> None:
    asked_at = datetime.now(UTC)
    issued = contender.issue("ds/a/", ttl=1)
    assert issued.expires_at <= datetime.now(UTC) + timedelta(seconds=2)
    assert issued.expires_at >= asked_at
    eventually(lambda: not contender.reads(issued, INSIDE), within=10)
    later = contender.issue("ds/a/", ttl=900)
    assert contender.reads(later, INSIDE)


@proves("A time outside the limits makes no key")
def test_a_time_outside_the_limits_makes_no_key(contender: Contender) -> None:
    narrowed = replace(contender.connection, ttl_min=timedelta(minutes=10))
    limits = contender.provider.capabilities(narrowed)
    assert limits.ttl_min == timedelta(minutes=10)
    for ttl in (limits.ttl_min - timedelta(seconds=1), limits.ttl_max + timedelta(seconds=1)):
        with pytest.raises(InvalidInput) as caught:
            contender.provider.issue(replace(spec_for(narrowed, "ds/a/"), ttl=ttl))
        assert caught.value.reasons[0].field == "ttl"


@proves("A key for the longest time that is promised is made")
def test_the_longest_key_is_honest(contender: Contender) -> None:
    longest = contender.provider.capabilities(contender.connection).ttl_max
    issued = contender.issue("ds/a/", ttl=int(longest.total_seconds()))
    assert contender.reads(issued, INSIDE)
    contender.provider.revoke(issued.handle)


@proves("A place outside the roots of the connection makes no key")
def test_a_place_outside_the_roots_makes_no_key(contender: Contender) -> None:
    with pytest.raises(InvalidInput) as caught:
        contender.provider.issue(spec_for(contender.connection, "ds/a/", bucket="lake-nine"))
    assert caught.value.code == "LAKE_OUTSIDE_ROOTS"


# --- revoking --------------------------------------------------------------------------------------


@proves("One key is revoked, read back as dead, and another of the same role goes on", but=LIVES_ON)
def test_one_key_dies_and_another_lives(contender: Contender) -> None:
    mine, other = contender.issue("ds/a/"), contender.issue("ds/a/")
    assert not contender.provider.read_back(mine.handle).is_dead
    assert contender.provider.revoke(mine.handle).effect is RevokeEffect.IMMEDIATE
    assert contender.provider.read_back(mine.handle).is_dead
    assert not contender.provider.read_back(other.handle).is_dead
    assert not contender.reads(mine, INSIDE)
    assert contender.reads(other, INSIDE)


@proves("Revoking twice, or what was never issued, succeeds", but=LIVES_ON)
def test_revoking_twice_or_the_unknown_succeeds(contender: Contender) -> None:
    issued = contender.issue("ds/a/")
    unknown = replace(issued.handle, lease_id=uuid4())
    for handle in (issued.handle, issued.handle, unknown):
        assert contender.provider.revoke(handle).effect is RevokeEffect.IMMEDIATE
        assert contender.provider.read_back(handle).is_dead


@proves("A key that no call ends is said to live on, until its end has come", but=ENDS)
def test_what_cannot_be_ended_is_said_to_live_on(contender: Contender) -> None:
    assert contender.provider.capabilities(contender.connection).revoke_effect is RevokeEffect.AT_EXPIRY
    issued = contender.issue("ds/a/")
    for _twice in range(2):
        revoked = contender.provider.revoke(issued.handle)
        assert revoked.effect is RevokeEffect.AT_EXPIRY
        assert revoked.evidence["until"] == issued.expires_at.isoformat()
    assert not contender.provider.read_back(issued.handle).is_dead
    assert contender.provider.tidy(contender.connection, now=datetime.now(UTC)) == 0
    assert contender.reads(issued, INSIDE)


@proves("Revoking a key that has run out succeeds")
def test_revoking_what_has_run_out_succeeds(contender: Contender) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    handle = LeaseHandle(connection=contender.connection, lease_id=uuid4(), expires_at=long_ago)
    assert contender.provider.revoke(handle).effect is RevokeEffect.IMMEDIATE
    assert contender.provider.read_back(handle).is_dead


@proves("Cleaning up leaves the revocations of living keys in force", but=LIVES_ON)
def test_tidying_revives_nobody(contender: Contender) -> None:
    issued = contender.issue("ds/a/")
    contender.provider.revoke(issued.handle)
    contender.provider.tidy(contender.connection, now=datetime.now(UTC))
    assert contender.provider.read_back(issued.handle).is_dead
    assert not contender.reads(issued, INSIDE)


# --- a role of its own -----------------------------------------------------------------------------


@proves(
    "A key with a role of its own opens its places and ends with that role, and others go on", but=ROLELESS
)
def test_a_key_ends_with_the_role_that_is_its_own(contender: Contender) -> None:
    mine, other, shared = contender.issue_own("ds/a/"), contender.issue_own("ds/a/"), contender.issue("ds/a/")
    assert contender.reads(mine, INSIDE)
    assert not contender.reads(mine, LOOK_ALIKE)
    assert not contender.reads(mine, INSIDE, OTHER_BUCKET)
    assert not contender.writes(mine, INSIDE)
    assert not contender.provider.read_back(mine.handle).is_dead
    for _twice in range(2):
        assert contender.provider.revoke(mine.handle).effect is RevokeEffect.IMMEDIATE
        assert contender.provider.read_back(mine.handle).is_dead
    contender.provider.tidy(contender.connection, now=datetime.now(UTC))
    assert not contender.reads(mine, INSIDE)
    for living in (other, shared):
        assert contender.reads(living, INSIDE)
        assert not contender.provider.read_back(living.handle).is_dead


@proves("A key that would need a role of its own is refused before any call", but=WITH_ROLES)
def test_no_key_is_made_without_the_role_it_asks_for(contender: Contender) -> None:
    provider, nowhere = contender.transient
    with pytest.raises(InvalidInput) as caught:
        provider.issue(replace(spec_for(nowhere, "ds/a/"), has_own_role=True))
    assert caught.value.code == "LAKE_OWN_ROLE_NOT_MADE"


# --- answering for itself --------------------------------------------------------------------------


@proves("The probes pass a sound key and turn red for one that is too wide")
def test_probes_tell_a_sound_key_from_a_wide_one(contender: Contender) -> None:
    for access in Access:
        spec = spec_for(contender.connection, "own/w/", access=access)
        probes = contender.provider.verify(spec, contender.provider.issue(spec).secret)
        assert probes
        assert [probe for probe in probes if not probe.passed] == []
    wide = contender.issue("own/w/", "own/w-lakewarden-probe/", access=Access.WRITE)
    spec = spec_for(contender.connection, "own/w/")
    assert [probe for probe in contender.provider.verify(spec, wide.secret) if not probe.passed]


@proves("The test of a sound connection passes every probe")
def test_a_sound_connection_passes_its_test(contender: Contender) -> None:
    probes = contender.provider.verify_connection(contender.connection)
    assert [probe for probe in probes if not probe.passed] == []
    assert len(probes) >= 3
    assert [probe.name for probe in probes if question_of(probe.name) == probe.name] == []


@proves("As many places as are promised are taken, one more is refused before any call", but=UNBOUND)
def test_the_budget_is_honest(contender: Contender) -> None:
    fitting = contender.filling()
    spec = replace(spec_for(contender.connection, "ds/a/"), scopes=fitting)
    issued = contender.provider.issue(spec)
    assert contender.reads(issued, INSIDE)
    provider, nowhere = contender.transient
    larger = (*fitting, scope_at("one/more/"))
    over = CredentialSpec(lease_id=uuid4(), connection=nowhere, scopes=larger, ttl=timedelta(seconds=900))
    with pytest.raises(ProviderFailure) as caught:
        provider.issue(over)
    assert caught.value.code == contender.over
    assert not may_have_made_a_key(caught.value)
    facts = caught.value.reasons[0].facts
    assert {**contender.limit, "fitting": len(fitting)}.items() <= facts.items()
    assert contender.answers()


# --- faults by meaning -----------------------------------------------------------------------------


@proves("A lake that does not answer is a transient fault, and a key may exist")
def test_silence_is_a_transient_fault(contender: Contender) -> None:
    for fault in faults_of(contender, contender.transient):
        assert isinstance(fault, ProviderFailure)
        assert fault.is_transient
        assert may_have_made_a_key(fault)


@proves("A refusal is a permanent fault, and no key exists")
def test_a_refusal_is_a_permanent_fault(contender: Contender) -> None:
    provider, connection = contender.permanent
    with pytest.raises(ProviderFailure) as caught:
        provider.issue(spec_for(connection, "ds/a/"))
    assert not caught.value.is_transient
    assert not may_have_made_a_key(caught.value)


@proves("A role, or a principal, that is gone is told as not found")
def test_an_absent_role_is_not_found(contender: Contender) -> None:
    issue, *others = faults_of(contender, contender.roleless)
    revoke = others[0] if others else issue
    assert isinstance(revoke, NotFound)
    assert isinstance(issue, NotFound | ProviderFailure)
    assert not may_have_made_a_key(issue)


@proves("A second role for one key is told as existing, and the first key goes on", but=ROLELESS)
def test_what_exists_is_told_as_existing(contender: Contender) -> None:
    spec = replace(spec_for(contender.connection, "ds/a/"), has_own_role=True)
    first = contender.provider.issue(spec)
    fault = fault_of(lambda: contender.provider.issue(spec))
    assert isinstance(fault, Conflict)
    assert fault.code == "LAKE_THING_EXISTS"
    assert not may_have_made_a_key(fault)
    assert contender.reads(first, INSIDE)
    assert contender.provider.revoke(first.handle).effect is RevokeEffect.IMMEDIATE
    assert not contender.reads(first, INSIDE)


@proves("An answer that is none is a permanent fault that names the call, and what a call makes may exist")
def test_nonsense_is_a_permanent_fault_with_evidence(contender: Contender) -> None:
    issue, *others = faults_of(contender, contender.talking_nonsense)
    assert may_have_made_a_key(issue) is contender.makes_elsewhere
    for fault in (issue, *others):
        assert isinstance(fault, ProviderFailure)
        assert (fault.code, fault.is_transient) == ("LAKE_ANSWER_MALFORMED", False)
        assert fault.reasons[0].facts["call"]
        assert fault.reasons[0].facts["fault"]
