"""The demo's lake: its buckets and objects, the role its keys are narrowed from, and the connection to it."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from apps.kernel.actor import SYSTEM
from apps.lakes import commands
from apps.lakes.models import Lake
from apps.lakes.providers.keyring import EnvironmentSecrets
from apps.lakes.providers.s3 import S3Provider
from portal import env
from portal.demo.objects import objects
from portal.demo.people import Company

ROLE_ARN = "arn:aws:iam::000000000000:role/lakewarden-demo"
ISSUER_ARN = "arn:aws:iam::000000000000:user/issuer"
REGION = "us-east-1"
NAME = "Demo lake"


def fill_lake() -> None:
    """Put there what is not there yet; made from a seed, so that what is there is right."""
    client = _loader()
    present = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    kept: dict[str, set[str]] = {}
    for bucket, key, content in objects():
        if bucket not in present:
            client.create_bucket(Bucket=bucket)
            present.add(bucket)
        if bucket not in kept:
            listed = client.list_objects_v2(Bucket=bucket).get("Contents", [])
            kept[bucket] = {each["Key"] for each in listed}
        if key not in kept[bucket]:
            client.put_object(Bucket=bucket, Key=key, Body=content())


def connect(company: Company) -> Lake:
    """As an administrator would: connect, have the role made, put the connection to the test."""
    lake: Lake = commands.connect_lake(
        actor=company["admin"],
        organization_id=company.organization.uid,
        name=NAME,
        flavor="demo",
        endpoint=_url(),
        region=REGION,
        country="DE",
        role_arn=ROLE_ARN,
        secret_ref="DEMO",  # noqa: S106 - the name of a secret, not a secret
        roots=sorted({bucket for bucket, _key, _content in objects()}),
    )
    S3Provider(EnvironmentSecrets()).prepare_role(lake.spec(), issuer_arn=ISSUER_ARN)
    commands.verify_lake(actor=company["admin"], lake_id=lake.uid)
    return lake


def follow_address() -> None:
    """The demo lake may come up on another port; its connection follows."""
    for lake in Lake.objects.filter(flavor="demo").exclude(endpoint=_url()):
        commands.change_lake(actor=SYSTEM, lake_id=lake.uid, endpoint=_url())


def _url() -> str:
    return env.demo_lake()["LAKEWARDEN_DEMO_LAKE_URL"]


def _loader() -> Any:
    keys = env.demo_lake()
    return boto3.client(
        "s3",
        endpoint_url=_url(),
        region_name=REGION,
        aws_access_key_id=keys["LAKEWARDEN_DEMO_LAKE_LOADER_KEY"],
        aws_secret_access_key=keys["LAKEWARDEN_DEMO_LAKE_LOADER_SECRET"],
        config=Config(retries={"total_max_attempts": 2}, proxies={}),
    )
