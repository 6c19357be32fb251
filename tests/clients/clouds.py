"""One library of a cloud, in the environment of the clients: `clouds.py CLIENT ADDRESS ASSET [CERTIFICATE]`.

A line `BUCKET KEY` is answered as `driver.py` answers. Nothing of the project is imported here but the
package that scientists have.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from driver import Read, answering
from lakewarden import Client
from lakewarden.clouds import azure_credential, google_credentials

KNOWN_TO_THE_EMULATOR = "2023-11-03"


def with_azure(address: str, asset: str, certificate: str) -> Read:
    from azure.storage.blob import BlobServiceClient

    credential = azure_credential(Client().asset(asset))
    options = {"connection_verify": certificate, "retry_total": 0, "api_version": KNOWN_TO_THE_EMULATOR}
    lake = BlobServiceClient(address, credential=credential, **options)
    return lambda bucket, key: len(lake.get_blob_client(bucket, key).download_blob().readall())


def with_google(address: str, asset: str, certificate: str) -> Read:
    from google.auth.transport.requests import AuthorizedSession

    session = AuthorizedSession(google_credentials(Client().asset(asset)))

    def read(bucket: str, key: str) -> int:
        answer = session.get(f"{address}/{bucket}/{key}")
        answer.raise_for_status()
        return len(answer.content)

    return read


CLIENTS: dict[str, Callable[[str, str, str], Read]] = {"azure": with_azure, "google": with_google}


if __name__ == "__main__":
    client, address, asset, *certificate = sys.argv[1:]
    answering(CLIENTS[client](address, asset, "".join(certificate)))
