"""Plain boto3 clients, as scientists have them."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

_SESSION = boto3.session.Session()


def plain_client(service: str, endpoint: str, key: str, secret: str, token: str | None = None) -> Any:
    """botocore's defaults; only retries are off, so that a refusal comes at once."""
    config = Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        signature_version="s3v4" if service == "s3" else "v4",
        parameter_validation=service != "sts",
        proxies={},
    )
    make: Any = _SESSION.client
    return make(
        service,
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=config,
    )
