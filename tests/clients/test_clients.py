"""The clients that scientists use, with nothing but the environment that the page of a grant shows."""

from __future__ import annotations

import shlex
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from apps.access.models import Grant
from apps.console.snippets import TOKEN_FILE, program_of
from apps.credentials.commands import cut_grant
from apps.credentials.models import Lease
from apps.kernel.clock import database_now
from tests.clients.conftest import INSIDE, OUTSIDE, program
from tests.clients.driver import CLIENTS
from tests.eventually import eventually
from tests.factories import lakes
from tests.lab.demo_lake import DemoLake

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lake]

KEY_LIVES_SECONDS = 20


def environment_of(grant: Grant, home: Path, token: str) -> dict[str, str]:
    """What the page shows, with the token in a file; and nothing of this process but where programs lie."""
    file = home / "token"
    file.write_text(token)
    shown = (shlex.split(line)[1].partition("=") for line in program_of(grant).splitlines())
    told = {name: value.replace(TOKEN_FILE, str(file)) for name, _equals, value in shown}
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", **told}


def test_every_client_reads_inside_is_refused_outside_survives_a_refresh_and_stops_when_it_is_revoked(
    clients: Path, lake: DemoLake, table: DemoLake, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    """All of them at once, beside each other: what takes time is waiting for a key to end."""
    # The SDK for C++ (DuckDB, pyarrow) takes plain http from the address of this machine, not from its name.
    settings.PUBLIC_URL = live_server.url.replace("localhost", "127.0.0.1")
    place = lakes.place(lake, ttl_max_seconds=KEY_LIVES_SECONDS)
    grant = lakes.grant(place, lakes.dataset(place))
    environment = environment_of(grant, tmp_path, place.scientist.token)
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
