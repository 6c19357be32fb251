"""Connections to a lake, bounded in time and number, that log no key."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.keyring import Duty, SecretSource
from apps.lakes.providers.origin import is_loopback_address
from apps.lakes.providers.s3.endpoint import iam_endpoint, sts_endpoint
from apps.lakes.providers.secret import Secret

CONNECT_SECONDS = 3
READ_SECONDS = 10

# At level DEBUG botocore writes whole answers (the fresh key among them), canonical requests and tokens.
# A filter stays in force whatever level or handlers the settings configure later.
_TALKATIVE = (
    "botocore.auth",
    "botocore.awsrequest",
    "botocore.client",
    "botocore.endpoint",
    "botocore.hooks",
    "botocore.httpsession",
    "botocore.parsers",
    "botocore.regions",
    "botocore.retryhandler",
    "botocore.retries.standard",
    "urllib3.connectionpool",
)


def _is_above_debug(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


for _name in _TALKATIVE:
    logging.getLogger(_name).addFilter(_is_above_debug)


class Clients:
    """Makes and keeps clients for the duties of a connection; session clients are made anew each time.

    botocore's clients may be shared between threads, making them may not: hence the lock.
    """

    def __init__(self, secrets: SecretSource) -> None:
        self._secrets = secrets
        self._lock = threading.Lock()
        # One session for all: it keeps the parsed service models. It holds no keys of its own.
        self._session = boto3.session.Session()
        self._kept: dict[tuple[str, str, str, str, str], Any] = {}

    def sts(self, connection: ConnectionSpec, *, key: Secret | None = None) -> Any:
        key = key or self._secrets.keys(connection, Duty.ISSUER)
        return self._client("sts", sts_endpoint(connection), connection.region, key)

    def iam(self, connection: ConnectionSpec) -> Any:
        key = self._secrets.keys(connection, Duty.ADMIN)
        return self._client("iam", iam_endpoint(connection), connection.region, key)

    def s3(self, connection: ConnectionSpec, key: Secret) -> Any:
        return self._make("s3", connection.endpoint, connection.region, key.reveal())

    def issuer_s3(self, connection: ConnectionSpec) -> Any:
        return self.s3(connection, self._secrets.keys(connection, Duty.ISSUER))

    def _client(self, service: str, endpoint: str, region: str, key: Secret) -> Any:
        parts = key.reveal()
        if "session_token" in parts:
            return self._make(service, endpoint, region, parts)
        # The key is part of the name, so that a rotated or mended one gets a client of its own.
        digest = hashlib.sha256(parts["secret_access_key"].encode()).hexdigest()
        name = (service, endpoint, region, parts["access_key_id"], digest)
        client = self._kept.get(name)
        if client is None:
            client = self._kept[name] = self._make(service, endpoint, region, parts)
        return client

    def _make(self, service: str, endpoint: str, region: str, parts: Mapping[str, str]) -> Any:
        with self._lock:
            make: Any = self._session.client
            return make(
                service,
                region_name=region,
                endpoint_url=endpoint,
                aws_access_key_id=parts["access_key_id"],
                aws_secret_access_key=parts["secret_access_key"],
                aws_session_token=parts.get("session_token"),
                config=_config(service, endpoint),
            )


def _config(service: str, endpoint: str) -> Config:
    settings: dict[str, Any] = {"proxies": {}} if is_loopback_address(endpoint) else {}
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=10,
        signature_version="v4",
        # botocore knows AWS's 900 seconds as the least; each flavor's own minimum is checked before the call.
        parameter_validation=service != "sts",
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        **settings,
    )
