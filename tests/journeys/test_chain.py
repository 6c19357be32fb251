"""The whole chain as a newcomer walks it: `manage.py up`, then the script of the README."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import env
from tests.platform.portal_process import Portal, new_state, running_portal

README = (env.ROOT / "README.md").read_text()
COMMAND = ".venv/bin/python docs/chain.py"
STEPS = """\
steward registers a dataset
steward classifies every column
officers record a purpose
scientist sees before asking: refer, decided by owner, then privacy
scientist asks: AR-
owner finds it in the inbox, reads it and approves; the request is in_review
officer finds it in the inbox, reads it and approves; the request is approved
scientist takes a key
scientist reads
lake refuses a look-alike prefix, another dataset, the whole bucket, and a write
owner revokes the grant
lake refuses the key; the lease is revoked
auditor reads the trail:"""
CHAIN_OF_EVENTS = (
    "catalog.asset.registered",
    "compliance.purpose.approved",
    "access.request.submitted",
    "access.request.decided",
    "access.request.approved",
    "access.grant.created",
    "access.grant.revoked",
    "credentials.lease.reserved",
    "credentials.lease.issued",
    "credentials.lease.revoked",
)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with new_state() as state, running_portal(state, demo=True) as running:
        yield running


def walk(portal: Portal, *arguments: str) -> str:
    finished = subprocess.run(
        [sys.executable, "docs/chain.py", *arguments],
        cwd=env.ROOT,
        env={**portal.environment, "LAKEWARDEN_URL": f"http://127.0.0.1:{portal.port}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def test_the_script_that_the_readme_names_walks_the_whole_chain(portal: Portal) -> None:
    assert COMMAND in README
    told = walk(portal)
    lines = [re.sub(r" +", " ", line.strip()) for line in told.splitlines()]
    expected = STEPS.splitlines()
    assert [line[: len(step)] for line, step in zip(lines, expected, strict=False)] == expected
    positions = [told.index(f"  {event}\n") for event in CHAIN_OF_EVENTS]
    assert positions == sorted(positions)


def test_where_no_portal_answers_it_says_what_to_do() -> None:
    nowhere = {**os.environ, "LAKEWARDEN_URL": "http://127.0.0.1:9"}
    finished = subprocess.run(
        [sys.executable, "docs/chain.py"],
        cwd=env.ROOT,
        env=nowhere,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert finished.returncode == 1
    assert "No portal answers at http://127.0.0.1:9" in finished.stderr
    assert "manage.py up" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_it_can_be_walked_again_and_with_a_file_of_ones_own(portal: Portal, tmp_path: Path) -> None:
    own = tmp_path / "people.csv"
    own.write_text("id,given_name,born_on\n1,A,1990-01-01\n", encoding="utf-8")
    assert "a dataset of 3 columns" in walk(portal, str(own))
