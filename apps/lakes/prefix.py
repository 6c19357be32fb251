"""The storage prefix and the bucket as validated values.

A prefix ends up inside a session policy, where `*`, `?` and `$` have a meaning of their own and where a
missing slash opens the sibling directory. So the grammar is an allow-list and a faulty text is refused, never
escaped: an escaped prefix would name another place than the one that was approved.
Source of the dangerous characters: AWS IAM User Guide, "IAM JSON policy elements: Resource" (wildcards) and
"Policy variables" (`$`); of bucket names: Amazon S3 User Guide, "General purpose bucket naming rules".
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from apps.kernel.errors import InvalidInput
from apps.policy.reason import Reason, Value, declare

MAX_LENGTH = 512
MIN_SEGMENTS = 2
_CHARACTERS = frozenset(string.ascii_letters + string.digits + "!_.()/=+-")

PREFIX_NOT_ENDING_IN_SLASH = declare(
    "PREFIX_NOT_ENDING_IN_SLASH",
    "A storage prefix ends with a slash; this one does not.",
    "Add a slash at the end. Without it every sibling beginning with the same letters would be opened too.",
)
PREFIX_LEADING_SLASH = declare(
    "PREFIX_LEADING_SLASH",
    "A storage prefix does not begin with a slash.",
    "Remove the slash at the beginning; keys in a bucket have none.",
)
PREFIX_TOO_SHORT = declare(
    "PREFIX_TOO_SHORT",
    "A storage prefix has at least %(minimum)s segments; this one has %(segments)s.",
    "Name a narrower place, such as domain/dataset/.",
)
PREFIX_TOO_LONG = declare(
    "PREFIX_TOO_LONG",
    "A storage prefix has at most %(maximum)s characters; this one has %(length)s.",
    "Move the data to a shorter path, or register a place further up.",
)
PREFIX_EMPTY_SEGMENT = declare(
    "PREFIX_EMPTY_SEGMENT",
    "Two slashes follow each other in this storage prefix.",
    "Remove one of them; empty segments are read differently by different tools.",
)
PREFIX_DOT_SEGMENT = declare(
    "PREFIX_DOT_SEGMENT",
    "This storage prefix has a segment that consists of dots alone.",
    "Write the path out; many tools resolve . and .. and would end up elsewhere.",
)
PREFIX_CHARACTER = declare(
    "PREFIX_CHARACTER",
    "The character %(character)s (%(codepoint)s) cannot stand in a storage prefix.",
    "Use letters, digits and ! _ . ( ) / = + - only; rename the folder in the lake if need be.",
)
PREFIX_NOT_NORMALIZED = declare(
    "PREFIX_NOT_NORMALIZED",
    "The letters of this storage prefix are not in their normal form.",
    "Rename the folder with plain letters (Unicode form NFKC), so that equal looks mean equal places.",
)
BUCKET_LENGTH = declare(
    "BUCKET_LENGTH",
    "A bucket name has 3 to 63 characters; this one has %(length)s.",
    "Check the name of the bucket.",
)
BUCKET_CHARACTER = declare(
    "BUCKET_CHARACTER",
    "The character %(character)s (%(codepoint)s) cannot stand in a bucket name.",
    "Bucket names have lower-case letters, digits, dots and hyphens only.",
)
BUCKET_EDGE = declare(
    "BUCKET_EDGE",
    "Every part of a bucket name between dots begins and ends with a letter or a digit.",
    "Check the name of the bucket.",
)
BUCKET_ADDRESS = declare(
    "BUCKET_ADDRESS",
    "A bucket name cannot look like a network address.",
    "Check the name of the bucket.",
)
BUCKET_RESERVED = declare(
    "BUCKET_RESERVED",
    "Bucket names beginning or ending like this are reserved by the storage service.",
    "Check the name of the bucket; an access point is not a bucket.",
)

_BUCKET_CHARACTERS = frozenset(string.ascii_lowercase + string.digits + ".-")
_BUCKET_PARTS = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII)
_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


@dataclass(frozen=True, kw_only=True)
class StoragePrefix:
    """A place in a bucket, fit for a policy. An instance is always valid.

    `allows_letters` admits letters outside ASCII; ask for it only where the provider's probe accepts them.
    Raises: InvalidInput with one reason for each fault.
    """

    text: str
    allows_letters: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        _refuse(prefix_faults(self.text, allows_letters=self.allows_letters))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, kw_only=True)
class BucketName:
    """A bucket's name, fit for a policy. An instance is always valid.

    `allows_underscores` admits them inside the name; ask for it only where what stands for a bucket has such
    names, as databases do.  Raises: InvalidInput.
    """

    text: str
    allows_underscores: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        _refuse(bucket_faults(self.text, allows_underscores=self.allows_underscores))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, kw_only=True)
class StorageRoot:
    """One entry of a connection's allow-list: a bucket, whole (`prefix` empty) or from a prefix downwards.

    A root may be shorter than a storage prefix, for it opens nothing by itself.  Raises: InvalidInput.
    """

    bucket: BucketName
    prefix: str = ""
    allows_letters: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if self.prefix:
            _refuse(prefix_faults(self.prefix, allows_letters=self.allows_letters, min_segments=1))


def contains(root: StorageRoot, bucket: BucketName, prefix: StoragePrefix) -> bool:
    """Whether the place lies in the root. Both end at a slash, so a look-alike sibling never does."""
    return root.bucket == bucket and prefix.text.startswith(root.prefix)


def prefix_faults(
    text: str, *, allows_letters: bool = False, min_segments: int = MIN_SEGMENTS
) -> tuple[Reason, ...]:
    """Everything that is wrong with a prefix, so that a person can mend it in one go; empty when sound."""
    return tuple(_prefix_faults(text, allows_letters=allows_letters, min_segments=min_segments))


def bucket_faults(text: str, *, allows_underscores: bool = False) -> tuple[Reason, ...]:
    """Everything that is wrong with a bucket name; empty when sound."""
    # An underscore may stand where a hyphen may.
    return tuple(_bucket_faults(text.replace("_", "-") if allows_underscores else text))


def _prefix_faults(text: str, *, allows_letters: bool, min_segments: int) -> Iterator[Reason]:
    segments = text.removeprefix("/").removesuffix("/").split("/")
    named = sum(1 for segment in segments if segment)
    if text.startswith("/"):
        yield _fault("prefix", PREFIX_LEADING_SLASH)
    if not text.endswith("/"):
        yield _fault("prefix", PREFIX_NOT_ENDING_IN_SLASH)
    if "//" in text:
        yield _fault("prefix", PREFIX_EMPTY_SEGMENT)
    if any(segment and not segment.strip(".") for segment in segments):
        yield _fault("prefix", PREFIX_DOT_SEGMENT)
    if named < min_segments:
        yield _fault("prefix", PREFIX_TOO_SHORT, minimum=min_segments, segments=named)
    if len(text) > MAX_LENGTH:
        yield _fault("prefix", PREFIX_TOO_LONG, maximum=MAX_LENGTH, length=len(text))
    yield from _letter_faults(text, allows_letters=allows_letters)


def _letter_faults(text: str, *, allows_letters: bool) -> Iterator[Reason]:
    for character in text:
        if character in _CHARACTERS or (allows_letters and not character.isascii() and character.isalpha()):
            continue
        yield _fault("prefix", PREFIX_CHARACTER, **_character_facts(character))
        return
    if unicodedata.normalize("NFKC", text) != text:
        yield _fault("prefix", PREFIX_NOT_NORMALIZED)


def _bucket_faults(text: str) -> Iterator[Reason]:
    if not 3 <= len(text) <= 63:
        yield _fault("bucket", BUCKET_LENGTH, length=len(text))
    strange = next((character for character in text if character not in _BUCKET_CHARACTERS), None)
    if strange is not None:
        yield _fault("bucket", BUCKET_CHARACTER, **_character_facts(strange))
    elif text and not _BUCKET_PARTS.fullmatch(text):
        yield _fault("bucket", BUCKET_EDGE)
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3}){3}", text):
        yield _fault("bucket", BUCKET_ADDRESS)
    if text.startswith(_RESERVED_STARTS) or text.endswith(_RESERVED_ENDS):
        yield _fault("bucket", BUCKET_RESERVED)


def _character_facts(character: str) -> dict[str, Value]:
    codepoint = f"U+{ord(character):04X}"
    is_shown = character.isprintable() and not character.isspace()
    return {"character": character if is_shown else codepoint, "codepoint": codepoint}


def _fault(place: str, code: str, **facts: Value) -> Reason:
    return Reason(code=code, field=place, facts=facts)


def _refuse(faults: tuple[Reason, ...]) -> None:
    if faults:
        raise InvalidInput(*faults)
