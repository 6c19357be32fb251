"""Buckets and objects: moto's S3 in memory, and a file behind every object so that it survives a restart.

moto brings the semantics (ETags, parts, the smallest part's size). A file holds one object: a line of JSON
with key and metadata, then the content. Its name is a hash, for a key may be longer than a file name and look
like a path. Uploads in parts that were not completed end with the process.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moto.core.exceptions import ServiceException
from moto.s3.models import FakeKey, S3Backend, s3_backends
from requests.structures import CaseInsensitiveDict

from portal.embedded.lake.faults import Fault, bad_request, not_found
from portal.embedded.lake.files import replace_file, sync_folder
from portal.embedded.lake.roles import ACCOUNT

REGION = "us-east-1"


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    """One object. `metadata` holds the HTTP headers kept with it, in lower case; `etag` has its quotes."""

    key: str
    etag: str
    modified_at: datetime
    metadata: Mapping[str, str]
    size: int
    content: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Part:
    number: int
    etag: str
    size: int


class Storage:
    """Everything behind one lock: moto's structures are not made for many threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._backend: S3Backend = s3_backends[ACCOUNT]["aws"]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._load()

    def buckets(self) -> list[str]:
        with self._lock:
            return sorted(self._backend.buckets)

    def create_bucket(self, name: str) -> None:
        with self._lock:
            if name in self._backend.buckets:
                raise Fault("BucketAlreadyOwnedByYou", 409, "The bucket exists already.")
            (self._folder / name).mkdir(mode=0o700)
            sync_folder(self._folder)
            self._backend.create_bucket(name, REGION)

    def check_bucket(self, name: str) -> None:
        """Raises: Fault where there is no such bucket."""
        if name not in self._backend.buckets:
            raise not_found("NoSuchBucket", "The specified bucket does not exist.")

    def put(self, bucket: str, key: str, content: bytes, metadata: Mapping[str, str]) -> StoredObject:
        with self._lock:
            self.check_bucket(bucket)
            fake = self._backend.put_object(bucket, key, content)
            fake.set_metadata(dict(metadata))
            return self._write_through(bucket, key, fake)

    def get(self, bucket: str, key: str) -> StoredObject:
        """Raises: Fault where there is no such object."""
        with self._lock:
            self.check_bucket(bucket)
            fake = self._backend.get_object(bucket, key)
            if fake is None:
                raise not_found("NoSuchKey", "The specified key does not exist.")
            return _stored(key, fake, content=fake.value)

    def delete(self, bucket: str, key: str) -> None:
        """Deleting what is not there succeeds, as in S3."""
        with self._lock:
            self.check_bucket(bucket)
            self._file(bucket, key).unlink(missing_ok=True)
            sync_folder(self._folder / bucket)
            self._backend.delete_object(bucket, key)

    def objects(self, bucket: str, prefix: str) -> list[StoredObject]:
        """All objects below a prefix in the order of their keys' UTF-8 bytes, without content."""
        with self._lock:
            self.check_bucket(bucket)
            found, _, _, _ = self._backend.list_objects(
                self._backend.get_bucket(bucket), prefix, None, None, None
            )
            stored = [_stored(fake.name, fake) for fake in found]
        return sorted(stored, key=lambda each: each.key.encode())

    def create_upload(self, bucket: str, key: str, metadata: Mapping[str, str]) -> str:
        with self._lock:
            self.check_bucket(bucket)
            upload: Any = self._backend.create_multipart_upload(
                bucket, key, CaseInsensitiveDict(metadata), "STANDARD", {}, None, "", ""
            )
            return str(upload.id)

    def put_part(self, bucket: str, key: str, upload: str, number: int, content: bytes) -> str:
        with self._lock:
            self._upload(bucket, key, upload)
            return str(self._backend.upload_part(bucket, upload, number, content).etag)

    def parts(self, bucket: str, key: str, upload: str) -> list[Part]:
        with self._lock:
            held = self._upload(bucket, key, upload)
            return [
                Part(number=number, etag=held.parts[number].etag, size=held.parts[number].size)
                for number in held.partlist
            ]

    def complete_upload(
        self, bucket: str, key: str, upload: str, parts: list[tuple[int, str]]
    ) -> StoredObject:
        with self._lock:
            metadata = dict(self._upload(bucket, key, upload).metadata)
            if [number for number, _ in parts] != sorted({number for number, _ in parts}):
                raise bad_request("InvalidPartOrder", "The parts are not in ascending order.")
            try:
                fake = self._backend.complete_multipart_upload(bucket, upload, iter(parts))
            except ServiceException as fault:
                raise bad_request(str(fault.code), "The parts do not fit together.") from None
            if fake is None:
                raise bad_request("InvalidRequest", "The upload has no parts.")
            fake.set_metadata(metadata)
            return self._write_through(bucket, key, fake)

    def abort_upload(self, bucket: str, key: str, upload: str) -> None:
        with self._lock:
            self._upload(bucket, key, upload)
            self._backend.abort_multipart_upload(bucket, upload)

    def _upload(self, bucket: str, key: str, upload: str) -> Any:
        """An upload belongs to its key: knowing its id does not let another key's right reach it."""
        self.check_bucket(bucket)
        held = self._backend.get_bucket(bucket).multiparts.get(upload)
        if held is None or held.key_name != key:
            raise not_found("NoSuchUpload", "There is no such upload.")
        return held

    def _write_through(self, bucket: str, key: str, fake: FakeKey) -> StoredObject:
        stored = _stored(key, fake, content=fake.value)
        header = {
            "key": key,
            "etag": stored.etag,
            "modified_at": stored.modified_at.isoformat(),
            "metadata": dict(stored.metadata),
        }
        try:
            replace_file(self._file(bucket, key), json.dumps(header).encode() + b"\n" + stored.content)
        except OSError:
            self._restore(bucket, key)
            raise Fault("InternalError", 500, "The object could not be kept.") from None
        return stored

    def _restore(self, bucket: str, key: str) -> None:
        """After a failed write: memory shows again what the disk holds."""
        self._backend.delete_object(bucket, key)
        file = self._file(bucket, key)
        if file.exists():
            self._load_object(bucket, file)

    def _load(self) -> None:
        for folder in sorted(self._folder.iterdir()):
            self._backend.create_bucket(folder.name, REGION)
            for file in folder.iterdir():
                if file.name.startswith(".new-"):
                    file.unlink()  # a write that a crash cut short
                else:
                    self._load_object(folder.name, file)

    def _load_object(self, bucket: str, file: Path) -> None:
        line, _, content = file.read_bytes().partition(b"\n")
        header = json.loads(line)
        fake = self._backend.put_object(bucket, header["key"], content, etag=header["etag"].strip('"'))
        fake.set_metadata(header["metadata"])
        fake.last_modified = datetime.fromisoformat(header["modified_at"])

    def _file(self, bucket: str, key: str) -> Path:
        return self._folder / bucket / hashlib.sha256(key.encode()).hexdigest()


def _stored(key: str, fake: FakeKey, *, content: bytes = b"") -> StoredObject:
    modified_at = fake.last_modified
    if modified_at.tzinfo is None:
        modified_at = modified_at.replace(tzinfo=UTC)
    metadata = {str(name).lower(): str(value) for name, value in fake.metadata.items()}
    return StoredObject(
        key=key,
        etag=str(fake.etag),
        modified_at=modified_at,
        metadata=metadata,
        size=fake.size,
        content=content,
    )
