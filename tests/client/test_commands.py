"""What a scientist types, against a served portal and a lake; each command is a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import botocore.session
import pytest

from apps.access.models import Request
from apps.credentials.commands import cut_grant
from apps.credentials.models import Lease
from tests.client.conftest import Desk, lines
from tests.factories.lakes import BUCKET
from tests.lab.demo_lake import DemoLake

pytestmark = pytest.mark.django_db(transaction=True)

REFUSED, UNUSABLE, UNREACHABLE = 3, 2, 4
READS = f"""
import boto3
s3 = boto3.client("s3")
print(len(s3.get_object(Bucket={BUCKET!r}, Key="ds/a/part.csv")["Body"].read()))
try:
    s3.get_object(Bucket={BUCKET!r}, Key="ds/b/part.csv")
except s3.exceptions.ClientError as error:
    print(error.response["Error"]["Code"])
"""


def test_finding_and_asking(desk: Desk) -> None:
    asset, purpose = desk.grant.asset, desk.place.purpose
    desk.signed_in()
    assert any(asset.name in line and str(asset.uid) in line for line in lines(desk.run("search")))
    assert lines(desk.run("search", "nothing-like-this")) == []
    told = desk.run("preview", asset.name, "--purpose", purpose.ref)
    assert told.returncode == 0, told.stderr
    assert lines(told)[0] == "It would be granted at once."
    asked = desk.run("request", str(asset.uid), "--purpose", purpose.ref, "--why", "For the spring campaign.")
    assert asked.returncode == 0, asked.stderr
    request = Request.objects.latest("pk")
    assert asked.stdout.split() == [request.ref, "approved"]
    labeled = desk.run(
        "request", str(asset.uid), "--purpose", purpose.ref, "--action", "label", "--as", "reviewer"
    )
    assert labeled.returncode == 0, labeled.stderr
    assert Request.objects.latest("pk").revision.labeling_part == "reviewer"
    status = desk.run("status").stdout
    assert request.ref in status and f"{asset.name}: read" in status


@pytest.mark.parametrize("form", ["env", "json", "credential-process"])
def test_a_key_in_the_form_that_is_wanted_and_one_for_all(desk: Desk, form: str) -> None:
    desk.signed_in()
    first, again = (desk.run("creds", desk.grant.asset.name, "--format", form).stdout for _ in range(2))
    assert first and first == again
    lease = Lease.objects.get()
    if form == "env":
        assert f"export AWS_ENDPOINT_URL={lease.lake.endpoint}" in first
    elif form == "json":
        assert json.loads(first)["places"] == [f"s3://{BUCKET}/ds/a/"]
    else:
        told = json.loads(first)
        assert told["Version"] == 1
        assert set(told) == {"Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}


def test_it_works_behind_credential_process(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.signed_in()
    command = " ".join(desk.command("creds", str(desk.grant.asset.uid), "--format", "credential-process"))
    config = desk.home / "config"
    endpoint = desk.grant.version.location.lake.endpoint  # type: ignore[union-attr]
    config.write_text(
        f"[default]\nregion = us-east-1\nendpoint_url = {endpoint}\ncredential_process = {command}\n"
    )
    for name, value in {**desk.environment, "AWS_CONFIG_FILE": str(config)}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    client = botocore.session.Session().create_client("s3")
    assert client.get_object(Bucket=BUCKET, Key="ds/a/part.csv")["Body"].read()


def test_a_command_takes_its_keys_itself_and_never_sees_the_token(desk: Desk) -> None:
    desk.signed_in()
    done = desk.run("exec", desk.grant.asset.name, "--", sys.executable, "-c", READS)
    assert done.returncode == 0, done.stderr
    size, refused = lines(done)
    assert int(size) > 0 and refused == "AccessDenied"
    environment = desk.run("exec", desk.grant.asset.name, "--", "env").stdout
    assert "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE" in environment
    assert desk.place.scientist.token not in environment
    assert "AWS_SECRET_ACCESS_KEY" not in environment
    assert desk.run("exec", desk.grant.asset.name, "--", "sh", "-c", "exit 7").returncode == 7
    assert desk.run("exec", desk.grant.asset.name).returncode == UNUSABLE
    assert Lease.objects.count() == 1


def test_the_agent_serves_its_own_programs_alone_until_it_is_stopped(desk: Desk, lake: DemoLake) -> None:
    desk.signed_in()
    words = desk.command("agent", desk.grant.asset.name)
    with subprocess.Popen(
        words, env=desk.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=desk.home
    ) as agent:
        assert agent.stdout is not None
        told = [agent.stdout.readline().strip().removeprefix("export ") for _ in range(6)]
        served = {name: value.strip("'") for name, _eq, value in (line.partition("=") for line in told)}
        assert served["LAKEWARDEN_PLACE"] == f"s3://{BUCKET}/ds/a/"
        assert served["AWS_ALLOW_HTTP"] == "true"  # the lake has no TLS
        own = {**desk.environment, **served}
        read = subprocess.run(
            [sys.executable, "-c", READS], env=own, capture_output=True, text=True, check=True
        )
        assert read.stdout.splitlines()[1] == "AccessDenied"
        stranger = {**own, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": os.devnull}
        failed = subprocess.run(
            [sys.executable, "-c", READS], env=stranger, capture_output=True, text=True, check=False
        )
        assert failed.returncode != 0
        agent.send_signal(signal.SIGTERM)
        assert agent.wait(30) == 0


def test_it_is_explained_why_there_is_no_key(desk: Desk) -> None:
    desk.signed_in()
    assert "You have a key" in desk.run("explain", desk.grant.asset.name).stdout
    cut_grant(actor=desk.place.owner.actor, grant_id=desk.grant.uid, comment="Needed no more.")
    told = desk.run("explain", desk.grant.asset.name)
    assert told.returncode == REFUSED
    assert "GRANT_ENDED" in told.stdout
    creds = desk.run("creds", desk.grant.asset.name)
    assert (creds.returncode, creds.stdout) == (REFUSED, "")
    assert "GRANT_ENDED" in creds.stderr


def test_what_cannot_be_used_is_told_without_a_traceback(desk: Desk) -> None:
    nobody = desk.run("search")
    assert (nobody.returncode, nobody.stderr.count("Traceback")) == (UNUSABLE, 0)
    wrong = desk.run("login", desk.url, typed="lkw_nonsense\n")
    assert (wrong.returncode, wrong.stdout) == (REFUSED, "")
    assert not (desk.home / ".config").exists()
    gone = desk.run("search", LAKEWARDEN_URL="http://127.0.0.1:9", LAKEWARDEN_TOKEN="lkw_1")
    assert (gone.returncode, gone.stderr.count("Traceback")) == (UNREACHABLE, 0)
    desk.signed_in()
    assert desk.run("creds", "No such thing").returncode == UNUSABLE
    assert desk.run("preview", desk.grant.asset.name, "--purpose", "PU-9999").returncode == UNUSABLE


def test_from_python(desk: Desk) -> None:
    script = f"""
from lakewarden import Client
asset = Client().asset({desk.grant.asset.name!r})
key = asset.credentials()
print(len(asset.open("part.csv").read()), key.expires_at.isoformat(), repr(key))
"""
    desk.signed_in()
    done = subprocess.run(
        [sys.executable, "-c", script], env=desk.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    size, ends, shown = done.stdout.split(maxsplit=2)
    assert int(size) > 0
    assert datetime.fromisoformat(ends) > datetime.now(UTC)
    assert "secret" not in shown
    assert Lease.objects.count() == 1
