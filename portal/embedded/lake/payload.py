"""The body of a request, checked against what was signed about it.

Source: Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in
Multiple Chunks" and "… including trailing headers". Clients over plain http send a hash of the whole body or
signed chunks; chunks without signatures are what they send over https, and are accepted too.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.embedded.lake.faults import Fault, bad_request
from portal.embedded.lake.message import Request
from portal.embedded.lake.signature import UNSIGNED, Claim

_EMPTY_HASH = hashlib.sha256(b"").hexdigest()
_SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
_SIGNED_CHUNKS_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
_PLAIN_CHUNKS_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
_CHUNKED = frozenset({_SIGNED_CHUNKS, _SIGNED_CHUNKS_TRAILER, _PLAIN_CHUNKS_TRAILER})


@dataclass(frozen=True, kw_only=True)
class Payload:
    """The decoded content, and the checksum headers that were sent before or after it."""

    content: bytes
    checksums: Mapping[str, str]


def payload_of(request: Request, claim: Claim, key: bytes) -> Payload:
    """The content that the signer signed.  Raises: Fault."""
    sent = {name: value for name, value in request.headers.items() if name.startswith("x-amz-checksum-")}
    if claim.payload_hash in _CHUNKED:
        content, trailer = _Chunks(request.body, claim, key).read()
        if request.headers.get("x-amz-decoded-content-length") != str(len(content)):
            raise bad_request("IncompleteBody", "The decoded length differs from the announced one.")
        return Payload(content=content, checksums={**sent, **trailer})
    if claim.payload_hash != UNSIGNED and claim.payload_hash != hashlib.sha256(request.body).hexdigest():
        raise bad_request("XAmzContentSHA256Mismatch", "The body does not match its signed hash.")
    return Payload(content=request.body, checksums=sent)


def check_digests(request: Request, payload: Payload) -> None:
    """Raises: Fault where the content does not fit a checksum sent with it.

    Asked only once the request is allowed, so that a refusal never depends on the body.
    """
    md5 = request.headers.get("content-md5")
    if md5 is not None and md5 != _base64(hashlib.md5(payload.content, usedforsecurity=False).digest()):
        raise bad_request("BadDigest", "The Content-MD5 does not match the body.")
    for header, value in payload.checksums.items():
        compute = _CHECKSUMS.get(header)
        if compute is not None and value != _base64(compute(payload.content)):
            raise bad_request("BadDigest", f"The {header} does not match the body.")


class _Chunks:
    """A reader of the `aws-chunked` framing that follows the chain of chunk signatures."""

    def __init__(self, body: bytes, claim: Claim, key: bytes) -> None:
        self._rest = body
        self._at = 0
        self._claim = claim
        self._key = key
        self._previous = claim.signature
        self._is_signed = claim.payload_hash != _PLAIN_CHUNKS_TRAILER

    def read(self) -> tuple[bytes, dict[str, str]]:
        content = bytearray()
        while True:
            size, signature = self._chunk_head()
            chunk = self._take(size)
            if self._is_signed:
                self._check(self._chunk_string(chunk), signature)
            content += chunk
            if size == 0:
                return bytes(content), self._trailer()
            if self._take(2) != b"\r\n":
                raise _framing()

    def _chunk_head(self) -> tuple[int, str]:
        size, _, extension = self._line().partition(";")
        try:
            length = int(size, 16)
        except ValueError:
            raise _framing() from None
        if length < 0:
            raise _framing()
        return length, extension.removeprefix("chunk-signature=")

    def _trailer(self) -> dict[str, str]:
        found: dict[str, str] = {}
        signature = ""
        while self._at < len(self._rest):
            line = self._line()
            if not line:
                continue
            name, _, value = line.partition(":")
            if name.lower() == "x-amz-trailer-signature":
                signature = value.strip()
            else:
                found[name.strip().lower()] = value.strip()
        if self._claim.payload_hash == _SIGNED_CHUNKS and found:
            raise _framing()
        if self._claim.payload_hash == _SIGNED_CHUNKS_TRAILER:
            self._check(self._trailer_string(found), signature)
        return found

    def _chunk_string(self, chunk: bytes) -> str:
        return "\n".join(
            (
                "AWS4-HMAC-SHA256-PAYLOAD",
                self._claim.timestamp,
                self._claim.scope,
                self._previous,
                _EMPTY_HASH,
                hashlib.sha256(chunk).hexdigest(),
            )
        )

    def _trailer_string(self, found: Mapping[str, str]) -> str:
        lines = "".join(f"{name}:{value}\n" for name, value in sorted(found.items()))
        return "\n".join(
            (
                "AWS4-HMAC-SHA256-TRAILER",
                self._claim.timestamp,
                self._claim.scope,
                self._previous,
                hashlib.sha256(lines.encode()).hexdigest(),
            )
        )

    def _check(self, text: str, signature: str) -> None:
        expected = hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise Fault("SignatureDoesNotMatch", 403, "The signature of a chunk does not match.")
        self._previous = signature

    def _line(self) -> str:
        end = self._rest.find(b"\r\n", self._at)
        if end < 0 or end - self._at > 4096:
            raise _framing()
        line = self._rest[self._at : end]
        self._at = end + 2
        return line.decode("latin-1")

    def _take(self, size: int) -> bytes:
        taken = self._rest[self._at : self._at + size]
        if len(taken) != size:
            raise _framing()
        self._at += size
        return taken


def _framing() -> Fault:
    return bad_request("IncompleteBody", "The chunks of the body are malformed.")


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


# CRC32C and CRC64NVME have no implementation in the standard library and are carried unchecked.
_CHECKSUMS: dict[str, Callable[[bytes], bytes]] = {
    "x-amz-checksum-crc32": lambda content: zlib.crc32(content).to_bytes(4, "big"),
    "x-amz-checksum-sha1": lambda content: hashlib.sha1(content, usedforsecurity=False).digest(),
    "x-amz-checksum-sha256": lambda content: hashlib.sha256(content).digest(),
}
