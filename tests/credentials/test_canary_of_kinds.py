"""Of no kind of key, and of nothing that the portal proves itself with, is a part where it does not belong.

The demo lake, a real PostgreSQL, and stand-ins for the clouds. And where the portal itself breaks with a key
in its hands, neither the answer nor the log shows any of it.
"""

from __future__ import annotations

import io
import json
import logging
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from structlog.stdlib import ProcessorFormatter

from apps.access.models import Grant
from apps.accounts.models import ApiToken
from apps.credentials.commands import cut_grant, issuing, serve_credential, serving, take_credential
from apps.credentials.models import Lease
from apps.credentials.tasks import reap
from apps.kernel.errors import LakewardenError
from apps.lakes.providers.contract import Issued
from tests.api.caller import Caller
from tests.credentials.leftovers import as_kept, cut, pieces, plain_pieces, whole_database
from tests.factories import lakes
from tests.factories.lakes import Place
from tests.lab.azure import ACCOUNT, CLIENT, CLIENT_SECRET, TENANT, AzureHouse, running_azure
from tests.lab.demo_lake import DemoLake
from tests.lab.google import ACCOUNT as SERVICE_ACCOUNT
from tests.lab.google import ISSUER, GoogleHouse, running_google
from tests.lab.warehouse import REF, Warehouse
from tests.lakes.conftest import BUCKET as DATABASE
from tests.lakes.conftest import running_cellars  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lake]
BROKE = "It broke with a key in its hands."


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A lake of one kind. `standing` is what the portal proves itself with there."""

    place: Place
    standing: tuple[str, ...] = field(repr=False)
    bucket: str = lakes.BUCKET

    def grant(self, prefix: str = "ds/a/") -> Grant:
        return lakes.grant(self.place, lakes.dataset(self.place, prefix, bucket=self.bucket))


@pytest.fixture(scope="module")
def azure() -> Iterator[AzureHouse]:
    with running_azure() as house:
        house.containers = {lakes.BUCKET: {}, lakes.OTHER_BUCKET: {}}
        yield house


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleHouse]:
    with running_google() as house:
        house.buckets = {lakes.BUCKET: {}, lakes.OTHER_BUCKET: {}}
        yield house


@pytest.fixture
def of_the_demo_lake(db: None, lake: DemoLake) -> Kind:
    secrets = tuple(value for name, value in lake.environment.items() if name.endswith("_SECRET"))
    return Kind(place=lakes.place(lake), standing=secrets)


@pytest.fixture
def of_azure(db: None, azure: AzureHouse, monkeypatch: pytest.MonkeyPatch) -> Kind:
    monkeypatch.setattr(settings, "OUTBOUND_INSIDE", [azure.origin])
    options = {"tenant": TENANT, "account": ACCOUNT}
    at = _elsewhere("azure", azure.origin, sts_endpoint=azure.origin, options=options)
    _given(monkeypatch, at, CLIENT, CLIENT_SECRET)
    return Kind(place=at, standing=(CLIENT_SECRET, azure.secret.decode()))


@pytest.fixture
def of_google(db: None, google: GoogleHouse, monkeypatch: pytest.MonkeyPatch) -> Kind:
    monkeypatch.setattr(settings, "OUTBOUND_INSIDE", [google.origin])
    addresses = {"sts_endpoint": google.origin, "iam_endpoint": google.origin}
    at = _elsewhere("gcs", google.origin, options={"service_account": SERVICE_ACCOUNT}, **addresses)
    _given(monkeypatch, at, ISSUER, google.file)
    body = json.loads(google.file)["private_key"].split("-----")[2]
    return Kind(place=at, standing=(body,))


@pytest.fixture
def of_a_warehouse(
    db: None,
    running_cellars: Mapping[str, Warehouse],  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> Kind:
    warehouse = running_cellars["wheel"]
    at = _elsewhere("postgres", warehouse.endpoint, roots=[DATABASE])
    start = f"LAKEWARDEN_LAKE_{REF}_ISSUER"
    password = warehouse.environment[f"{start}_SECRET"]
    _given(monkeypatch, at, warehouse.environment[f"{start}_KEY"], password)
    return Kind(place=at, standing=(password,), bucket=DATABASE)


def _elsewhere(flavor: str, endpoint: str, **given: Any) -> Place:
    made: dict[str, Any] = {
        "flavor": flavor,
        "endpoint": endpoint,
        "region": "",
        "role_arn": "",
        "secret_ref": "KIND",
    }
    return lakes.place(**{**made, **given})


def _given(patch: pytest.MonkeyPatch, at: Place, key: str, secret: str) -> None:
    start = f"LAKEWARDEN_LAKE_{at.organization.code.upper()}_KIND_ISSUER"
    patch.setenv(f"{start}_KEY", key)
    patch.setenv(f"{start}_SECRET", secret)


@pytest.fixture(params=["the_demo_lake", "azure", "google", "a_warehouse"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kind:
    monkeypatch.setattr(settings, "LAKES_ON_LOOPBACK", True)
    found: Kind = request.getfixturevalue(f"of_{request.param}")
    return found


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log of the house says, as it says it, of everything."""
    (ours,) = (
        each for each in logging.getLogger().handlers if isinstance(each.formatter, ProcessorFormatter)
    )
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(ours.formatter)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def test_no_part_of_any_kind_of_key_or_of_what_makes_it_is_kept_anywhere(
    kind: Kind, made: list[Issued], written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, grant, told = kind.place, kind.grant(), list[str]()
    caller, browser = Caller(at.scientist.token), Client()
    browser.force_login(at.scientist.account, backend="apps.accounts.backends.AccountBackend")
    shown = [caller.post(f"grants/{grant.uid}/credentials", Idempotency_Key="once")]
    told.append(caller.post(f"grants/{grant.uid}/credentials", Idempotency_Key="once").text)
    form = {"key": str(uuid4())}
    shown.append(browser.post(f"/my-access/{grant.uid}/key/", form))
    assert [answer.status_code for answer in shown] == [201, 201]
    told.append(browser.post(f"/my-access/{grant.uid}/key/", form, follow=True).text)
    told += [browser.get(path).text for path in (f"/my-access/{grant.uid}/", "/my-access/", "/")]
    told.append(caller.get("leases").text)
    confirm = issuing.confirm_lease

    def late(*, grant_id: Any, **rest: Any) -> Lease:
        cut_grant(actor=at.owner.actor, grant_id=grant_id, comment="Needed no more.")
        return confirm(grant_id=grant_id, **rest)

    monkeypatch.setattr(issuing, "confirm_lease", late)
    with pytest.raises(LakewardenError) as refused:
        take_credential(actor=at.scientist.actor, grant_id=grant.uid)
    told += traceback.TracebackException.from_exception(refused.value, capture_locals=True).format()
    reap()

    assert len(made) == 3
    places = {"database": whole_database(), "log": written.getvalue(), "answers": "\n".join(told)}
    keys = set[str]().union(*(pieces(issued.secret.reveal()) for issued in made))
    for secrets in (keys, as_kept(cut(kind.standing))):
        assert secrets
        assert {name for name, text in places.items() if any(piece in text for piece in secrets)} == set()
    # The control: the first view shows the key, and what is looked through holds what happened.
    for answer, issued in zip(shown, made, strict=False):
        assert any(piece in answer.text for piece in plain_pieces(issued.secret.reveal()))
    assert "credentials.lease.issued" in places["database"]
    assert grant.asset.name in places["answers"]
    assert places["log"]


def test_where_the_portal_breaks_with_a_key_in_its_hands_nobody_is_shown_any_of_it(
    of_the_demo_lake: Kind, made: list[Issued], written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, grant = of_the_demo_lake.place, of_the_demo_lake.grant()

    def breaks(_bearer: str, parts: Mapping[str, str], *, use: str) -> bytes:
        held = dict(parts)
        raise RuntimeError(f"{BROKE} {use} {len(held)}")

    monkeypatch.setattr(serving, "seal_under", breaks)
    client = Client(raise_request_exception=False)
    headers = {"Authorization": at.scientist.token}
    answer = client.get("/credentials/v1/container", {"grant": str(grant.uid)}, headers=headers)
    assert answer.status_code == 500
    token = ApiToken.objects.get(account=at.scientist.account)
    with pytest.raises(RuntimeError) as broke:
        serve_credential(
            actor=at.scientist.actor, token_id=token.uid, bearer=at.scientist.token, grant_id=grant.uid
        )
    assert len(made) == 2
    secrets = set[str]().union(*(pieces(issued.secret.reveal()) for issued in made))
    logging.getLogger("tests").error("told", exc_info=broke.value)
    places = {
        "answer": answer.text,
        "log": written.getvalue(),
        "traceback": "".join(traceback.format_exception(broke.value)),
        "database": whole_database(),
    }
    assert {name for name, text in places.items() if any(piece in text for piece in secrets)} == set()
    # The control: both tell what broke, and the key was there to be told.
    assert BROKE in places["log"] and BROKE in places["traceback"]
    with_locals = "".join(
        traceback.TracebackException.from_exception(broke.value, capture_locals=True).format()
    )
    assert any(piece in with_locals for piece in secrets)
    # Nobody has it, and somebody knows it: it ends with the grant.
    assert set(Lease.objects.values_list("state", flat=True)) == {"issued"}
    cut_grant(actor=at.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    assert set(Lease.objects.values_list("state", flat=True)) == {"revoked"}
