"""Calls of providers that speak plain HTTP, over the outbound client of the house.

Of an answer only its status and the code in it are told; the text is the server's own and may name keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from apps.kernel.errors import InvalidInput, ProviderFailure
from apps.kernel.outbound import outbound
from apps.lakes.providers.faults import LAKE_BUSY, LAKE_UNREACHABLE, failure, malformed
from apps.lakes.providers.probing import fault_of

BUSY = frozenset({408, 429})
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Answered:
    call: str
    status: int
    body: bytes = field(repr=False)

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    def document(self) -> Mapping[str, Any]:
        """Raises: ProviderFailure (permanent) where it is no JSON object."""
        try:
            read = json.loads(self.body)
        except ValueError:
            raise malformed(self.call, "JSON") from None
        if not isinstance(read, Mapping):
            raise malformed(self.call, "JSON")
        return read

    def text(self, name: str) -> str:
        """A part of the document.  Raises: ProviderFailure (permanent), naming the part that is missing."""
        value = self.document().get(name)
        if not (isinstance(value, str) and value):
            raise malformed(self.call, name)
        return value


def ask(
    call: str, url: str, *, method: str = "POST", body: bytes = b"", headers: Mapping[str, str]
) -> Answered:
    """Whatever the answer is, unless the server is not to be had now.

    Raises: ProviderFailure, transient where another try may help.
    """
    try:
        answer = outbound().send(url, body=body, headers=headers, method=method)
    except InvalidInput as wrong:
        raise ProviderFailure(*wrong.reasons, is_transient=False) from None
    except ProviderFailure as fault:
        if not fault.is_transient:
            raise
        raise failure(LAKE_UNREACHABLE, call, fault_of(fault), is_transient=True) from None
    if answer.status >= 500 or answer.status in BUSY:
        raise failure(LAKE_BUSY, call, f"HTTP {answer.status}", is_transient=True)
    return Answered(call=call, status=answer.status, body=answer.body)


def ask_with_form(call: str, url: str, form: Mapping[str, str]) -> Answered:
    """Raises: ProviderFailure."""
    return ask(call, url, body=urlencode(form).encode(), headers={"Content-Type": FORM})


def plain_code(text: object, otherwise: str) -> str:
    """A code of the server, if it looks like one."""
    code = str(text)
    return code if re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", code) else otherwise
