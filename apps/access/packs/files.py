"""Files put together so that nobody can change one unseen: each is hashed in a manifest, which is signed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apps.kernel.separated import as_csv
from apps.kernel.signatures import PublicKey, sign
from apps.policy.snapshot import moment

FORMAT = "lakewarden-evidence/1"
USE = "evidence packs"
MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
PUBLIC_KEY = "public-key.txt"


@dataclass(frozen=True, kw_only=True)
class File:
    """`told` says in one sentence what stands in it."""

    name: str
    content: bytes
    told: str


@dataclass(frozen=True, kw_only=True)
class Pack:
    """`manifest_sha256` names the whole: it covers every file, and stands in the trail."""

    name: str
    content: bytes
    manifest_sha256: str
    key: PublicKey

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def as_json(name: str, value: Any, told: str) -> File:
    """For people and programs, in a fixed order."""
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False)
    return File(name=name, content=f"{text}\n".encode(), told=told)


def as_table(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]], told: str) -> File:
    return File(name=name, content=as_csv(columns, rows), told=told)


def packed(name: str, files: Sequence[File], about: dict[str, Any], *, at: datetime) -> Pack:
    """`about` says in the manifest what the pack is about; the rest of it are the files with their hashes."""
    listed = {
        file.name: {
            "sha256": hashlib.sha256(file.content).hexdigest(),
            "size": len(file.content),
            "what": file.told,
        }
        for file in files
    }
    manifest = as_json(
        MANIFEST,
        {"format": FORMAT, "made_at": moment(at), "about": about, "files": listed},
        "What is in here.",
    )
    signature = sign(manifest.content, use=USE)
    beside = (
        manifest,
        File(name=SIGNATURE, content=f"{signature.hex}\n".encode(), told=""),
        File(name=PUBLIC_KEY, content=f"{signature.key.hex}\n".encode(), told=""),
    )
    return Pack(
        name=name,
        content=_zipped((*beside, *files), at=at),
        manifest_sha256=hashlib.sha256(manifest.content).hexdigest(),
        key=signature.key,
    )


def _zipped(files: Iterable[File], *, at: datetime) -> bytes:
    buffer = io.BytesIO()
    stamp = at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, date_time=stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.content)
    return buffer.getvalue()
