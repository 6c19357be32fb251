"""The portal over HTTP: one call, one answer, or a refusal that says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from lakewarden.answers import PATIENCE_SECONDS, PortalUnreachable, Reason, Refused
from lakewarden.profile import Profile
from lakewarden.workload import Workload


class Portal:
    def __init__(self, profile: Profile) -> None:
        self.url = profile.url
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy and no netrc decides where the token goes
        self._session.headers.update({"Accept": "application/json"})
        self._token = profile.token
        self._workload: Workload | None = None
        if not profile.token and profile.workload_file is not None:
            self._workload = Workload(profile.url, profile.workload_file, self._session)

    def sign_in(self) -> str:
        """The token to send: the one that was given, or one for what the platform says.

        Raises: NotSignedIn, Refused, PortalUnreachable.
        """
        return self._workload.token() if self._workload else self._token

    def get(self, path: str, **query: str) -> Any:
        """Raises: Refused, PortalUnreachable."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        """Raises: Refused, PortalUnreachable."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._call("POST", path, json=body, headers=sent)

    def post_dated(self, path: str) -> tuple[Any, datetime | None]:
        """The answer, and when it was given by the clock of the portal, if it says.

        Raises: Refused, PortalUnreachable.
        """
        answer = self._asked("POST", path)
        return self._told(answer), _date_of(answer)

    def each(self, path: str, **query: str) -> Iterator[Any]:
        """Every row of a list, page by page.  Raises: Refused, PortalUnreachable."""
        page = self.get(path, **query)
        yield from page["results"]
        while page["next"]:
            page = self.get(self._below(page["next"]))
            yield from page["results"]

    def _below(self, address: str) -> str:
        """A page names the next one; it is asked for here and nowhere else, whatever it names."""
        _origin, separator, rest = address.partition("/api/v1/")
        if not separator:
            raise PortalUnreachable(f"{self.url} named a next page that is none of its own.")
        return f"/api/v1/{rest}"

    def _call(self, method: str, path: str, **sent: Any) -> Any:
        return self._told(self._asked(method, path, **sent))

    def _asked(
        self, method: str, path: str, headers: dict[str, str] | None = None, **sent: Any
    ) -> requests.Response:
        signed = {**(headers or {}), "Authorization": f"Bearer {self.sign_in()}"}
        try:
            return self._session.request(
                method,
                f"{self.url}{path}",
                headers=signed,
                timeout=PATIENCE_SECONDS,
                allow_redirects=False,
                **sent,
            )
        except requests.RequestException as error:
            raise PortalUnreachable(f"{self.url} does not answer ({type(error).__name__}).") from error

    def _told(self, answer: requests.Response) -> Any:
        try:
            told = answer.json() if answer.content else None
        except ValueError as error:
            raise PortalUnreachable(
                f"{self.url} answered {answer.status_code}, and not as a portal does."
            ) from error
        if answer.ok and not answer.is_redirect:
            return told
        if not isinstance(told, dict) or "code" not in told:
            raise PortalUnreachable(f"{self.url} answered {answer.status_code}, and not as a portal does.")
        reasons = tuple(
            Reason(sentence=each["sentence"], remedy=each["remedy"], rule=each["rule"])
            for each in told.get("reasons", ())
        )
        raise Refused(answer.status_code, str(told["code"]), str(told.get("detail", "")), reasons)


def _date_of(answer: requests.Response) -> datetime | None:
    """It is told in whole seconds: the end of that second."""
    try:
        return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC) + timedelta(seconds=1)
    except (KeyError, ValueError):
        return None
