"""The objects of a place at a real Ceph gateway, as the work on prepared views reads and writes them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from apps.kernel.errors import LakewardenError
from apps.lakes.providers.contract import Access
from apps.lakes.providers.s3.objects import PART, READ_AT_ONCE, Objects
from tests.lab.ceph import Ceph
from tests.lakes.conftest import BUCKET, scope_at, spec_for

pytestmark = pytest.mark.lake
PIECE = bytes(range(256)) * (1 << 12)


@pytest.fixture
def prefix() -> str:
    return f"own/{uuid4().hex[:12]}/"


@pytest.fixture
def place(ceph: Ceph, prefix: str) -> Objects:
    """A place of its own, for whoever may write there."""
    return opened(ceph, prefix, Access.WRITE)


def opened(ceph: Ceph, prefix: str, access: Access) -> Objects:
    provider, connection = ceph.provider(), ceph.connection()
    issued = provider.issue(spec_for(connection, prefix, access=access))
    return provider.objects(connection, scope_at(prefix, access=access), issued.secret)


def write(place: Objects, name: str, content: bytes) -> None:
    with place.written(name) as file:
        for start in range(0, len(content), len(PIECE)):
            file.write(content[start : start + len(PIECE)])


def test_what_is_larger_than_a_part_goes_up_in_parts_and_is_read_by_ranges(place: Objects) -> None:
    content = PIECE * (2 * PART // len(PIECE)) + b"the end"
    write(place, "large.bin", content)
    (stored,) = place.listed(10)
    assert (stored.name, stored.size) == ("large.bin", len(content))
    with place.opened(stored) as file:
        for start, length in ((0, 10), (PART - 5, 10), (READ_AT_ONCE + 1, 3 * READ_AT_ONCE), (-7, 7)):
            file.seek(start, 2 if start < 0 else 0)
            at = start % len(content)
            assert file.read(length) == content[at : at + length]
        file.seek(0)
        assert file.read() == content


def test_what_is_given_up_leaves_nothing_and_no_part(ceph: Ceph, place: Objects, prefix: str) -> None:
    with pytest.raises(ZeroDivisionError), place.written("given-up.bin") as file:
        for _ in range(PART // len(PIECE) + 1):
            file.write(PIECE)
        begun = ceph.client("s3", "LOADER").list_multipart_uploads(Bucket=BUCKET, Prefix=prefix)
        assert len(begun["Uploads"]) == 1  # the control: something was sent
        raise ZeroDivisionError
    assert place.listed(10) == []
    left = ceph.client("s3", "LOADER").list_multipart_uploads(Bucket=BUCKET, Prefix=prefix)
    assert not left.get("Uploads")


def test_what_was_replaced_after_it_was_listed_is_not_read_as_what_it_was(place: Objects) -> None:
    write(place, "a.csv", b"depth\n1\n")
    (stored,) = place.listed(10)
    write(place, "a.csv", b"depth\n2\n")
    with pytest.raises(LakewardenError), place.opened(stored) as file:
        file.read()
    (again,) = place.listed(10)
    with place.opened(again) as file:
        assert file.read() == b"depth\n2\n"


def test_all_of_a_place_is_listed_over_pages_and_removed_and_nothing_beside_it(
    ceph: Ceph, place: Objects, prefix: str
) -> None:
    count, beside = 1005, f"{prefix.removesuffix('/')}-beside/kept.csv"
    ceph.put(BUCKET, beside, b"kept")
    for number in range(count):
        ceph.put(BUCKET, f"{prefix}{number:04}.csv", b"")
    assert len(place.listed(2000)) == count
    assert len(place.listed(10)) == 11
    with place.below("run/").written("x.csv") as file:
        file.write(b"x")
    assert place.remove_all() == count + 1
    assert place.listed(10) == []
    assert ceph.client("s3", "LOADER").get_object(Bucket=BUCKET, Key=beside)["Body"].read() == b"kept"


def test_a_reader_writes_and_removes_nothing(ceph: Ceph, place: Objects, prefix: str) -> None:
    write(place, "a.csv", b"kept")
    reader = opened(ceph, prefix, Access.READ)
    with pytest.raises(LakewardenError):
        write(reader, "b.csv", b"x")
    with pytest.raises(LakewardenError):
        reader.remove_all()
    assert [each.name for each in place.listed(10)] == ["a.csv"]
