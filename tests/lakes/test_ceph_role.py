"""What is printed for a Ceph gateway is typed in as it stands, and the connection passes its test."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import timedelta

import pytest

from apps.lakes.providers.keyring import Duty, EnvironmentSecrets
from apps.lakes.providers.s3 import S3Provider
from apps.lakes.providers.s3.role_steps import role_steps
from tests.lab.ceph import Ceph

pytestmark = pytest.mark.lake


def typed(ceph: Ceph, text: str) -> list[str]:
    """What each line says, on a machine where the tools of the cluster find it."""
    environment = {"PATH": os.environ["PATH"], "CEPH_CONF": str(ceph.directory / "ceph.conf")}
    return [
        subprocess.run(
            ["/bin/sh", "-c", line], env=environment, capture_output=True, text=True, check=True
        ).stdout
        for line in text.splitlines()
    ]


def test_the_printed_commands_make_a_role_with_which_every_probe_passes(ceph: Ceph) -> None:
    connection = ceph.connection(
        role_arn="arn:aws:iam:::role/by/hand/river", ttl_max=timedelta(hours=1), secret_ref="HAND"
    )
    steps = {step.slug: step.text for step in role_steps(connection)}
    environment = {}
    for duty, slug in ((Duty.ISSUER, "issuer"), (Duty.ADMIN, "administrator")):
        (made,) = typed(ceph, steps[slug])
        (key,) = json.loads(made)["keys"]
        environment[f"LAKEWARDEN_LAKE_HAND_{duty}_KEY"] = key["access_key"]
        environment[f"LAKEWARDEN_LAKE_HAND_{duty}_SECRET"] = key["secret_key"]
    assert set(environment) == {line.removesuffix("=") for line in steps["environment"].splitlines()}
    provider = S3Provider(EnvironmentSecrets(environment))
    assert "issue a key" in {
        probe.name for probe in provider.verify_connection(connection) if not probe.passed
    }
    typed(ceph, steps["role"])
    assert [probe for probe in provider.verify_connection(connection) if not probe.passed] == []
