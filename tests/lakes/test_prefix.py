"""The grammar of prefixes and buckets."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.errors import InvalidInput
from apps.lakes.prefix import (
    MAX_LENGTH,
    BucketName,
    StoragePrefix,
    StorageRoot,
    bucket_faults,
    contains,
    prefix_faults,
)
from apps.policy.reason import text_of

ALLOWED = string.ascii_letters + string.digits + "!_.()/=+-"
segments = st.text(alphabet=ALLOWED.replace("/", ""), min_size=1, max_size=12).filter(lambda s: s.strip("."))
prefixes = st.lists(segments, min_size=2, max_size=5).map(lambda parts: "/".join(parts) + "/")


@given(prefixes)
def test_a_prefix_of_the_grammar_is_taken_as_it_is(text: str) -> None:
    assert StoragePrefix(text=text).text == text


@given(st.text(max_size=40))
def test_whatever_is_taken_keeps_every_promise_of_the_grammar(text: str) -> None:
    if prefix_faults(text):
        return
    assert set(text) <= set(ALLOWED)
    assert text.endswith("/")
    parts = text.removesuffix("/").split("/")
    assert len(parts) >= 2
    assert all(part.strip(".") for part in parts)
    assert len(text) <= MAX_LENGTH


@given(prefixes, st.sampled_from("*?$\\\"'`{}[]<>|&;:,@#%^~ \t\n\r\0\x7f\u202e\u200b"), st.data())
def test_one_dangerous_character_anywhere_spoils_a_prefix(text: str, bad: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    faults = prefix_faults(text[:at] + bad + text[at:])
    assert "PREFIX_CHARACTER" in {fault.code for fault in faults}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ds/a", "PREFIX_NOT_ENDING_IN_SLASH"),
        ("/ds/a/", "PREFIX_LEADING_SLASH"),
        ("ds/", "PREFIX_TOO_SHORT"),
        ("", "PREFIX_TOO_SHORT"),
        ("/", "PREFIX_TOO_SHORT"),
        ("ds//a/", "PREFIX_EMPTY_SEGMENT"),
        ("ds/../a/", "PREFIX_DOT_SEGMENT"),
        ("ds/./a/", "PREFIX_DOT_SEGMENT"),
        ("ds/.../a/", "PREFIX_DOT_SEGMENT"),
        ("ds/*/", "PREFIX_CHARACTER"),
        ("ds/?/", "PREFIX_CHARACTER"),
        ("ds/${aws:userid}/", "PREFIX_CHARACTER"),
        ("ds/größe/", "PREFIX_CHARACTER"),
        ("ds/" + "a" * MAX_LENGTH + "/", "PREFIX_TOO_LONG"),
    ],
)
def test_every_fault_of_a_prefix_has_its_own_code(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        StoragePrefix(text=text)
    assert code in {reason.code for reason in caught.value.reasons}
    assert {reason.field for reason in caught.value.reasons} == {"prefix"}


def test_all_faults_are_told_at_once() -> None:
    codes = {fault.code for fault in prefix_faults("/ds//..")}
    assert codes == {
        "PREFIX_LEADING_SLASH",
        "PREFIX_EMPTY_SEGMENT",
        "PREFIX_DOT_SEGMENT",
        "PREFIX_NOT_ENDING_IN_SLASH",
    }


@pytest.mark.parametrize(("bad", "shown"), [("*", "*"), ("\n", "U+000A"), (" ", "U+0020"), ("\0", "U+0000")])
def test_the_faulty_character_is_named_and_never_sent_raw(bad: str, shown: str) -> None:
    (fault,) = prefix_faults(f"ds/a{bad}b/")
    assert fault.facts["character"] == shown
    assert text_of(fault.code).sentence % fault.facts


def test_letters_outside_ascii_are_taken_only_when_asked_for() -> None:
    assert prefix_faults("bohrung/größe/")
    assert not prefix_faults("bohrung/größe/", allows_letters=True)


def test_letters_that_only_look_equal_are_refused_even_when_asked_for() -> None:
    composed, decomposed, wide = "bohrung/größe/", "bohrung/gro\u0308ße/", "bohrung/\uff41/"
    assert not prefix_faults(composed, allows_letters=True)
    assert prefix_faults(decomposed, allows_letters=True)
    assert [fault.code for fault in prefix_faults(wide, allows_letters=True)] == ["PREFIX_NOT_NORMALIZED"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ab", "BUCKET_LENGTH"),
        ("a" * 64, "BUCKET_LENGTH"),
        ("Lake", "BUCKET_CHARACTER"),
        ("lake_one", "BUCKET_CHARACTER"),
        ("lake/one", "BUCKET_CHARACTER"),
        ("lake*", "BUCKET_CHARACTER"),
        ("-lake", "BUCKET_EDGE"),
        ("lake-", "BUCKET_EDGE"),
        ("lake..one", "BUCKET_EDGE"),
        ("lake-.one", "BUCKET_EDGE"),
        ("192.168.0.1", "BUCKET_ADDRESS"),
        ("xn--lake", "BUCKET_RESERVED"),
        ("lake-s3alias", "BUCKET_RESERVED"),
    ],
)
def test_every_fault_of_a_bucket_name_has_its_own_code(text: str, code: str) -> None:
    assert code in {fault.code for fault in bucket_faults(text)}
    with pytest.raises(InvalidInput):
        BucketName(text=text)


def test_a_plain_bucket_name_is_taken() -> None:
    assert BucketName(text="lake-one.example").text == "lake-one.example"


@given(prefixes, segments)
def test_a_root_contains_what_lies_below_it(text: str, below: str) -> None:
    bucket = BucketName(text="lake-one")
    root = StorageRoot(bucket=bucket, prefix=text)
    assert contains(root, bucket, StoragePrefix(text=text))
    assert contains(root, bucket, StoragePrefix(text=f"{text}{below}/"))


@given(prefixes, segments)
def test_a_root_contains_no_look_alike_sibling(text: str, more: str) -> None:
    bucket = BucketName(text="lake-one")
    look_alike = StoragePrefix(text=f"{text.removesuffix('/')}{more}/")
    assert not contains(StorageRoot(bucket=bucket, prefix=text), bucket, look_alike)


def test_a_root_contains_nothing_of_another_bucket() -> None:
    root = StorageRoot(bucket=BucketName(text="lake-one"))
    assert contains(root, BucketName(text="lake-one"), StoragePrefix(text="ds/a/"))
    assert not contains(root, BucketName(text="lake-two"), StoragePrefix(text="ds/a/"))


def test_a_root_may_be_one_segment_but_not_malformed() -> None:
    StorageRoot(bucket=BucketName(text="lake-one"), prefix="landing/")
    with pytest.raises(InvalidInput):
        StorageRoot(bucket=BucketName(text="lake-one"), prefix="land*")
