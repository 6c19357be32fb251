"""What a file is, found out from its bytes, and where the bytes lie.

A name claims, the content decides. What is taken is one thing from its first byte to its last: a file that
would also open as another one, or hides another behind its end, is refused.
"""

from __future__ import annotations

import re
import secrets
import struct
import zlib
from pathlib import Path

from django.conf import settings

from apps.access.errors import (
    ATTACHMENT_EMPTY,
    ATTACHMENT_GONE,
    ATTACHMENT_NAME,
    ATTACHMENT_NAME_PATH,
    ATTACHMENT_TOO_LARGE,
    ATTACHMENT_TYPE,
)
from apps.access.models import MediaType
from apps.kernel.characters import check_name
from apps.kernel.errors import invalid_state, rule_broken

LARGEST = 3 * 1024 * 1024
LONGEST_NAME = 150
TEXTS = (MediaType.TEXT, MediaType.CSV, MediaType.MARKDOWN)
ENDINGS: dict[MediaType, tuple[str, ...]] = {
    MediaType.PDF: (".pdf",),
    MediaType.PNG: (".png",),
    MediaType.JPEG: (".jpg", ".jpeg"),
    MediaType.TEXT: (".txt",),
    MediaType.CSV: (".csv",),
    MediaType.MARKDOWN: (".md",),
}
_ZIP_ENDS = b"PK\x05\x06"
_AFTER_THE_END = b"\r\n\t \0"
_MARKUP = re.compile(r"\s*<(!doctype|\?|[a-z])", re.IGNORECASE)
_CONTROLS = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f]")


def check_file(name: str, content: bytes) -> MediaType:
    """What the file is.  Raises: RuleBroken, InvalidInput, saying which rule it breaks and what mends it."""
    check_name(name)
    if "/" in name or "\\" in name or name.startswith(".") or not 0 < len(name) <= LONGEST_NAME:
        raise rule_broken(ATTACHMENT_NAME_PATH, field="name", name=name[:LONGEST_NAME], limit=LONGEST_NAME)
    if not content:
        raise rule_broken(ATTACHMENT_EMPTY, field="content", name=name)
    if len(content) > LARGEST:
        raise rule_broken(ATTACHMENT_TOO_LARGE, field="content", name=name, size=len(content), limit=LARGEST)
    found = _found(content)
    if not found:
        known = ", ".join(str(kind.label) for kind in MediaType)
        raise rule_broken(ATTACHMENT_TYPE, field="content", name=name, known=known)
    for kind in found:
        if name.lower().endswith(ENDINGS[kind]):
            return kind
    endings = ", ".join(ending for kind in found for ending in ENDINGS[kind])
    raise rule_broken(ATTACHMENT_NAME, field="name", name=name, found=str(found[0].label), endings=endings)


def _found(content: bytes) -> tuple[MediaType, ...]:
    """What it may be; only the name tells one kind of text from another."""
    if _ZIP_ENDS in content:
        return ()
    if content.startswith(b"%PDF-"):
        return (MediaType.PDF,) if _is_whole_pdf(content) else ()
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return (MediaType.PNG,) if _is_whole_png(content) else ()
    if content.startswith(b"\xff\xd8\xff"):
        return (MediaType.JPEG,) if content.endswith(b"\xff\xd9") else ()
    return TEXTS if _is_text(content) else ()


def _is_whole_pdf(content: bytes) -> bool:
    """Nothing but blanks comes after its last end."""
    _body, end, rest = content.rpartition(b"%%EOF")
    return bool(end) and not rest.strip(_AFTER_THE_END)


def _is_whole_png(content: bytes) -> bool:
    """Chunk by chunk with sound sums, the last one IEND, and nothing behind it."""
    at = 8
    while at + 12 <= len(content):
        length = struct.unpack_from(">I", content, at)[0]
        end = at + 12 + length
        if end > len(content):
            return False
        told = struct.unpack_from(">I", content, end - 4)[0]
        if zlib.crc32(content[at + 4 : end - 4]) != told:
            return False
        if content[at + 4 : at + 8] == b"IEND":
            return bool(end == len(content))
        at = end
    return False


def _is_text(content: bytes) -> bool:
    """UTF-8 without controls, and no markup that a browser would take for a page or an image."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not _CONTROLS.search(text) and not _MARKUP.match(text)


def store(content: bytes) -> str:
    """Put the bytes where only the portal reads them; answers with the name they lie under."""
    name = secrets.token_hex(32)
    folder: Path = settings.ATTACHMENTS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)
    return name


def discard(name: str) -> None:
    """Take back what was stored for nothing."""
    (settings.ATTACHMENTS / name).unlink(missing_ok=True)


def read(name: str) -> bytes:
    """Raises: InvalidState where the bytes are gone."""
    try:
        return bytes((settings.ATTACHMENTS / name).read_bytes())
    except FileNotFoundError:
        raise invalid_state(ATTACHMENT_GONE) from None
