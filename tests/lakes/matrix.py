"""What one may try with a key, inside its scope and outside: one matrix for every lake that speaks S3."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import urllib3
from botocore.exceptions import ClientError

from apps.lakes.providers.s3.faults import code_of

Call = Callable[[], object]
ALLOWED = "allowed"
DENIED = "denied"
REFUSED = frozenset({"AccessDenied", "403", "Forbidden"})
OBJECTS = (
    "ds/a/part.csv",
    "ds/a/deep/part.csv",
    "ds/ab/part.csv",
    "ds/b/part.csv",
    "ds/A/part.csv",
    "ds/a",
    "ds/top.csv",
    "top.csv",
)
_POOL = urllib3.PoolManager(retries=False, timeout=10)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A key to `ds/a/` of one bucket, as a client, and what lies around that place."""

    s3: Any
    bucket: str
    other: str


def inside(trial: Trial) -> Mapping[str, Call]:
    """What a reader may do, and a writer too."""
    s3, at = trial.s3, {"Bucket": trial.bucket}
    part = {**at, "Key": "ds/a/part.csv"}
    return {
        "get an object": lambda: s3.get_object(**part),
        "get an object below": lambda: s3.get_object(**at, Key="ds/a/deep/part.csv"),
        "get a range": lambda: s3.get_object(**part, Range="bytes=0-3"),
        "head an object": lambda: s3.head_object(**part),
        "list the prefix": lambda: s3.list_objects_v2(**at, Prefix="ds/a/"),
        "list below the prefix": lambda: s3.list_objects_v2(**at, Prefix="ds/a/deep/"),
        "list the start of a name": lambda: s3.list_objects_v2(**at, Prefix="ds/a/par"),
        "list folders": lambda: s3.list_objects_v2(**at, Prefix="ds/a/", Delimiter="/"),
        "list with the older call": lambda: s3.list_objects(**at, Prefix="ds/a/"),
        "get by a signed link": lambda: use_link(s3, "get_object", part),
    }


def writing(trial: Trial) -> Mapping[str, Call]:
    """What a writer may do inside, and a reader may not."""
    s3, at = trial.s3, {"Bucket": trial.bucket}
    fresh = {**at, "Key": "ds/a/fresh.csv"}
    return {
        "put an object": lambda: s3.put_object(**fresh, Body=b"x"),
        "put by a signed link": lambda: use_link(s3, "put_object", fresh, body=b"x"),
        "copy inside": lambda: s3.copy_object(**fresh, CopySource={**at, "Key": "ds/a/part.csv"}),
        "upload in parts": lambda: upload(s3, **fresh),
        "abort an upload": lambda: s3.abort_multipart_upload(
            **fresh, UploadId=s3.create_multipart_upload(**fresh)["UploadId"]
        ),
        "delete an object": lambda: s3.delete_object(**fresh),
    }


def outside(trial: Trial) -> Mapping[str, Call]:
    """What no key to `ds/a/` may do, whether it writes or not."""
    return {
        **_reads_outside(trial),
        **_listings_outside(trial),
        **_writes_outside(trial),
        **_beside_the_objects(trial),
    }


def _reads_outside(trial: Trial) -> Mapping[str, Call]:
    s3, at = trial.s3, {"Bucket": trial.bucket}
    sibling = {**at, "Key": "ds/b/part.csv"}
    return {
        "get of a sibling": lambda: s3.get_object(**sibling),
        "head of a sibling": lambda: s3.head_object(**sibling),
        "get of a look-alike": lambda: s3.get_object(**at, Key="ds/ab/part.csv"),
        "get in another case": lambda: s3.get_object(**at, Key="ds/A/part.csv"),
        "get of the name without its slash": lambda: s3.get_object(**at, Key="ds/a"),
        "get in the parent": lambda: s3.get_object(**at, Key="ds/top.csv"),
        "get at the root": lambda: s3.get_object(**at, Key="top.csv"),
        "get in another bucket": lambda: s3.get_object(Bucket=trial.other, Key="ds/a/part.csv"),
        "get of a version outside": lambda: s3.get_object(**sibling, VersionId="null"),
        "get by a signed link outside": lambda: use_link(s3, "get_object", sibling),
        "tags outside": lambda: s3.get_object_tagging(**sibling),
        "ACL outside": lambda: s3.get_object_acl(**sibling),
    }


def _listings_outside(trial: Trial) -> Mapping[str, Call]:
    s3, at = trial.s3, {"Bucket": trial.bucket}
    narrow = ("ds/a", "ds/ab/", "ds/b/", "DS/A/", "ds//a/", "/ds/a/", "ds/*/", "ds/?/")
    listed: dict[str, Call] = {
        f"list «{prefix}»": lambda prefix=prefix: s3.list_objects_v2(**at, Prefix=prefix)  # type: ignore[misc]
        for prefix in ("", "d", "ds", "ds/", *narrow)
    }
    return {
        **listed,
        "list without a prefix": lambda: s3.list_objects_v2(**at),
        "list folders of the root": lambda: s3.list_objects_v2(**at, Delimiter="/"),
        "list with the older call": lambda: s3.list_objects(**at, Prefix="ds/b/"),
        "list another bucket": lambda: s3.list_objects_v2(Bucket=trial.other, Prefix="ds/a/"),
        "list the versions": lambda: s3.list_object_versions(**at, Prefix="ds/a/"),
        "list the uploads": lambda: s3.list_multipart_uploads(**at, Prefix="ds/a/"),
        "list by a signed link": lambda: use_link(s3, "list_objects_v2", {**at, "Prefix": "ds/"}),
    }


