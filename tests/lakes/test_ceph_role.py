"""What is printed for a Ceph gateway is typed in as it stands, and the connection passes its test: with the
role that the printed commands make, for keys of an hour and of twelve, and with one that the portal makes.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.audit import tasks
from apps.lakes.models import Lake
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.keyring import Duty, EnvironmentSecrets, variables
from apps.lakes.providers.s3 import S3Provider
from apps.lakes.providers.s3.role_steps import ADMINISTRATOR, role_steps
from apps.lakes.providers.setup import ISSUER
from tests.clients.environment import python_of_clients
from tests.factories import lakes
from tests.lab.ceph import Ceph
from tests.lakes.conftest import BUCKET, OTHER_BUCKET

pytestmark = pytest.mark.lake
WAYS = {"radosgw-admin role create": timedelta(hours=1), "aws --region": timedelta(hours=12)}
"""How the printed command that makes the role begins, by the longest key of the connection."""


def typed(ceph: Ceph, text: str, **given: str) -> list[str]:
    """What each line says, on a machine where the tools of the cluster find it."""
    paths = os.pathsep.join((str(python_of_clients().parent), os.environ["PATH"]))
    environment = {"PATH": paths, "CEPH_CONF": str(ceph.directory / "ceph.conf"), **given}
    return [
        subprocess.run(
            ["/bin/sh", "-c", line], env=environment, capture_output=True, text=True, check=True
        ).stdout
        for line in text.splitlines()
    ]


@contextmanager
def both_users(ceph: Ceph, connection: ConnectionSpec) -> Iterator[Mapping[str, str]]:
    """The users of the printed commands, and their keys where the portal looks for them."""
    steps = {step.slug: step.text for step in role_steps(connection)}
    environment = {}
    try:
        for duty, slug in ((Duty.ISSUER, "issuer"), (Duty.ADMIN, "administrator")):
            (made,) = typed(ceph, steps[slug])
            (key,) = json.loads(made)["keys"]
            names = variables(connection, duty)
            environment.update(zip(names, (key["access_key"], key["secret_key"]), strict=True))
        assert set(environment) == {line.removesuffix("=") for line in steps["environment"].splitlines()}
        yield environment
    finally:
        typed(ceph, "\n".join(f"radosgw-admin user rm --uid {uid}" for uid in (ISSUER, ADMINISTRATOR)))


def of_the_administrator(environment: Mapping[str, str], connection: ConnectionSpec) -> dict[str, str]:
    """Where the command of a role for longer keys looks for the key it needs."""
    key, secret = (environment[name] for name in variables(connection, Duty.ADMIN))
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}


@pytest.mark.parametrize("way", WAYS)
def test_the_printed_commands_make_a_role_with_which_every_probe_passes(ceph: Ceph, way: str) -> None:
    longest = WAYS[way]
    connection = ceph.connection(
        role_arn=f"arn:aws:iam:::role/by/hand/river-{longest.seconds}", ttl_max=longest, secret_ref="HAND"
    )
    steps = {step.slug: step.text for step in role_steps(connection)}
    assert steps["role"].startswith(way)
    with both_users(ceph, connection) as environment:
        provider = S3Provider(EnvironmentSecrets(environment))
        assert "issue a key" in {
            probe.name for probe in provider.verify_connection(connection) if not probe.passed
        }
        typed(ceph, steps["role"], **of_the_administrator(environment, connection))
        assert [probe for probe in provider.verify_connection(connection) if not probe.passed] == []


@pytest.fixture
def lake(ceph: Ceph, db: None, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A connection as an administrator enters it, which says nothing of its longest key."""
    monkeypatch.setattr(tasks.deliver, "delay", lambda _key: None)
    role = "arn:aws:iam:::role/applied/river"
    given = ceph.entered(role_arn=role, secret_ref="HAND", roots=[BUCKET, OTHER_BUCKET])
    return lakes.place(**given).lake


def test_applied_the_portal_makes_the_role_with_the_key_of_the_administrator(
    ceph: Ceph, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with both_users(ceph, lake.spec()) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        said = StringIO()
        call_command("lake_role", lake.name, "--organization", lake.organization.code, "--apply", stdout=said)
        assert "issue a key: passed" in said.getvalue()
        assert "FAILED" not in said.getvalue()
        lake.refresh_from_db()
        assert lake.verified_at is not None
        with pytest.raises(CommandError, match="does not pass its test"):  # whom the trust does not name
            call_command("lake_role", lake.name, "--apply", "--issuer", "arn:aws:iam:::user/x", stdout=said)
