"""What is printed for lakes that speak no S3: statements that a real warehouse takes as they stand, and
commands of the clouds as a shell would read them.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from io import StringIO

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from psycopg import sql

from apps.audit import tasks
from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.keyring import EnvironmentSecrets
from apps.lakes.providers.postgres import PostgresProvider
from apps.lakes.providers.registry import role_steps
from apps.lakes.queries import role_steps as steps_on_the_page
from tests.factories import lakes
from tests.lab.warehouse import HEAD, Warehouse
from tests.lakes.conftest import spec_for
from tests.lakes.test_traits import example_of
from tests.real_parts import missing

pytestmark = pytest.mark.lake
PASSWORD = "of-the-portal-17"
HOSTILE = "'; $(id) \"x"


def root(bucket: str, prefix: str = "") -> StorageRoot:
    return StorageRoot(bucket=BucketName(text=bucket), prefix=prefix)


def texts(connection: ConnectionSpec) -> dict[str, str]:
    return {each.slug: each.text for each in role_steps(connection)}


# --- a warehouse -----------------------------------------------------------------------------------

ROOTS = (root("hand-one"), root("hand-two", "geology/"), root("hand-two", "Mines/wells/"))
TABLES = {"hand-one": ("geology.cores",), "hand-two": ("geology.cores", "Mines.wells", "Mines.people")}
INSIDE = {"hand-one": ("geology/cores/",), "hand-two": ("geology/cores/", "Mines/wells/")}


@pytest.fixture
def warehouse(running_cellars: Mapping[str, Warehouse], monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    if not shutil.which("psql"):
        missing("psql not found: install the Debian package postgresql-client")
    monkeypatch.setattr(settings, "LAKES_ON_LOOPBACK", True)
    found = running_cellars["debian"]
    for database, tables in TABLES.items():
        with found.session("postgres") as session:
            session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        with found.session(database) as session:
            for schema, table in (each.split(".") for each in tables):
                names = {"schema": sql.Identifier(schema), "table": sql.Identifier(schema, table)}
                session.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {schema}").format(**names))
                session.execute(sql.SQL("CREATE TABLE {table} (depth integer)").format(**names))
    return found


def typed(warehouse: Warehouse, text: str) -> None:
    """In psql, by the head of the warehouse; it stops where the server refuses a line."""
    command = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"]
    where = {"PGHOST": "127.0.0.1", "PGPORT": str(warehouse.port), "PGDATABASE": "postgres", "PGUSER": HEAD}
    environment = {"PATH": os.environ["PATH"], "PGPASSWORD": warehouse.passwords[HEAD], **where}
    done = subprocess.run(command, input=text, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_printed_statements_make_a_role_that_gives_keys_to_every_root(warehouse: Warehouse) -> None:
    connection = warehouse.connection(roots=ROOTS, secret_ref="HAND")
    steps = texts(connection)
    assert steps["environment"].splitlines() == [
        "LAKEWARDEN_LAKE_HAND_ISSUER_KEY=",
        "LAKEWARDEN_LAKE_HAND_ISSUER_SECRET=",
    ]
    start = "LAKEWARDEN_LAKE_HAND_ISSUER"
    provider = PostgresProvider(
        EnvironmentSecrets({f"{start}_KEY": "lakewarden", f"{start}_SECRET": PASSWORD})
    )
    typed(warehouse, steps["role"].replace("…", PASSWORD))
    for number in range(len(ROOTS)):
        probed = replace(connection, roots=ROOTS[number:])
        assert [each for each in provider.verify_connection(probed) if not each.passed]
    typed(warehouse, steps["grants"])
    for number in range(len(ROOTS)):
        probed = replace(connection, roots=ROOTS[number:])
        assert [each for each in provider.verify_connection(probed) if not each.passed] == []
    for database, places in INSIDE.items():
        parts = provider.issue(spec_for(connection, *places, bucket=database)).secret.reveal()
        with closing(warehouse.key_session(parts)) as session:
            for place in places:
                table = sql.Identifier(*place.strip("/").split("/"))
                assert session.execute(sql.SQL("SELECT * FROM {}").format(table)).fetchall() == []
    portal = warehouse.session("hand-two", user="lakewarden", password=PASSWORD)
    with closing(portal), pytest.raises(psycopg.errors.InsufficientPrivilege):
        portal.execute('SELECT * FROM "Mines".people')


# --- the clouds ------------------------------------------------------------------------------------


def option(line: str, name: str) -> str:
    words = shlex.split(line)
    return words[words.index(name) + 1]


def test_for_azure_the_application_may_sign_for_the_account_and_use_the_containers_alone() -> None:
    connection = replace(
        example_of(Flavor.AZURE), roots=(root("research", "geology/"), root("research"), root("models"))
    )
    steps = texts(connection)
    assert list(steps) == ["issuer", "role", "environment"]
    assert steps["issuer"] == "az ad sp create-for-rbac --name lakewarden-issuer"
    issuer, account, *assigned = steps["role"].splitlines()
    assert "--display-name lakewarden-issuer" in issuer
    assert "--name researchlake" in account
    assert [(option(line, "--role"), option(line, "--scope")) for line in assigned] == [
        ("Storage Blob Delegator", "$account"),
        ("Storage Blob Data Contributor", "$account/blobServices/default/containers/models"),
        ("Storage Blob Data Contributor", "$account/blobServices/default/containers/research"),
    ]
    assert {option(line, "--assignee-object-id") for line in assigned} == {"$issuer"}


def test_for_google_the_issuer_acts_for_the_account_and_the_account_uses_the_buckets() -> None:
    connection = replace(example_of(Flavor.GCS), roots=(root("research", "geology/"), root("models")))
    account, issuer = (
        f"{name}@research.iam.gserviceaccount.com" for name in ("lake-keys", "lakewarden-issuer")
    )
    steps = texts(connection)
    assert list(steps) == ["issuer", "account", "role", "environment"]
    made, key = steps["issuer"].splitlines()
    assert made.endswith("create lakewarden-issuer --project research")
    assert option(key, "--iam-account") == issuer
    _made, acts = steps["account"].splitlines()
    assert (option(acts, "add-iam-policy-binding"), option(acts, "--member")) == (
        account,
        f"serviceAccount:{issuer}",
    )
    assert option(acts, "--role") == "roles/iam.serviceAccountTokenCreator"
    lines = steps["role"].splitlines()
    assert [option(line, "update") for line in lines[:2]] == ["gs://models", "gs://research"]
    assert {option(line, "--member") for line in lines[2:]} == {f"serviceAccount:{account}"}
    assert {option(line, "--role") for line in lines[2:]} == {"roles/storage.objectUser"}


def test_whatever_stands_in_a_connection_stays_one_word() -> None:
    azure = replace(example_of(Flavor.AZURE), options={"tenant": "t", "account": HOSTILE})
    assert option(texts(azure)["role"].splitlines()[1].removeprefix("account=$("), "--name") == HOSTILE
    google = replace(example_of(Flavor.GCS), options={"service_account": f"{HOSTILE}@x"})
    assert option(texts(google)["account"].splitlines()[1], "add-iam-policy-binding") == f"{HOSTILE}@x"


@pytest.mark.django_db
def test_the_page_and_the_command_print_them_for_every_flavor_but_the_demo_lake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks.deliver, "delay", lambda _key: None)
    for flavor in Flavor:
        example = example_of(flavor)
        given = {name: getattr(example, name) for name in ("endpoint", "region", "role_arn", "options")}
        made = lakes.place(flavor=flavor, roots=["research"], **given).lake
        printed = [step.text for step in steps_on_the_page(made)]
        assert bool(printed) is (flavor is not Flavor.DEMO)
        if printed:
            said = StringIO()
            call_command("lake_role", made.name, stdout=said)
            assert all(text in said.getvalue() for text in printed)
