"""What a key opens and what stays shut: boto3 against the demo lake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from apps.kernel.errors import InvalidInput, ProviderFailure
from apps.lakes.providers.contract import Access, ConnectionSpec
from apps.lakes.providers.s3 import S3Provider
from tests.lab.demo_lake import DemoLake
from tests.lakes.conftest import (
    BUCKET,
    INSIDE,
    LOOK_ALIKE,
    OTHER_BUCKET,
    SIBLING,
    KeyMaker,
    spec_for,
)
from tests.lakes.refusals import is_denied, refusal_of

pytestmark = pytest.mark.lake
Call = Callable[[], object]


def test_a_reader_lists_and_gets_inside_its_prefix(reader: Any) -> None:
    listed = reader.list_objects_v2(Bucket=BUCKET, Prefix="ds/a/")
    assert [entry["Key"] for entry in listed["Contents"]] == [INSIDE]
    assert reader.get_object(Bucket=BUCKET, Key=INSIDE)["Body"].read() == b"content of ds/a/part.csv"
    assert reader.head_object(Bucket=BUCKET, Key=INSIDE)["ContentLength"] == 24


def test_a_reader_may_list_below_its_prefix_and_with_the_older_call(reader: Any) -> None:
    assert reader.list_objects_v2(Bucket=BUCKET, Prefix="ds/a/par")["KeyCount"] == 1
    assert len(reader.list_objects(Bucket=BUCKET, Prefix="ds/a/", Delimiter="/")["Contents"]) == 1


def test_a_reader_gets_a_range(reader: Any) -> None:
    answer = reader.get_object(Bucket=BUCKET, Key=INSIDE, Range="bytes=0-6")
    assert answer["Body"].read() == b"content"
    assert answer["ContentRange"] == "bytes 0-6/24"


def test_a_reader_may_choose_headers_of_the_answer_but_add_none(reader: Any) -> None:
    place = {"Bucket": BUCKET, "Key": INSIDE}
    assert reader.get_object(**place, ResponseContentType="text/csv")["ContentType"] == "text/csv"
    split = "text/csv\r\nx-amz-meta-added: yes"
    assert refusal_of(lambda: reader.get_object(**place, ResponseContentType=split)) == "InvalidArgument"


def test_an_unchanged_object_is_not_sent_again(reader: Any) -> None:
    place = {"Bucket": BUCKET, "Key": INSIDE}
    etag = reader.head_object(**place)["ETag"]
    assert refusal_of(lambda: reader.get_object(**place, IfNoneMatch=etag)) == "304"
    assert refusal_of(lambda: reader.get_object(**place, IfMatch='"other"')) == "PreconditionFailed"
    assert reader.get_object(**place, IfMatch=etag)["Body"].read()


def test_a_missing_key_inside_is_told_as_missing(reader: Any) -> None:
    assert refusal_of(lambda: reader.get_object(Bucket=BUCKET, Key="ds/a/none")) == "NoSuchKey"


@pytest.mark.parametrize("name", [SIBLING, LOOK_ALIKE, "ds/top.csv", "ds/a", "ds/b/none", "own/w/kept.csv"])
def test_nothing_outside_is_read_whether_it_exists_or_not(reader: Any, name: str) -> None:
    assert is_denied(lambda: reader.get_object(Bucket=BUCKET, Key=name))
    assert is_denied(lambda: reader.head_object(Bucket=BUCKET, Key=name))


def test_the_same_key_in_another_bucket_is_shut(reader: Any) -> None:
    assert is_denied(lambda: reader.get_object(Bucket=OTHER_BUCKET, Key=INSIDE))
    assert is_denied(lambda: reader.list_objects_v2(Bucket=OTHER_BUCKET, Prefix="ds/a/"))


@pytest.mark.parametrize("prefix", ["", "d", "ds", "ds/", "ds/a", "ds/ab/", "ds/b/", "DS/A/"])
def test_no_listing_outside_the_prefix(reader: Any, prefix: str) -> None:
    assert is_denied(lambda: reader.list_objects_v2(Bucket=BUCKET, Prefix=prefix))
    assert is_denied(lambda: reader.list_objects(Bucket=BUCKET, Prefix=prefix))


def test_no_listing_without_a_prefix(reader: Any) -> None:
    assert is_denied(lambda: reader.list_objects_v2(Bucket=BUCKET))
    assert is_denied(lambda: reader.list_objects(Bucket=BUCKET, Delimiter="/"))
    assert is_denied(lambda: reader.head_bucket(Bucket=BUCKET))
    assert is_denied(reader.list_buckets)


def test_a_reader_writes_nothing_inside_either(reader: Any) -> None:
    assert is_denied(lambda: reader.put_object(Bucket=BUCKET, Key="ds/a/new.csv", Body=b"x"))
    assert is_denied(lambda: reader.delete_object(Bucket=BUCKET, Key=INSIDE))
    assert is_denied(lambda: reader.create_multipart_upload(Bucket=BUCKET, Key="ds/a/new.csv"))


def test_a_reader_copies_neither_in_nor_out(reader: Any) -> None:
    inside, outside = {"Bucket": BUCKET, "Key": INSIDE}, {"Bucket": BUCKET, "Key": SIBLING}
    assert is_denied(lambda: reader.copy_object(Bucket=BUCKET, Key=SIBLING, CopySource=inside))
    assert is_denied(lambda: reader.copy_object(Bucket=BUCKET, Key=INSIDE, CopySource=outside))


def test_a_writer_writes_reads_and_deletes_inside(writer: Any) -> None:
    writer.put_object(Bucket=BUCKET, Key="own/w/new.csv", Body=b"x", Metadata={"note": "kept"})
    answer = writer.get_object(Bucket=BUCKET, Key="own/w/new.csv")
    assert (answer["Body"].read(), answer["Metadata"]) == (b"x", {"note": "kept"})
    writer.delete_object(Bucket=BUCKET, Key="own/w/new.csv")
    assert refusal_of(lambda: writer.get_object(Bucket=BUCKET, Key="own/w/new.csv")) == "NoSuchKey"


@pytest.mark.parametrize("name", ["own/wide/kept.csv", "own/new.csv", "new.csv", INSIDE])
def test_a_writer_writes_and_deletes_nothing_outside(writer: Any, name: str) -> None:
    assert is_denied(lambda: writer.put_object(Bucket=BUCKET, Key=name, Body=b"x"))
    assert is_denied(lambda: writer.delete_object(Bucket=BUCKET, Key=name))
    assert is_denied(lambda: writer.create_multipart_upload(Bucket=BUCKET, Key=name))


def test_a_writer_copies_inside_but_neither_in_nor_out(writer: Any) -> None:
    inside, outside = {"Bucket": BUCKET, "Key": "own/w/kept.csv"}, {"Bucket": BUCKET, "Key": INSIDE}
    writer.copy_object(Bucket=BUCKET, Key="own/w/copy.csv", CopySource=inside)
    copied = writer.get_object(Bucket=BUCKET, Key="own/w/copy.csv")["Body"].read()
    assert copied == b"content of own/w/kept.csv"
    assert is_denied(lambda: writer.copy_object(Bucket=BUCKET, Key="own/w/in.csv", CopySource=outside))
    assert is_denied(lambda: writer.copy_object(Bucket=BUCKET, Key="own/out.csv", CopySource=inside))


def test_a_writer_uploads_in_parts(writer: Any) -> None:
    place = {"Bucket": BUCKET, "Key": "own/w/large.bin"}
    upload = {**place, "UploadId": writer.create_multipart_upload(**place)["UploadId"]}
    first, second = b"a" * (5 << 20), b"b" * 10
    parts = [
        {"PartNumber": number, "ETag": writer.upload_part(**upload, PartNumber=number, Body=body)["ETag"]}
        for number, body in ((1, first), (2, second))
    ]
    assert [part["PartNumber"] for part in writer.list_parts(**upload)["Parts"]] == [1, 2]
    writer.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert writer.get_object(**place)["Body"].read() == first + second


def test_an_upload_can_be_aborted(writer: Any) -> None:
    place = {"Bucket": BUCKET, "Key": "own/w/aborted.bin"}
    upload = {**place, "UploadId": writer.create_multipart_upload(**place)["UploadId"]}
    writer.abort_multipart_upload(**upload)
    assert refusal_of(lambda: writer.list_parts(**upload)) == "NoSuchUpload"


def test_knowing_an_upload_does_not_open_it_to_another_key(
    writer: Any, demo_lake: DemoLake, key: KeyMaker
) -> None:
    place = {"Bucket": BUCKET, "Key": "own/w/mine.bin"}
    upload = writer.create_multipart_upload(**place)["UploadId"]
    other = demo_lake.session_client(key("own/v/", access=Access.WRITE).secret.reveal())
    foreign = {"Bucket": BUCKET, "Key": "own/v/mine.bin", "UploadId": upload}
    assert refusal_of(lambda: other.upload_part(**foreign, PartNumber=1, Body=b"x")) == "NoSuchUpload"
    assert is_denied(lambda: other.upload_part(**place, UploadId=upload, PartNumber=1, Body=b"x"))


def sub_resources(client: Any) -> dict[str, Call]:
    place = {"Bucket": BUCKET, "Key": "own/w/kept.csv"}
    tags = {"TagSet": [{"Key": "a", "Value": "b"}]}
    versioning = {"Status": "Enabled"}
    return {
        "a version": lambda: client.get_object(**place, VersionId="null"),
        "a copy of a version": lambda: client.copy_object(
            Bucket=BUCKET, Key="own/w/c", CopySource={**place, "VersionId": "null"}
        ),
        "the list of versions": lambda: client.list_object_versions(Bucket=BUCKET, Prefix="own/w/"),
        "the list of uploads": lambda: client.list_multipart_uploads(Bucket=BUCKET, Prefix="own/w/"),
        "the ACL of an object": lambda: client.get_object_acl(**place),
        "a new ACL of an object": lambda: client.put_object_acl(**place, ACL="public-read"),
        "an object with an ACL": lambda: client.put_object(**place, ACL="public-read", Body=b"x"),
        "an object with tags": lambda: client.put_object(**place, Tagging="a=b", Body=b"x"),
        "a conditional write": lambda: client.put_object(**place, IfNoneMatch="*", Body=b"x"),
        "the tags of an object": lambda: client.get_object_tagging(**place),
        "new tags of an object": lambda: client.put_object_tagging(**place, Tagging=tags),
        "the attributes of an object": lambda: client.get_object_attributes(
            **place, ObjectAttributes=["ETag"]
        ),
        "many deletions": lambda: client.delete_objects(
            Bucket=BUCKET, Delete={"Objects": [{"Key": "own/w/kept.csv"}]}
        ),
        "a part copied from elsewhere": lambda: client.upload_part_copy(
            **place, UploadId="x", PartNumber=1, CopySource={"Bucket": BUCKET, "Key": INSIDE}
        ),
        "the bucket's policy": lambda: client.get_bucket_policy(Bucket=BUCKET),
        "a new bucket policy": lambda: client.put_bucket_policy(Bucket=BUCKET, Policy="{}"),
        "the bucket's ACL": lambda: client.get_bucket_acl(Bucket=BUCKET),
        "a new bucket ACL": lambda: client.put_bucket_acl(Bucket=BUCKET, ACL="public-read"),
        "versioning": lambda: client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=versioning),
        "the bucket's place": lambda: client.get_bucket_location(Bucket=BUCKET),
        "a new bucket": lambda: client.create_bucket(Bucket="lake-three"),
        "the end of a bucket": lambda: client.delete_bucket(Bucket=BUCKET),
    }


@pytest.mark.parametrize("what", sorted(sub_resources(None)))
def test_sub_resources_are_shut_even_inside_the_scope(writer: Any, what: str) -> None:
    assert is_denied(sub_resources(writer)[what])


def test_a_wildcard_in_a_prefix_never_reaches_the_lake(connection: ConnectionSpec) -> None:
    for prefix in ("ds/*/", "ds/?/", "ds/${aws:userid}/"):
        with pytest.raises(InvalidInput) as caught:
            spec_for(connection, prefix)
        assert caught.value.code == "PREFIX_CHARACTER"


def test_a_policy_over_the_budget_makes_no_key(provider: S3Provider, connection: ConnectionSpec) -> None:
    prefixes = [f"domain/dataset-{number:03}/v1/" for number in range(60)]
    with pytest.raises(ProviderFailure) as caught:
        provider.issue(spec_for(connection, *prefixes))
    assert caught.value.code == "LAKE_POLICY_OVER_BUDGET"


def test_a_place_outside_the_roots_makes_no_key(provider: S3Provider, connection: ConnectionSpec) -> None:
    with pytest.raises(InvalidInput) as caught:
        provider.issue(spec_for(connection, "ds/a/", bucket="lake-nine"))
    assert caught.value.code == "LAKE_OUTSIDE_ROOTS"


def test_a_key_may_open_several_places(
    demo_lake: DemoLake, provider: S3Provider, connection: ConnectionSpec
) -> None:
    issued = provider.issue(spec_for(connection, "ds/a/", "ds/b/"))
    client = demo_lake.session_client(issued.secret.reveal())
    for name in (INSIDE, SIBLING):
        client.get_object(Bucket=BUCKET, Key=name)
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=LOOK_ALIKE))


def test_odd_but_lawful_characters_of_a_prefix_work(
    demo_lake: DemoLake, provider: S3Provider, connection: ConnectionSpec
) -> None:
    prefix = "odd/a+b=(c)!_.d-e/"
    demo_lake.put(BUCKET, f"{prefix}x y+z.csv", b"odd")
    client = demo_lake.session_client(provider.issue(spec_for(connection, prefix)).secret.reveal())
    (entry,) = client.list_objects_v2(Bucket=BUCKET, Prefix=prefix)["Contents"]
    assert client.get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read() == b"odd"


def test_a_long_listing_comes_in_pages(demo_lake: DemoLake, key: KeyMaker) -> None:
    names = [f"pages/p/{number:02}.csv" for number in range(7)] + ["pages/p/sub/x.csv"]
    for name in names:
        demo_lake.put(BUCKET, name, b"x")
    client = demo_lake.session_client(key("pages/p/").secret.reveal())
    paginator = client.get_paginator("list_objects_v2")
    pages = paginator.paginate(Bucket=BUCKET, Prefix="pages/p/", PaginationConfig={"PageSize": 3})
    assert [entry["Key"] for page in pages for entry in page["Contents"]] == names
    folders = client.list_objects_v2(Bucket=BUCKET, Prefix="pages/p/", Delimiter="/")
    assert [entry["Prefix"] for entry in folders["CommonPrefixes"]] == ["pages/p/sub/"]


def test_verify_finds_a_sound_key_sound(provider: S3Provider, connection: ConnectionSpec) -> None:
    for access in Access:
        spec = spec_for(connection, "own/w/", access=access)
        probes = provider.verify(spec, provider.issue(spec).secret)
        assert len(probes) >= 5
        assert all(probe.passed for probe in probes)


def test_verify_turns_red_for_a_key_that_is_too_wide(
    provider: S3Provider, connection: ConnectionSpec
) -> None:
    wide = provider.issue(spec_for(connection, "own/w/", "own/w-lakewarden-probe/", access=Access.WRITE))
    probes = provider.verify(spec_for(connection, "own/w/"), wide.secret)
    assert {probe.name for probe in probes if not probe.passed} == {
        f"write in {BUCKET}/own/w/",
        f"list {BUCKET}/own/w-lakewarden-probe/",
        f"write in {BUCKET}/own/w-lakewarden-probe/",
    }


def test_verify_leaves_nothing_behind(
    provider: S3Provider, connection: ConnectionSpec, demo_lake: DemoLake
) -> None:
    spec = spec_for(connection, "empty/e/", access=Access.WRITE)
    provider.verify(spec, provider.issue(spec).secret)
    assert demo_lake.client("s3", "LOADER").list_objects_v2(Bucket=BUCKET, Prefix="empty/")["KeyCount"] == 0


def test_the_test_of_a_sound_connection_passes_every_probe(
    provider: S3Provider, connection: ConnectionSpec
) -> None:
    probes = provider.verify_connection(connection)
    assert [probe for probe in probes if not probe.passed] == []
    assert {"a key takes the role again", "the revoked key opens nothing"} <= {p.name for p in probes}


def test_the_test_of_a_connection_with_a_wrong_external_id_says_where_it_fails(
    provider: S3Provider, demo_lake: DemoLake
) -> None:
    probes = provider.verify_connection(demo_lake.connection(external_id="somebody-else"))
    (failed,) = [probe for probe in probes if not probe.passed]
    assert (failed.name, failed.observed) == ("issue a key", "AccessDenied")


def test_the_duties_of_the_standing_keys_are_apart(demo_lake: DemoLake) -> None:
    role = {"RoleName": "lakewarden-demo"}
    for duty in ("ISSUER", "ADMIN"):
        client = demo_lake.client("s3", duty)
        assert is_denied(lambda client=client: client.get_object(Bucket=BUCKET, Key=INSIDE))  # type: ignore[misc]
        assert is_denied(lambda client=client: client.create_bucket(Bucket="lake-four"))  # type: ignore[misc]
    assert is_denied(lambda: demo_lake.client("s3", "LOADER").get_object(Bucket=BUCKET, Key=INSIDE))
    for duty in ("ISSUER", "LOADER"):
        client = demo_lake.client("iam", duty)
        assert is_denied(lambda client=client: client.list_role_policies(**role))  # type: ignore[misc]
    for duty in ("ADMIN", "LOADER"):
        with pytest.raises(ClientError):
            demo_lake.client("sts", duty).assume_role(RoleArn="x" * 20, RoleSessionName="xx")
