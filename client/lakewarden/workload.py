"""Signing in by what the platform says of a program: its token for one of the portal, and again in time."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

import requests

from lakewarden.answers import PATIENCE_SECONDS, PortalUnreachable, Refused
from lakewarden.profile import read_file

ADDRESS = "/oauth/token"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"
TOKEN_TYPE = "urn:ietf:params:oauth:token-type:jwt"  # noqa: S105
SPARE_SECONDS = 120
"""With less left, another one is asked for."""


class Workload:
    """Keeps an access token in memory alone. The file is read anew each time: platforms renew it."""

    def __init__(self, url: str, file: Path, session: requests.Session) -> None:
        self._url, self._file, self._session = url, file, session
        self._token, self._ends = "", 0.0
        self._lock = Lock()

    def token(self) -> str:
        """Raises: NotSignedIn (the file cannot be read), Refused, PortalUnreachable."""
        with self._lock:
            if monotonic() >= self._ends - SPARE_SECONDS:
                self._renew()
            return self._token

    def _renew(self) -> None:
        try:
            told = self._exchanged(read_file(self._file).strip())
        except PortalUnreachable:
            if monotonic() < self._ends:
                return  # the one there is still works
            raise
        self._token, self._ends = str(told["access_token"]), monotonic() + float(told["expires_in"])

    def _exchanged(self, compact: str) -> dict[str, Any]:
        form = {"grant_type": GRANT_TYPE, "subject_token": compact, "subject_token_type": TOKEN_TYPE}
        try:
            answer = self._session.post(
                f"{self._url}{ADDRESS}", data=form, timeout=PATIENCE_SECONDS, allow_redirects=False
            )
            told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise PortalUnreachable(f"{self._url} does not answer ({type(error).__name__}).") from error
        if answer.status_code == 200 and isinstance(told, dict) and "access_token" in told:
            return told
        if not isinstance(told, dict) or "code" not in told:
            raise PortalUnreachable(f"{self._url} answered {answer.status_code}, and not as a portal does.")
        raise Refused(answer.status_code, str(told["code"]), str(told.get("error_description", "")), ())