def _writes_outside(trial: Trial) -> Mapping[str, Call]:
    s3, at = trial.s3, {"Bucket": trial.bucket}
    inner, sibling = {**at, "Key": "ds/a/part.csv"}, {**at, "Key": "ds/b/part.csv"}
    return {
        "put beside": lambda: s3.put_object(**at, Key="ds/b/new.csv", Body=b"x"),
        "put in a look-alike": lambda: s3.put_object(**at, Key="ds/ab/new.csv", Body=b"x"),
        "put in the parent": lambda: s3.put_object(**at, Key="ds/new.csv", Body=b"x"),
        "put in another bucket": lambda: s3.put_object(Bucket=trial.other, Key="ds/a/new.csv", Body=b"x"),
        "put by a signed link outside": lambda: use_link(
            s3, "put_object", {**at, "Key": "ds/b/new.csv"}, body=b"x"
        ),
        "copy out": lambda: s3.copy_object(**at, Key="ds/b/copy.csv", CopySource=inner),
        "copy to another bucket": lambda: s3.copy_object(
            Bucket=trial.other, Key="ds/a/copy.csv", CopySource=inner
        ),
        "copy in": lambda: s3.copy_object(**at, Key="ds/a/copy.csv", CopySource=sibling),
        "copy in from another bucket": lambda: s3.copy_object(
            **at, Key="ds/a/copy.csv", CopySource={"Bucket": trial.other, "Key": "ds/a/part.csv"}
        ),
        "begin an upload in parts outside": lambda: s3.create_multipart_upload(**at, Key="ds/b/big.bin"),
        "delete beside": lambda: s3.delete_object(**sibling),
        "delete in another bucket": lambda: s3.delete_object(Bucket=trial.other, Key="ds/a/part.csv"),
        "delete many outside": lambda: delete_many(s3, trial.bucket, "ds/b/part.csv"),
    }


def _beside_the_objects(trial: Trial) -> Mapping[str, Call]:
    s3, at = trial.s3, {"Bucket": trial.bucket}
    inner = {**at, "Key": "ds/a/part.csv"}
    versioning = {"Status": "Enabled"}
    everybody = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}],
    }
    return {
        "a version": lambda: s3.get_object(**inner, VersionId="null"),
        "the end of a version": lambda: s3.delete_object(**inner, VersionId="null"),
        "the ACL of an object": lambda: s3.get_object_acl(**inner),
        "a new ACL of an object": lambda: s3.put_object_acl(**inner, ACL="public-read"),
        "new tags of an object": lambda: s3.put_object_tagging(
            **inner, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]}
        ),
        "the ACL of the bucket": lambda: s3.get_bucket_acl(**at),
        "a new ACL of the bucket": lambda: s3.put_bucket_acl(**at, ACL="public-read"),
        "the policy of the bucket": lambda: s3.get_bucket_policy(**at),
        "a new policy of the bucket": lambda: s3.put_bucket_policy(**at, Policy=_compact(everybody)),
        "versioning": lambda: s3.put_bucket_versioning(**at, VersioningConfiguration=versioning),
        "the life cycle": lambda: s3.get_bucket_lifecycle_configuration(**at),
        "who may ask from elsewhere": lambda: s3.get_bucket_cors(**at),
        "a new bucket": lambda: s3.create_bucket(Bucket=f"{trial.bucket}-of-their-own"),
        "the end of a bucket": lambda: s3.delete_bucket(Bucket=trial.other),
    }


def found(tried: Mapping[str, Call], *, expected: str) -> dict[str, str]:
    """What came out otherwise than expected: for each operation `allowed` or the code of the refusal."""
    answers = {name: observed(call) for name, call in tried.items()}
    wanted = {ALLOWED} if expected == ALLOWED else REFUSED
    return {name: answer for name, answer in answers.items() if answer not in wanted}


def observed(call: Call) -> str:
    """`allowed`, or the code of the refusal."""
    try:
        call()
    except ClientError as error:
        return code_of(error)
    return ALLOWED


def use_link(s3: Any, operation: str, arguments: Mapping[str, Any], *, body: bytes | None = None) -> None:
    """Use a link that anybody could be handed: the key's signature is in it.  Raises: ClientError."""
    link = s3.generate_presigned_url(operation, Params=dict(arguments), ExpiresIn=60)
    answer = _POOL.request("GET" if body is None else "PUT", link, body=body)
    if answer.status >= 300:
        raise ClientError({"Error": {"Code": str(answer.status)}}, operation)


def upload(s3: Any, **place: Any) -> None:
    upload_id = s3.create_multipart_upload(**place)["UploadId"]
    given = {**place, "UploadId": upload_id}
    etag = s3.upload_part(**given, PartNumber=1, Body=b"x")["ETag"]
    s3.list_parts(**given)
    s3.complete_multipart_upload(**given, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]})


def delete_many(s3: Any, bucket: str, *keys: str) -> None:
    """A deletion of many is answered with 200 and a refusal for each."""
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys]})
    for refusal in answer.get("Errors", []):
        raise ClientError({"Error": {"Code": refusal["Code"]}}, "DeleteObjects")


def _compact(document: object) -> str:
    return json.dumps(document, separators=(",", ":"))
