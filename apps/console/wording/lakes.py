"""Words for lakes of each flavor: what a connection is asked for, and what it takes outside the portal.

One row a flavor, beside its traits; which fields there are is said there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.console.legal import Term


@dataclass(frozen=True, kw_only=True)
class Said:
    """Of one field: its label, what to write, and what is told where it is empty."""

    label: Any
    help: Any
    required: Any = ""
    kind: str = "name"
    """`url`: an address; `name`: what is copied from elsewhere, letter by letter; `class`: a sensitivity
    class."""


@dataclass(frozen=True, kw_only=True)
class LakeWords:
    """`bucket` is what a place begins with. `secrets` names what lies in the environment, with `{start}` for
    the beginning of its variables."""

    term: Term
    fields: Mapping[str, Said]
    options: Mapping[str, Said] = field(default_factory=dict)
    bucket: Any
    roots: Any
    secrets: Any
    outside: Any
    external_id: Any = ""
    """Where the external ID has to stand; empty where there is no such thing."""


_S3_FIELDS = {
    "endpoint": Said(
        label=_("Endpoint"),
        help=_(
            "The address of the storage service: https, host, and port if needed, such as"
            " https://s3.eu-central-1.amazonaws.com. Nothing after it: no path, no user name."
        ),
        required=_("Give the address of the storage service."),
        kind="url",
    ),
    "region": Said(
        label=_("Region"),
        help=_("As the service calls it, such as eu-central-1. Where the service has none, us-east-1 does."),
        required=_("Give the region of the service."),
    ),
    "role_arn": Said(
        label=_("Role"),
        help=_(
            "Every key is this role, narrowed to what one grant allows. Give its full name, such as"
            " arn:aws:iam::123456789012:role/lakewarden. It may read and write the places below, no more."
        ),
        required=_("Give the full name of the role."),
    ),
    "sts_endpoint": Said(
        label=_("Endpoint that issues keys"),
        help=_("Only where STS answers at another address than the storage. Empty is right for most."),
        kind="url",
    ),
    "iam_endpoint": Said(
        label=_("Endpoint that keeps roles"),
        help=_("Only where IAM answers at yet another address. Empty is right for most."),
        kind="url",
    ),
}


_OWN_ROLES = {
    "own_roles_from": Said(
        label=_("A role of its own for each key"),
        help=_(
            "From this class of data on. The portal makes the role with the key and deletes it with it, so"
            " that a mistake with one key reaches no other. Every such key takes some more calls to the lake."
        ),
        kind="class",
    )
}


def _s3(
    name: Any, sentence: Any, *, options: Mapping[str, Said] | None = None, knows_external_id: bool = True
) -> LakeWords:
    return LakeWords(
        term=Term(name=name, sentence=sentence),
        fields=_S3_FIELDS,
        options=options or {},
        bucket=_("a bucket"),
        roots=_(
            "One a line: a bucket, or a bucket and a folder ending in a slash, such as research/geology/."
            " Stewards can register locations inside these places only."
        ),
        secrets=_(
            "Keys are never typed in here. Choose a word in capitals: with RESEARCH the portal looks in"
            " its environment for {start}_RESEARCH_ISSUER_KEY, and for the same name with"
            " ISSUER_SECRET, ADMIN_KEY and ADMIN_SECRET at its end."
        ),
        outside=_(
            "The portal finds its keys in these environment variables. The issuer may assume the role and"
            " owns nothing; the administrator keeps the role's policies and reads no data."
        ),
        external_id=_(
            "The role's trust must demand this external ID, so that nobody else can have the portal act for"
            " them:"
        )
        if knows_external_id
        else "",
    )


LAKES = {
    "aws": _s3(
        _("Amazon S3"),
        _("Keys come from AWS STS. A revocation may take some minutes to reach every server."),
    ),
    "ceph": _s3(
        _("Ceph Object Gateway"),
        _("Keys come from the gateway itself. A revocation works within a second."),
        options=_OWN_ROLES,
        knows_external_id=False,
    ),
    "minio": _s3(
        _("MinIO"),
        _("One key cannot be revoked there: it works until it ends, so keep lifetimes short."),
        knows_external_id=False,
    ),
    "demo": _s3(
        _("Demo lake"),
        _("Comes with the portal, which sets its keys itself. Answers on this machine only."),
        options=_OWN_ROLES,
    ),
    "azure": LakeWords(
        term=Term(
            name=_("Azure Data Lake Storage Gen2"),
            sentence=_(
                "Keys are signatures for one directory, made by the portal. One cannot be revoked: it works"
                " until it ends, so keep lifetimes short."
            ),
        ),
        fields={
            "endpoint": Said(
                label=_("Address of the account"),
                help=_(
                    "The blob address, also where the account has one for its hierarchy, such as"
                    " https://researchlake.blob.core.windows.net. Nothing after it. The hierarchical"
                    " namespace has to be on: without it there are no directories a key could be narrowed to."
                ),
                required=_("Give the blob address of the account."),
                kind="url",
            ),
            "sts_endpoint": Said(
                label=_("Address for signing in"),
                help=_(
                    "Only in a sovereign cloud, such as https://login.microsoftonline.us. Empty is right for"
                    " most."
                ),
                kind="url",
            ),
        },
        options={
            "tenant": Said(
                label=_("Tenant"),
                help=_("The directory (tenant) ID of the application, or the name of its domain."),
                required=_("Give the tenant in which the application is registered."),
            ),
            "account": Said(
                label=_("Name of the account"),
                help=_("Only where the address does not begin with it, as in an emulator."),
            ),
        },
        bucket=_("a container"),
        roots=_(
            "One a line: a container, or a container and a directory ending in a slash, such as"
            " research/geology/. Stewards can register locations inside these places only."
        ),
        secrets=_(
            "Nothing secret is typed in here. Choose a word in capitals: with RESEARCH the portal looks in"
            " its environment for {start}_RESEARCH_ISSUER_KEY, the ID of the application, and for the same"
            " name with ISSUER_SECRET at its end: its client secret, or the token of a workload that vouches"
            " for it."
        ),
        outside=_(
            "The portal finds the application and its secret in these environment variables. The"
            " application needs «Storage Blob Delegator» on the account, and on the containers «Storage Blob"
            " Data Reader», or «Storage Blob Data Contributor» where keys may write: no key can do more. The"
            " token of a workload is read anew from its file each time."
        ),
    ),
    "gcs": LakeWords(
        term=Term(
            name=_("Google Cloud Storage"),
            sentence=_(
                "Keys are tokens of one account, narrowed to their places, for an hour at most. One cannot be"
                " revoked: it works until it ends."
            ),
        ),
        fields={
            "endpoint": Said(
                label=_("Address of the storage"),
                help=_("https://storage.googleapis.com, unless your network reaches it by another name."),
                required=_("Give the address of the storage, such as https://storage.googleapis.com."),
                kind="url",
            ),
            "sts_endpoint": Said(
                label=_("Address that narrows tokens"),
                help=_("Only where it is not https://sts.googleapis.com. Empty is right for most."),
                kind="url",
            ),
            "iam_endpoint": Said(
                label=_("Address that gives tokens of the account"),
                help=_(
                    "Only where it is not https://iamcredentials.googleapis.com. Empty is right for most."
                ),
                kind="url",
            ),
        },
        options={
            "service_account": Said(
                label=_("Service account"),
                help=_(
                    "Every key is this account, narrowed to what one grant allows. Give its address, such as"
                    " lake-keys@research.iam.gserviceaccount.com. It may read and write the buckets below, no"
                    " more, and needs no key of its own."
                ),
                required=_("Give the address of the service account."),
            ),
        },
        bucket=_("a bucket"),
        roots=_(
            "One a line: a bucket, or a bucket and a folder ending in a slash, such as research/geology/."
            " Stewards can register locations inside these places only."
        ),
        secrets=_(
            "Nothing secret is typed in here. Choose a word in capitals: with RESEARCH the portal looks in"
            " its environment for {start}_RESEARCH_ISSUER_KEY, the address of the issuing account, and for"
            " the same name with ISSUER_SECRET at its end: the JSON file of that account's key. Without a"
            " key: the name of a workload identity provider, and the token of the workload."
        ),
        outside=_(
            "The portal finds the issuing account and its key in these environment variables, or the name of"
            " a workload identity provider and the token of the workload, which is read anew from its file"
            " each time. It needs"
            " «Service Account Token Creator» on the account above, and nothing else; that one needs «Storage"
            " Object User» on the buckets, which must have uniform bucket-level access."
        ),
    ),
    "postgres": LakeWords(
        term=Term(
            name=_("PostgreSQL warehouse"),
            sentence=_(
                "Every key is a role of its own, to tables or single columns. Revoked, it ends at once, and"
                " its sessions with it."
            ),
        ),
        fields={
            "endpoint": Said(
                label=_("Address"),
                help=_(
                    "Host, and port if needed, such as postgresql://warehouse.example.org:5432. Nothing after"
                    " it: the database is named with the places below."
                ),
                required=_("Give the address of the warehouse."),
                kind="url",
            )
        },
        bucket=_("a database"),
        roots=_(
            "One a line: a database, or a database and a schema, or a table of it, such as analytics/geology/"
            " or analytics/geology/wells/. Stewards can register tables inside these places only."
        ),
        secrets=_(
            "Passwords are never typed in here. Choose a word in capitals: with RESEARCH the portal looks in"
            " its environment for the name of its role in {start}_RESEARCH_ISSUER_KEY, and for its password"
            " in the same name with ISSUER_SECRET at its end."
        ),
        outside=_(
            "The portal logs in to the warehouse with these environment variables. Its role makes the roles"
            " of keys, and passes on what it was granted with the option to grant; it is no superuser."
        ),
    ),
}

GRANULARITIES = {
    "prefix": _("one folder, and what lies in it"),
    "column": _("one column of a table"),
}

OWN_ROLES = {
    "never": _("no"),
    "on_demand": _("where the connection asks for it"),
    "always": _("always"),
}

REVOCATIONS = {
    "immediate": _("yes, at once"),
    "at_expiry": _("no: it works until it ends, so keep lifetimes short"),
    "no_refresh": _("no, but it is not renewed"),
}
