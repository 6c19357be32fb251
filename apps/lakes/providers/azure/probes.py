"""Questions put to an account with a signature in hand. None of them changes anything.

A write is tried with a body that does not fit its own checksum, as with S3: who may write is told so, and
nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from apps.kernel.errors import LakewardenError
from apps.lakes.providers.azure.sas import VERSION
from apps.lakes.providers.azure.signing_keys import code_in
from apps.lakes.providers.probing import ALLOWED, DENIED_ANSWER, fault_of
from apps.lakes.providers.web import Answered, ask

_WRONG_DIGEST = "AAAAAAAAAAAAAAAAAAAAAA=="
_DIGEST_REFUSED = frozenset({"Md5Mismatch", "InvalidMd5"})


@dataclass(frozen=True, kw_only=True)
class SasAsker:
    """Somebody with every signature of a key, who tries each."""

    address: str
    signatures: tuple[str, ...] = field(repr=False)

    def lists(self, bucket: str, prefix: str | None) -> str:
        asked = {"restype": "container", "comp": "list", "maxresults": "1", "delimiter": "/"}
        if prefix is not None:
            asked["prefix"] = prefix
        places = (f"{bucket}?{urlencode(asked)}&{signed}" for signed in self.signatures)
        return _best(self._observed("GET", place) for place in places)

    def writes(self, bucket: str, key: str) -> str:
        places = (f"{bucket}/{quote(key)}?{signed}" for signed in self.signatures)
        return _best(self._written(place) for place in places)

    def _written(self, place: str) -> str:
        headers = {"x-ms-blob-type": "BlockBlob", "Content-MD5": _WRONG_DIGEST}
        seen = self._observed("PUT", place, body=b"-", headers=headers)
        if seen == ALLOWED:
            # An account that ignored the checksum has stored it: take it away again where possible.
            self._observed("DELETE", place)
        return ALLOWED if seen in _DIGEST_REFUSED else seen

    def _observed(
        self, method: str, target: str, *, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> str:
        try:
            answer: Answered = ask(
                "probe",
                f"{self.address}/{target}",
                method=method,
                body=body,
                headers={"x-ms-version": VERSION, **(headers or {})},
            )
        except LakewardenError as failure:
            return fault_of(failure)
        if answer.is_good:
            return ALLOWED
        return DENIED_ANSWER if answer.status in {401, 403} else code_in(answer)


def _best(seen: Iterable[str]) -> str:
    """What the widest of the signatures got."""
    answers = list(seen)
    return ALLOWED if ALLOWED in answers else answers[0]
