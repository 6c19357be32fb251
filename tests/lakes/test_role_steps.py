"""What is printed for setting up a role by hand, read as a shell and a server would read it."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.audit import tasks
from apps.audit.models import AuditEvent
from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.s3.role_steps import role_steps, usual_issuer
from tests.factories import lakes
from tests.lab.demo_lake import ISSUER_ARN, ROLE_ARN, DemoLake
from tests.lakes.conftest import BUCKET, OTHER_BUCKET
from tests.lakes.test_session_policy import a_connection

ROLE = "arn:aws:iam::123456789012:role/teams/geo/lakewarden"
ISSUER = "arn:aws:iam::123456789012:user/lakewarden-issuer"
ROOTS = (
    StorageRoot(bucket=BucketName(text="research"), prefix="geology/"),
    StorageRoot(bucket=BucketName(text="models")),
)


def connection_of(flavor: Flavor, **given: Any) -> ConnectionSpec:
    made: dict[str, Any] = {"role_arn": ROLE, "external_id": "x-17_y", "roots": ROOTS, **given}
    return replace(a_connection(), flavor=flavor, endpoint="https://lake.example.org", **made)


def texts(connection: ConnectionSpec, issuer_arn: str = "") -> dict[str, str]:
    return {step.slug: step.text for step in role_steps(connection, issuer_arn=issuer_arn)}


def commands(text: str) -> list[tuple[str, dict[str, str]]]:
    """Each line as the words of the command and its options."""
    read = []
    for line in text.splitlines():
        words = shlex.split(line)
        at = next((place for place, word in enumerate(words) if word.startswith("--")), len(words))
        if words[:2] == ["aws", "--region"]:
            at = next(place for place in range(5, len(words)) if words[place].startswith("--"))
        rest = words[at:]
        read.append((" ".join(words[:at]), dict(zip(rest[::2], rest[1::2], strict=True))))
    return read


def statement(document: str) -> dict[str, Any]:
    (only,) = json.loads(document)["Statement"]
    return dict(only)


@pytest.mark.parametrize("flavor", [Flavor.AWS, Flavor.CEPH])
def test_the_trust_names_the_issuer_without_a_session_and_with_the_external_id(flavor: Flavor) -> None:
    trust = statement(texts(connection_of(flavor))["trust"])
    assert trust["Principal"] == {"AWS": [ISSUER]}
    assert trust["Action"] == ["sts:AssumeRole"]
    told = {"StringEquals": {"sts:ExternalId": "x-17_y"}} if flavor is Flavor.AWS else {}
    assert trust["Condition"] == {"Null": {"aws:TokenIssueTime": "true"}, **told}


@pytest.mark.parametrize("flavor", [Flavor.AWS, Flavor.CEPH, Flavor.MINIO])
def test_the_permissions_are_the_roots_of_the_connection_and_no_more(flavor: Flavor) -> None:
    objects, buckets = json.loads(texts(connection_of(flavor))["permissions"])["Statement"]
    assert objects["Resource"] == ["arn:aws:s3:::research/geology/*", "arn:aws:s3:::models/*"]
    assert buckets["Resource"] == ["arn:aws:s3:::models", "arn:aws:s3:::research"]
    assert set(objects["Action"]) == {
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
    }
    assert buckets["Action"] == "s3:ListBucket"


def test_on_aws_two_users_with_one_duty_each_and_the_role_are_made() -> None:
    said = texts(connection_of(Flavor.AWS))
    made, allowed, key = commands(said["issuer"])
    assert [made[0], key[0]] == ["aws iam create-user", "aws iam create-access-key"]
    assert statement(allowed[1]["--policy-document"]) == {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Resource": ROLE,
    }
    keeps = statement(commands(said["administrator"])[1][1]["--policy-document"])
    assert keeps["Resource"] == ROLE
    assert set(keeps["Action"]) == {
        "iam:GetRolePolicy",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:ListRolePolicies",
    }
    role, scope = commands(said["role"])
    assert role[0] == "aws iam create-role"
    assert role[1]["--role-name"] == scope[1]["--role-name"] == "lakewarden"
    assert role[1]["--path"] == "/teams/geo/"
    assert role[1]["--max-session-duration"] == str(12 * 3600)
    assert json.loads(role[1]["--assume-role-policy-document"]) == json.loads(said["trust"])
    assert json.loads(scope[1]["--policy-document"]) == json.loads(said["permissions"])
    assert scope[1]["--policy-name"] == "lakewarden-scope"


def test_on_ceph_the_role_is_made_by_the_tool_of_the_cluster_where_an_hour_is_enough() -> None:
    said = texts(connection_of(Flavor.CEPH, ttl_max=timedelta(hours=1)))
    assert commands(said["issuer"])[0][1]["--uid"] == "lakewarden-issuer"
    assert commands(said["administrator"])[0][1]["--caps"] == "roles=*"
    role, scope = commands(said["role"])
    assert (role[0], scope[0]) == ("radosgw-admin role create", "radosgw-admin role-policy put")
    assert json.loads(role[1]["--assume-role-policy-doc"]) == json.loads(said["trust"])
    assert json.loads(scope[1]["--policy-doc"]) == json.loads(said["permissions"])


def test_on_ceph_a_role_for_longer_keys_is_made_at_the_gateway() -> None:
    given = {"iam_endpoint": "https://iam.example.org", "ttl_max": timedelta(hours=8)}
    role, _scope = commands(texts(connection_of(Flavor.CEPH, **given))["role"])
    assert role[0] == "aws --region eu-central-1 --endpoint-url https://iam.example.org iam create-role"
    assert role[1]["--max-session-duration"] == str(8 * 3600)


def test_on_minio_the_issuer_holds_what_a_role_would() -> None:
    said = texts(connection_of(Flavor.MINIO))
    assert set(said) == {"permissions", "issuer", "environment"}
    user, policy, attached = map(shlex.split, said["issuer"].splitlines())
    assert user[:5] == ["mc", "admin", "user", "add", "LAKE"]
    assert policy[:6] == ["mc", "admin", "policy", "create", "LAKE", "lakewarden-scope"]
    assert attached[-3:] == ["lakewarden-scope", "--user", user[5]]


def test_the_demo_lake_needs_nothing_done() -> None:
    assert role_steps(connection_of(Flavor.DEMO)) == ()


def test_another_issuer_may_be_named_and_the_usual_one_lies_in_the_account_of_the_role() -> None:
    other = "arn:aws:iam::999999999999:role/portal"
    said = texts(connection_of(Flavor.AWS), issuer_arn=other)
    assert statement(said["trust"])["Principal"] == {"AWS": [other]}
    assert usual_issuer(connection_of(Flavor.CEPH, role_arn="arn:aws:iam:::role/river")) == (
        "arn:aws:iam:::user/lakewarden-issuer"
    )


def test_a_shell_runs_nothing_but_what_is_printed() -> None:
    """Whatever stands in a connection: it stays one word."""
    given = {"external_id": 'a\'b; rm -rf "$HOME" `id`', "iam_endpoint": "https://iam.example.org"}
    for flavor in (Flavor.AWS, Flavor.CEPH):
        said = texts(connection_of(flavor, **given), issuer_arn="arn:'$(id)'")
        role, scope = commands(said["role"])
        document = role[1]["--assume-role-policy-document"]
        assert json.loads(document) == json.loads(said["trust"])
        assert set(scope[1]) == {"--role-name", "--policy-name", "--policy-document"}


# --- done by the portal ----------------------------------------------------------------------------


@pytest.fixture
def demo_place(db: None, demo_lake: DemoLake, monkeypatch: pytest.MonkeyPatch) -> lakes.Place:
    monkeypatch.setattr(tasks.deliver, "delay", lambda _key: None)
    for name, value in demo_lake.environment.items():
        monkeypatch.setenv(name, value)
    return lakes.place(demo_lake, role_arn=f"{ROLE_ARN}-applied", roots=[BUCKET, OTHER_BUCKET])


def test_applied_the_role_is_made_told_in_the_trail_and_put_to_the_test(demo_place: lakes.Place) -> None:
    said = StringIO()
    call_command("lake_role", demo_place.lake.name, "--apply", "--issuer", ISSUER_ARN, stdout=said)
    assert "issue a key: passed" in said.getvalue()
    assert "FAILED" not in said.getvalue()
    demo_place.lake.refresh_from_db()
    assert demo_place.lake.verified_at is not None
    event = AuditEvent.objects.get(name="lakes.lake.role_set_up", subject_uid=demo_place.lake.uid)
    assert event.data["issuer_arn"] == ISSUER_ARN


def test_an_issuer_who_may_not_assume_it_is_found_out_by_the_test(demo_place: lakes.Place) -> None:
    said = StringIO()
    with pytest.raises(CommandError, match="does not pass its test"):
        call_command("lake_role", demo_place.lake.name, "--apply", stdout=said)
    assert "issue a key: FAILED" in said.getvalue()


@pytest.mark.django_db
def test_what_cannot_be_done_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.deliver, "delay", lambda _key: None)
    made = lakes.place(flavor="minio", endpoint="https://minio.example.org")
    with pytest.raises(CommandError, match="keeps no role that the portal could set up"):
        call_command("lake_role", made.lake.name, "--apply")
    said = StringIO()
    call_command("lake_role", made.lake.name.upper(), stdout=said)
    assert "mc admin policy create" in said.getvalue()
    with pytest.raises(CommandError, match="There is no lake connection «Nowhere»"):
        call_command("lake_role", "Nowhere")
    other = lakes.place()
    lakes.connection(other.organization, name=made.lake.name)
    with pytest.raises(CommandError, match="--organization"):
        call_command("lake_role", made.lake.name)
    with pytest.raises(CommandError, match="by hand"):
        call_command("lake_role", made.lake.name, "--organization", other.organization.code)
