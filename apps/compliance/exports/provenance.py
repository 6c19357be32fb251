"""Where an export comes from: it is written into the file, and into the trail."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from apps.compliance.exports.columns import Articles
from apps.policy.snapshot import moment

ARTICLE = {Articles.CONTROLLER: "GDPR Art. 30(1)", Articles.PROCESSOR: "GDPR Art. 30(2)"}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is exported, for whom, and when. `register` are the articles; the keeper is named as stored."""

    organization: str
    articles: Articles
    as_of: date
    made_at: datetime
    made_by: str
    portal: str

    def told(self, *, count: int, rows_sha256: str) -> dict[str, Any]:
        """`rows_sha256` is of the register as CSV, escaped, with its first line: whatever the format of the
        file, it can be compared with any other export of the same day."""
        return {
            "organization": self.organization,
            "register": ARTICLE[self.articles],
            "as_of": self.as_of.isoformat(),
            "made_at": moment(self.made_at),
            "made_by": self.made_by,
            "portal": self.portal,
            "records": count,
            "rows_sha256": rows_sha256,
        }


class Hashed:
    """Writes through, and keeps the hash of what was written."""

    def __init__(self, into: IO[bytes] | None = None) -> None:
        self.into = into
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        if self.into is not None:
            self.into.write(data)
        return len(data)

    @property
    def sha256(self) -> str:
        return self.digest.hexdigest()
