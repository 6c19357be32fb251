"""Questions put to Google Cloud Storage with a token in hand, over the API it shares with S3. None of them
changes anything: a write is tried with a body that does not fit its own checksum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from apps.kernel.errors import LakewardenError
from apps.lakes.providers.probing import ALLOWED, DENIED_ANSWER, fault_of
from apps.lakes.providers.web import Answered, ask, plain_code

_WRONG_DIGEST = "AAAAAAAAAAAAAAAAAAAAAA=="
_DIGEST_REFUSED = frozenset({"BadDigest", "InvalidDigest"})


@dataclass(frozen=True, kw_only=True)
class TokenAsker:
    address: str
    token: str = field(repr=False)

    def lists(self, bucket: str, prefix: str | None) -> str:
        asked = {"max-keys": "1"} | ({} if prefix is None else {"prefix": prefix})
        return self._observed("GET", f"{bucket}?{urlencode(asked)}")

    def writes(self, bucket: str, key: str) -> str:
        place = f"{bucket}/{quote(key)}"
        seen = self._observed("PUT", place, body=b"-", headers={"Content-MD5": _WRONG_DIGEST})
        if seen == ALLOWED:
            # A server that ignored the checksum has stored it: take it away again where possible.
            self._observed("DELETE", place)
        return ALLOWED if seen in _DIGEST_REFUSED else seen

    def _observed(
        self, method: str, target: str, *, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> str:
        bearer = {"Authorization": f"Bearer {self.token}"}
        try:
            answer: Answered = ask(
                "probe",
                f"{self.address}/{target}",
                method=method,
                body=body,
                headers={**bearer, **(headers or {})},
            )
        except LakewardenError as failure:
            return fault_of(failure)
        if answer.is_good:
            return ALLOWED
        return DENIED_ANSWER if answer.status in {401, 403} else _code_in(answer)


def _code_in(answer: Answered) -> str:
    try:
        code = fromstring(answer.body).findtext("Code")
    except (ParseError, DefusedXmlException, ValueError):
        code = None
    return plain_code(code, f"HTTP {answer.status}")
