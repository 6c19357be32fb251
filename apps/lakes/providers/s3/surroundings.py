"""What a program of S3 has to be told beside its key: variables of its environment."""

from __future__ import annotations

from apps.lakes.providers.contract import Flavor
from apps.lakes.providers.traits import Whereabouts


def surroundings(at: Whereabouts) -> dict[str, str]:
    """Where the lake is; and what libraries do otherwise that it does not bear.

    Polars and delta-rs want TLS unless they are told. Ceph RGW 16 takes no checksum behind the content, which
    SDKs of AWS send since 2025 without need.
    """
    told = {"AWS_ENDPOINT_URL": at.endpoint, "AWS_DEFAULT_REGION": at.region}
    if is_plain(at):
        told["AWS_ALLOW_HTTP"] = "true"
    if wants_no_trailer(at):
        told["AWS_REQUEST_CHECKSUM_CALCULATION"] = "WHEN_REQUIRED"
    return told


def is_plain(at: Whereabouts) -> bool:
    return at.endpoint.startswith("http://")


def wants_no_trailer(at: Whereabouts) -> bool:
    return at.flavor == Flavor.CEPH
