"""How the application that signs for a storage account is set up by hand, with the Azure CLI."""

from __future__ import annotations

import shlex

from django.utils.translation import gettext_lazy as _

from apps.lakes.providers.azure.account import account_of
from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.setup import ISSUER, RoleStep, sign_in_step, step

DELEGATOR, CONTRIBUTOR = "Storage Blob Delegator", "Storage Blob Data Contributor"


def role_steps(connection: ConnectionSpec, *, issuer_arn: str = "") -> tuple[RoleStep, ...]:
    """In the order in which they are done; who may assume a role is no question here."""
    containers = sorted({root.bucket.text for root in connection.roots})
    account = shlex.quote(account_of(connection))
    allowed = (
        f"issuer=$(az ad sp list --display-name {ISSUER} --query '[0].id' --output tsv)",
        f"account=$(az storage account show --name {account} --query id --output tsv)",
        _assigned(DELEGATOR, '"$account"'),
        *(
            _assigned(CONTRIBUTOR, f'"$account"/blobServices/default/containers/{shlex.quote(container)}')
            for container in containers
        ),
    )
    return (
        step("issuer", _("Make the issuer"), ("az", "ad", "sp", "create-for-rbac", "--name", ISSUER)),
        RoleStep(slug="role", title=_("Allow what keys may do at most"), text="\n".join(allowed)),
        sign_in_step(connection),
    )


def _assigned(role: str, scope: str) -> str:
    who = '--assignee-object-id "$issuer" --assignee-principal-type ServicePrincipal'
    return f"az role assignment create {who} --role {shlex.quote(role)} --scope {scope}"
