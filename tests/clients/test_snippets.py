"""Code that the page of a fresh key shows, as it stands, on the demo lake and on a real gateway of Ceph; and
code of programs, in the environment of a fresh key."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.lakes.providers.contract import Access, ConnectionSpec
from apps.lakes.providers.registry import TRAITS
from apps.lakes.providers.traits import FreshKey, Unattended
from tests.clients.conftest import bare, expected_of, pasted, table_folder
from tests.lab.ceph import Ceph
from tests.lab.demo_lake import DemoLake
from tests.lakes.conftest import BUCKET, ceph, demo_lake, running_river, spec_for  # noqa: F401 - fixtures

pytestmark = pytest.mark.lake
FOLDER, BESIDE, OWN = "ds/t/", "ds/ta/", "own/p/"
WRITES = """
with lake.open_output_stream({path!r}) as stream:
    stream.write(b"words")
table = lake.open_input_stream({path!r}).read()"""
SaidOf = Callable[..., dict[str, str]]


@pytest.fixture(params=["demo_lake", "ceph"])
def lake(request: pytest.FixtureRequest) -> DemoLake | Ceph:
    found: DemoLake | Ceph = request.getfixturevalue(request.param)
    for prefix in (FOLDER, BESIDE):
        table_folder(found, BUCKET, prefix)
    return found


def fresh(connection: ConnectionSpec, parts: Any, prefix: str = FOLDER) -> dict[str, str]:
    """What the page of a key shows for a place, by library."""
    traits = TRAITS[connection.flavor]
    place = traits.place(connection.endpoint, BUCKET, prefix)
    key = FreshKey(parts=parts, connection=connection, bucket=BUCKET, prefix=prefix, place=place)
    return {each.id: each.text for each in traits.snippets(key)}


def programs(connection: ConnectionSpec, prefix: str = FOLDER) -> dict[str, str]:
    """What the page of a grant shows for a place, by library."""
    traits = TRAITS[connection.flavor]
    place = traits.place(connection.endpoint, BUCKET, prefix)
    at = Unattended(connection=connection, bucket=BUCKET, prefix=prefix, place=place, asset_id="none")
    assert traits.programs is not None
    return {each.id: each.text for each in traits.programs(at)}


def are_refused(said: dict[str, str]) -> bool:
    """Each was refused by the lake, and did not merely find nothing."""
    return all(told.startswith("refused ") for told in said.values())


def test_every_snippet_of_a_fresh_key_reads_its_place_and_none_beside_it(
    lake: DemoLake | Ceph, clients: Path, tmp_path: Path
) -> None:
    """The key opens two places, and the page shows code for the first."""
    connection = lake.connection()
    parts = lake.provider().issue(spec_for(connection, FOLDER, OWN)).secret.reveal()
    inside = pasted([str(clients)], fresh(connection, parts), bare(tmp_path))
    assert inside == {**expected_of(FOLDER), "env": ""}
    elsewhere = fresh(connection, parts, BESIDE)
    del elsewhere["env"]  # says nothing of a place
    beside = pasted([str(clients)], elsewhere, bare(tmp_path))
    assert are_refused(beside), beside


def test_code_of_programs_needs_nothing_but_the_environment_of_a_key(
    lake: DemoLake | Ceph, clients: Path, tmp_path: Path
) -> None:
    connection = lake.connection()
    parts = lake.provider().issue(spec_for(connection, FOLDER)).secret.reveal()
    lines = (shlex.split(line)[1].partition("=") for line in fresh(connection, parts)["env"].splitlines())
    told = bare(tmp_path, **{name: value for name, _equals, value in lines})
    assert pasted([str(clients)], programs(connection), told) == expected_of(FOLDER)
    beside = pasted([str(clients)], programs(connection, BESIDE), told)
    assert are_refused(beside), beside


def test_pyarrow_writes_with_code_of_the_page(lake: DemoLake | Ceph, clients: Path, tmp_path: Path) -> None:
    """On Ceph it does for the variable that the code sets, and not without."""
    connection = lake.connection()
    spec = spec_for(connection, FOLDER, OWN, access=Access.WRITE)
    shown = fresh(connection, lake.provider().issue(spec).secret.reveal())["pyarrow"]
    code = shown + WRITES.format(path=f"{BUCKET}/{OWN}written.txt")
    without = code.replace('os.environ["AWS_REQUEST_CHECKSUM_CALCULATION"]', "_unused")
    said = pasted([str(clients)], {"pyarrow": code}, bare(tmp_path))
    assert said == {"pyarrow": "5 rows"}
    if without != code:
        assert are_refused(pasted([str(clients)], {"pyarrow": without}, bare(tmp_path)))
    assert (without != code) is (connection.flavor == "ceph")
