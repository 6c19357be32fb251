"""How both accounts of a connection to Google Cloud Storage are set up by hand, with the Google Cloud CLI."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.setup import ISSUER, RoleStep, sign_in_step, step

OF_ACCOUNTS = ".iam.gserviceaccount.com"
CREATOR, USER = "roles/iam.serviceAccountTokenCreator", "roles/storage.objectUser"


def role_steps(connection: ConnectionSpec, *, issuer_arn: str = "") -> tuple[RoleStep, ...]:
    """In the order in which they are done; who may assume a role is no question here."""
    account = connection.options.get("service_account", "")
    name, _at, domain = account.partition("@")
    project = ("--project", domain.removesuffix(OF_ACCOUNTS))
    issuer = f"{ISSUER}@{domain}"
    accounts, buckets = ("gcloud", "iam", "service-accounts"), ("gcloud", "storage", "buckets")
    acting = ("--member", f"serviceAccount:{issuer}", "--role", CREATOR)
    using = ("--member", f"serviceAccount:{account}", "--role", USER)
    places = [f"gs://{bucket}" for bucket in sorted({root.bucket.text for root in connection.roots})]
    return (
        step(
            "issuer",
            _("Make the issuer"),
            (*accounts, "create", ISSUER, *project),
            (*accounts, "keys", "create", f"{ISSUER}.json", "--iam-account", issuer),
        ),
        step(
            "account",
            _("Make the account that keys are, for which the issuer acts"),
            (*accounts, "create", name, *project),
            (*accounts, "add-iam-policy-binding", account, *project, *acting),
        ),
        step(
            "role",
            _("Allow what keys may do at most"),
            *((*buckets, "update", place, "--uniform-bucket-level-access") for place in places),
            *((*buckets, "add-iam-policy-binding", place, *using) for place in places),
        ),
        sign_in_step(connection),
    )
