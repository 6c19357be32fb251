"""A program that was given the environment from the page of its grant, and nothing else: the real SDK."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import CredentialRetrievalError

from apps.access.models import Grant
from apps.console.snippets import TOKEN_FILE, program_of
from apps.credentials.commands import cut_grant
from apps.credentials.models import Lease
from tests.factories import lakes
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import is_denied

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program(
    lake: DemoLake, live_server: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Place, Grant]]:
    """The environment as the page tells it, with the token in a file of the program's own."""
    settings.PUBLIC_URL = live_server.url
    place = lakes.place(lake)
    grant = lakes.grant(place, lakes.dataset(place))
    file = tmp_path / "token"
    file.write_text(place.scientist.token)
    for line in program_of(grant).splitlines():
        name, _equals, value = shlex.split(line)[1].partition("=")
        monkeypatch.setenv(name, value.replace(TOKEN_FILE, str(file)))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    yield place, grant


def read(key: str) -> bytes:
    """Each time a program of its own, which has no key yet."""
    client = botocore.session.Session().create_client("s3")
    content: bytes = client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return content


def test_it_reads_what_the_grant_opens_and_nothing_else_and_shares_one_key(
    program: tuple[Place, Grant],
) -> None:
    assert read("ds/a/part.csv")
    assert is_denied(lambda: read("ds/b/part.csv"))
    assert Lease.objects.count() == 1


def test_once_the_grant_is_revoked_it_is_told_why_it_has_no_key(program: tuple[Place, Grant]) -> None:
    place, grant = program
    assert read("ds/a/part.csv")
    cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    with pytest.raises(CredentialRetrievalError) as refused:
        read("ds/a/part.csv")
    assert "GRANT_ENDED" in str(refused.value)
