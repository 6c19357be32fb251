"""A pipeline: the file that its platform keeps, an access token of minutes, a key, and what it opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from lakewarden.answers import PortalUnreachable, Refused
from lakewarden.profile import NotSignedIn, Profile, keep_profile, read_profile
from lakewarden.workload import Workload

from apps.accounts.models import ApiToken
from apps.credentials.models import Lease
from tests.client.conftest import Desk, lines
from tests.factories import accounts, lakes
from tests.issuer import SUBJECT, issuing
from tests.lab.demo_lake import DemoLake
from tests.listener import Listener, answering, listening

REFUSED, UNUSABLE = 3, 2
READS = """
import boto3, os
print([name for name in os.environ if name.startswith("LAKEWARDEN_W")])
bucket, prefix = os.environ["LAKEWARDEN_PLACE"].removeprefix("s3://").split("/", 1)
print(boto3.client("s3").get_object(Bucket=bucket, Key=prefix + "part.csv")["Body"].read().decode())
"""


@pytest.mark.django_db(transaction=True)
def test_it_signs_in_and_reads_and_no_secret_lies_anywhere(
    lake: DemoLake, live_server: Any, tmp_path: Path, settings: Any
) -> None:
    place = lakes.place(lake)
    program = accounts.service_account(place.scientist.person)
    grant = lakes.grant(place, lakes.dataset(place), service_account=program)
    desk = Desk(url=live_server.url, home=tmp_path, place=place, grant=grant)
    file = tmp_path / "platform.jwt"
    with issuing() as issuer:
        settings.OUTBOUND_INSIDE = [issuer.url]
        scopes = ["read", "credentials"]
        identity = accounts.workload(program, issuer=issuer.url, subject=SUBJECT, scopes=scopes)
        file.write_text(issuer.token(identity.audience))
        signed_in = desk.run("login", "--workload-token-file", str(file), live_server.url)
        assert signed_in.returncode == 0, signed_in.stderr
        assert file.read_text() not in (tmp_path / ".config/lakewarden/profile.json").read_text()
        again = desk.run("search")
        assert again.returncode == REFUSED and "exchanged before" in again.stderr
        file.write_text(issuer.token(identity.audience))
        variables = {"LAKEWARDEN_URL": live_server.url, "LAKEWARDEN_WORKLOAD_TOKEN_FILE": str(file)}
        read = desk.run("exec", grant.asset.name, "--", *desk.command()[:1], "-c", READS, **variables)
    assert read.returncode == 0, read.stderr
    assert lines(read) == ["[]", "content of vault-one/ds/a/part.csv"]
    lease = Lease.objects.get()
    assert lease.account_id == program.pk
    assert ApiToken.objects.filter(identity=identity).count() == 2
    file.unlink()
    assert desk.run("search").returncode == UNUSABLE


def test_the_file_is_read_anew_for_each_access_token(tmp_path: Path) -> None:
    file = tmp_path / "platform.jwt"
    with listening(Listener()) as portal:
        workload = Workload(f"http://127.0.0.1:{portal.port}", file, requests.Session())
        for number, seconds in ((1, 60), (2, 900), (3, 900)):
            told = f'{{"access_token": "lkw_{number}", "expires_in": {seconds}}}'
            portal.behaviours = [answering(body=told.encode())]
            file.write_text(f"platform {number}\n")
            assert workload.token() == f"lkw_{min(number, 2)}"
    sent = [parse_qs(asked.body.decode()) for asked in portal.asked]
    assert [form["subject_token"] for form in sent] == [["platform 1"], ["platform 2"]]


def test_a_portal_that_is_away_for_a_moment_costs_nothing_while_the_token_works(tmp_path: Path) -> None:
    file = tmp_path / "platform.jwt"
    file.write_text("platform")
    with listening(Listener()) as portal:
        workload = Workload(f"http://127.0.0.1:{portal.port}", file, requests.Session())
        portal.behaviours = [answering(body=b'{"access_token": "lkw_1", "expires_in": 60}')]
        assert workload.token() == "lkw_1"
        portal.behaviours = [answering(502, b"<html>")]
        assert workload.token() == "lkw_1"
        portal.behaviours = [answering(400, b'{"code": "X", "error_description": "No."}')]
        with pytest.raises(Refused, match="No"):
            workload.token()
        fresh = Workload(f"http://127.0.0.1:{portal.port}", file, requests.Session())
        portal.behaviours = [answering(502, b"<html>")]
        with pytest.raises(PortalUnreachable):
            fresh.token()


def test_a_profile_names_the_file_and_holds_no_token(tmp_path: Path) -> None:
    home, url = {"HOME": str(tmp_path)}, "https://portal.example.org"
    kept = Profile(url=url, workload_file=tmp_path / "platform.jwt")
    assert "token" not in keep_profile(kept, home).read_text()
    assert read_profile(home) == kept
    named = {"LAKEWARDEN_URL": url, "LAKEWARDEN_WORKLOAD_TOKEN_FILE": "/run/token"}
    assert read_profile({**home, **named}).workload_file == Path("/run/token")
    assert read_profile({**home, **named, "LAKEWARDEN_TOKEN": "lkw_1"}).workload_file is None
    with pytest.raises(NotSignedIn):
        read_profile({**home, "LAKEWARDEN_URL": "https://other.example.org"})
