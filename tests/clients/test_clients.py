"""The clients that scientists use, with nothing but the environment that the page of a grant shows."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from apps.access.models import Grant
from apps.console.snippets import TOKEN_FILE, libraries_of, program_of
from apps.credentials.commands import cut_grant
from apps.credentials.models import Lease
from apps.kernel.clock import database_now
from portal import env
from tests.clients.conftest import (
    INSIDE,
    OUTSIDE,
    bare,
    expected_of,
    pasted,
    program,
    table_folder,
)
from tests.clients.driver import CLIENTS
from tests.eventually import eventually
from tests.factories import lakes
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lake]

KEY_LIVES_SECONDS = 20
FOLDER = "ds/t/"
IN_RUST = {"Polars", "delta-rs"}
"""They know the token by its file alone."""


@pytest.fixture
def address(live_server: Any, settings: Any) -> str:
    """The SDK for C++ (DuckDB, pyarrow) takes plain http from the address of this machine, not from its
    name."""
    settings.PUBLIC_URL = live_server.url.replace("localhost", "127.0.0.1")
    told: str = settings.PUBLIC_URL
    return told


def by_token_file(clients: Path, grant: Grant, home: Path, token: str) -> dict[str, str]:
    """What the page shows, with the token in a file; and nothing of this process but where programs lie."""
    file = home / "token"
    file.write_text(token)
    shown = (shlex.split(line)[1].partition("=") for line in program_of(grant).splitlines())
    told = {name: value.replace(TOKEN_FILE, str(file)) for name, _equals, value in shown}
    return bare(home, **told)


def by_token(clients: Path, grant: Grant, home: Path, token: str) -> dict[str, str]:
    told = by_token_file(clients, grant, home, token)
    del told["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]
    return {**told, "AWS_CONTAINER_AUTHORIZATION_TOKEN": token}


def by_process(clients: Path, grant: Grant, home: Path, token: str) -> dict[str, str]:
    """A profile as the README of the package shows it."""
    told = by_token_file(clients, grant, home, token)
    kept_out = [name for name in told if name.startswith("AWS_CONTAINER_")]
    command = f"{clients} -m lakewarden creds {grant.asset.uid} --format credential-process"
    config = home / "config"
    config.write_text(f"[default]\ncredential_process = {command}\n")
    signed_in = signing_in(told["AWS_CONTAINER_CREDENTIALS_FULL_URI"].partition("/credentials/")[0], token)
    for name in kept_out:
        del told[name]
    return {**told, **signed_in, "AWS_CONFIG_FILE": str(config)}


def signing_in(url: str, token: str) -> dict[str, str]:
    return {
        "LAKEWARDEN_URL": url,
        "LAKEWARDEN_TOKEN": token,
        "PYTHONPATH": str(env.ROOT / "client"),
    }


@pytest.mark.parametrize(
    ("environment_of", "unable"), [(by_token, IN_RUST), (by_process, IN_RUST)], ids=["token", "process"]
)
def test_by_other_ways_every_client_but_those_in_rust_reads_inside_and_is_refused_outside(
    environment_of: Callable[..., dict[str, str]],
    unable: set[str],
    clients: Path,
    lake: DemoLake,
    table: DemoLake,
    address: str,
    tmp_path: Path,
) -> None:
    place = lakes.place(lake)
    grant = lakes.grant(place, lakes.dataset(place))
    environment = environment_of(clients, grant, tmp_path, place.scientist.token)
    with ExitStack() as stack:
        running = [stack.enter_context(program(clients, name, environment)) for name in CLIENTS]
        assert {each.said() for each in running} == {"ready"}
        inside = {each.name: each.read(INSIDE) for each in running}
        refused = {name for name, said in inside.items() if said.startswith("refused ")}
        read = {name for name, said in inside.items() if said.startswith("read ")}
        assert (refused, read) == (unable, set(CLIENTS) - unable), inside
        outside = {each.name: each.read(OUTSIDE) for each in running}
        assert {name: said for name, said in outside.items() if not said.startswith("refused ")} == {}


def test_every_client_reads_inside_is_refused_outside_survives_a_refresh_and_stops_when_it_is_revoked(
    clients: Path, lake: DemoLake, table: DemoLake, address: str, tmp_path: Path
) -> None:
    """All of them at once, beside each other: what takes time is waiting for a key to end."""
    place = lakes.place(lake, ttl_max_seconds=KEY_LIVES_SECONDS)
    grant = lakes.grant(place, lakes.dataset(place))
    environment = by_token_file(clients, grant, tmp_path, place.scientist.token)
    with ExitStack() as stack:
        running = []
        for name in CLIENTS:  # one after the other: the SDK for C++ gives the portal one second
            running.append(stack.enter_context(program(clients, name, environment)))
            assert (name, running[-1].said()) == (name, "ready")
        inside = {each.name: each.read(INSIDE) for each in running}
        assert {name: said for name, said in inside.items() if not said.startswith("read ")} == {}
        outside = {each.name: each.read(OUTSIDE) for each in running}
        assert {name: said for name, said in outside.items() if not said.startswith("refused ")} == {}

        first = set(Lease.objects.values_list("pk", flat=True))
        last = max(Lease.objects.values_list("expires_at", flat=True))
        eventually(lambda: database_now() > last, within=3 * KEY_LIVES_SECONDS)
        later = {each.name: each.read(INSIDE) for each in running}
        assert {name: said for name, said in later.items() if not said.startswith("read ")} == {}
        assert set(Lease.objects.values_list("pk", flat=True)) > first

        cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
        ended = {each.name: each.read(INSIDE) for each in running}
        assert {name: said for name, said in ended.items() if not said.startswith("refused ")} == {}


# --- code that is shown ----------------------------------------------------------------------------


@pytest.fixture
def at(lake: DemoLake) -> tuple[Place, Grant]:
    """Access to a folder in which code of every library finds something."""
    table_folder(lake, BUCKET, FOLDER)
    place = lakes.place(lake)
    return place, lakes.grant(place, lakes.dataset(place, FOLDER))


def shown(grant: Grant) -> dict[str, str]:
    return {each.id: each.text for each in libraries_of(grant)}


def test_code_of_programs_reads_in_the_environment_that_the_page_shows(
    at: tuple[Place, Grant], clients: Path, address: str, tmp_path: Path
) -> None:
    place, grant = at
    told = by_token_file(clients, grant, tmp_path, place.scientist.token)
    assert pasted([str(clients)], shown(grant), told) == expected_of(FOLDER)
    assert Lease.objects.count() == 1


def test_code_of_programs_reads_behind_the_agent(
    at: tuple[Place, Grant], clients: Path, address: str, tmp_path: Path
) -> None:
    place, grant = at
    command = [str(clients), "-m", "lakewarden", "exec", str(grant.asset.uid), "--", str(clients)]
    told = bare(tmp_path, **signing_in(address, place.scientist.token))
    assert pasted(command, shown(grant), told) == expected_of(FOLDER)
    assert Lease.objects.count() == 1
