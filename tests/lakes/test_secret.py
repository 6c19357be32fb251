"""A secret shows itself through one door only."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from apps.kernel.errors import ProviderFailure
from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import ConnectionSpec, Flavor, Issued, LeaseHandle
from apps.lakes.providers.keyring import Duty, EnvironmentSecrets
from apps.lakes.providers.secret import Secret

CANARY = "canary-5d41402abc4b"


@pytest.fixture
def secret() -> Secret:
    return Secret({"secret_access_key": CANARY})


@pytest.fixture
def connection() -> ConnectionSpec:
    return ConnectionSpec(
        flavor=Flavor.CEPH,
        endpoint="https://lake.example.org",
        region="us-east-1",
        role_arn="arn:aws:iam:::role/lakewarden",
        secret_ref="NORTH",
        roots=(StorageRoot(bucket=BucketName(text="lake-one")),),
    )


def issued(secret: Secret, connection: ConnectionSpec) -> Issued:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    handle = LeaseHandle(connection=connection, lease_id=uuid4(), expires_at=now)
    return Issued(secret=secret, expires_at=now, scope_hash="0", handle=handle)


def test_reveal_gives_the_parts(secret: Secret) -> None:
    assert secret.reveal()["secret_access_key"] == CANARY


def test_no_way_of_turning_it_into_text_shows_it(secret: Secret) -> None:
    shown = (repr(secret), str(secret), f"{secret}", f"{secret!r:>40}", format(secret, "s"))
    assert all(CANARY not in text for text in shown)


def test_the_answer_that_carries_it_shows_it_neither_whole_nor_as_a_dict(
    secret: Secret, connection: ConnectionSpec
) -> None:
    answer = issued(secret, connection)
    assert CANARY not in repr(answer)
    assert CANARY not in repr(asdict(answer))
    assert CANARY not in repr(replace(answer, scope_hash="1"))


def test_it_is_not_pickled_nor_put_into_json(secret: Secret, connection: ConnectionSpec) -> None:
    for thing in (secret, issued(secret, connection)):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
    with pytest.raises(TypeError):
        json.dumps({"secret": secret})


def test_a_copy_shows_as_little(secret: Secret) -> None:
    assert copy.copy(secret) is secret
    assert copy.deepcopy({"secret": secret})["secret"] is secret


def test_it_has_no_attribute_that_holds_it(secret: Secret) -> None:
    assert not hasattr(secret, "__dict__")
    assert all(CANARY not in repr(getattr(secret, name)) for name in dir(secret) if name != "reveal")


def test_it_does_not_change(secret: Secret) -> None:
    with pytest.raises(AttributeError):
        secret.text = "other"


def test_logging_it_shows_the_mask(secret: Secret, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("lakes").info("key %s %r", secret, {"secret": secret})
    assert "<secret>" in caplog.text
    assert CANARY not in caplog.text


def test_a_traceback_with_locals_shows_the_mask(secret: Secret) -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert CANARY not in shown


def test_secrets_come_from_the_variables_of_the_connection(connection: ConnectionSpec) -> None:
    source = EnvironmentSecrets(
        {"LAKEWARDEN_LAKE_NORTH_ISSUER_KEY": "key", "LAKEWARDEN_LAKE_NORTH_ISSUER_SECRET": CANARY}
    )
    assert source.keys(connection, Duty.ISSUER).reveal()["secret_access_key"] == CANARY


def test_secrets_may_come_from_files(connection: ConnectionSpec, tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text(f"{CANARY}\n")
    environment = {
        "LAKEWARDEN_LAKE_NORTH_ADMIN_KEY": "key",
        "LAKEWARDEN_LAKE_NORTH_ADMIN_SECRET_FILE": str(kept),
    }
    found = EnvironmentSecrets(environment).keys(connection, Duty.ADMIN)
    assert found.reveal()["secret_access_key"] == CANARY
    kept.unlink()
    with pytest.raises(ProviderFailure):
        EnvironmentSecrets(environment).keys(connection, Duty.ADMIN)


def test_a_missing_secret_is_named_and_the_others_are_not_shown(connection: ConnectionSpec) -> None:
    source = EnvironmentSecrets({"LAKEWARDEN_LAKE_NORTH_ADMIN_KEY": CANARY})
    with pytest.raises(ProviderFailure) as caught:
        source.keys(connection, Duty.ADMIN)
    (reason,) = caught.value.reasons
    assert not caught.value.is_transient
    assert reason.facts == {"variable": "LAKEWARDEN_LAKE_NORTH_ADMIN_SECRET"}
