"""The objects below one prefix, read and written as streams with a key that was issued for it.

What is read is what was listed: every range is asked for under the tag of the listing, and an object that was
replaced meanwhile is refused by the server. What is written appears whole or not at all.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from apps.kernel.errors import LakewardenError
from apps.lakes.providers.s3.faults import faults_by_meaning

READ_AT_ONCE = 1 << 20
PART = 8 << 20
"""A larger object is sent in parts of this size; 10,000 of them are allowed."""


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    """`name` is the rest of its key after the prefix."""

    name: str
    size: int
    tag: str


class Objects:
    """Of one place in a lake, for whoever holds a key to it."""

    def __init__(self, s3: Any, bucket: str, prefix: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix

    def below(self, folder: str) -> Objects:
        """The same for a folder within."""
        return Objects(self._s3, self._bucket, self._prefix + folder)

    def listed(self, at_most: int) -> list[StoredObject]:
        """In the order of their names; one more than `at_most` where there are more.

        Raises: ProviderFailure, NotFound (the bucket).
        """
        found: list[StoredObject] = []
        token: dict[str, str] = {}
        while len(found) <= at_most:
            with faults_by_meaning("ListObjectsV2"):
                page = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix, **token)
                found += [
                    StoredObject(
                        name=each["Key"].removeprefix(self._prefix), size=each["Size"], tag=each["ETag"]
                    )
                    for each in page.get("Contents", ())
                ]
                if not page.get("IsTruncated"):
                    return found
                token = {"ContinuationToken": page["NextContinuationToken"]}
        return found[: at_most + 1]

    def opened(self, stored: StoredObject) -> BinaryIO:
        """To read and to seek in.  Reading raises: ProviderFailure, NotFound."""
        raw = _Ranges(self._s3, self._bucket, self._prefix + stored.name, stored)
        return io.BufferedReader(raw, READ_AT_ONCE)

    @contextmanager
    def written(self, name: str) -> Iterator[BinaryIO]:
        """To write from its beginning to its end. Left by an exception, nothing stays of it.

        Raises: ProviderFailure, NotFound.
        """
        parts = _Parts(self._s3, self._bucket, self._prefix + name)
        try:
            yield parts  # type: ignore[misc]
            parts.finish()
        except BaseException:
            with suppress(LakewardenError):
                parts.give_up()
            raise

    def remove_all(self) -> int:
        """Take away everything that lies here; returns how many.  Raises: ProviderFailure, NotFound."""
        removed = 0
        while here := self.listed(1000):
            for each in here:
                with faults_by_meaning("DeleteObject"):
                    self._s3.delete_object(Bucket=self._bucket, Key=self._prefix + each.name)
            removed += len(here)
        return removed


class _Ranges(io.RawIOBase):
    """An object whose pieces are fetched as they are wanted."""

    def __init__(self, s3: Any, bucket: str, key: str, stored: StoredObject) -> None:
        self._s3, self._bucket, self._key, self._stored = s3, bucket, key, stored
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._stored.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self._stored.size - self._at)
        if wanted <= 0:
            return 0
        with faults_by_meaning("GetObject"):
            answer = self._s3.get_object(
                Bucket=self._bucket,
                Key=self._key,
                Range=f"bytes={self._at}-{self._at + wanted - 1}",
                IfMatch=self._stored.tag,
            )
            content = answer["Body"].read(wanted)
        view[: len(content)] = content
        self._at += len(content)
        return len(content)


class _Parts(io.RawIOBase):
    """Small objects are put at once, larger ones in parts."""

    def __init__(self, s3: Any, bucket: str, key: str) -> None:
        self._s3 = s3
        self._place = {"Bucket": bucket, "Key": key}
        self._waiting = bytearray()
        self._upload = ""
        self._sent: list[dict[str, Any]] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        given = memoryview(content).cast("B")
        self._waiting += given
        while len(self._waiting) > PART:
            self._send(bytes(self._waiting[:PART]))
            del self._waiting[:PART]
        return len(given)

    def finish(self) -> None:
        if not self._upload:
            with faults_by_meaning("PutObject"):
                self._s3.put_object(**self._place, Body=bytes(self._waiting))
            return
        self._send(bytes(self._waiting))
        with faults_by_meaning("CompleteMultipartUpload"):
            self._s3.complete_multipart_upload(
                **self._place, UploadId=self._upload, MultipartUpload={"Parts": self._sent}
            )

    def give_up(self) -> None:
        if self._upload:
            with faults_by_meaning("AbortMultipartUpload"):
                self._s3.abort_multipart_upload(**self._place, UploadId=self._upload)

    def _send(self, part: bytes) -> None:
        if not self._upload:
            with faults_by_meaning("CreateMultipartUpload"):
                self._upload = self._s3.create_multipart_upload(**self._place)["UploadId"]
        number = len(self._sent) + 1
        with faults_by_meaning("UploadPart"):
            answer = self._s3.upload_part(**self._place, UploadId=self._upload, PartNumber=number, Body=part)
        self._sent.append({"PartNumber": number, "ETag": answer["ETag"]})
