"""Who keeps the roster of a labeling policy."""

from __future__ import annotations

from apps.accounts.authorization import Resource, authorize, may
from apps.accounts.operations import Operation
from apps.catalog.models import Asset
from apps.compliance.commands import review
from apps.compliance.lifecycle.labeling import LabelingPolicyContent
from apps.compliance.models import LegalRecord
from apps.kernel.actor import Actor


def may_keep_roster(actor: Actor, policy: LegalRecord, operation: Operation = Operation.KEEP_ROSTER) -> bool:
    """Who works on the records of the organization, or looks after all the data that the policy is about."""
    resources = (review.record_resource("record", policy), data_of(policy, newest_content(policy)))
    return any(may(actor=actor, operation=operation, resource=each) for each in resources)


def demand_keeping(actor: Actor, policy: LegalRecord) -> None:
    """Raises: NotPermitted."""
    resource = roster_resource(actor, policy, newest_content(policy))
    authorize(actor=actor, operation=Operation.KEEP_ROSTER, resource=resource)


def roster_resource(
    actor: Actor,
    policy: LegalRecord,
    content: LabelingPolicyContent,
    operation: Operation = Operation.KEEP_ROSTER,
) -> Resource:
    """The data that the policy is about, for those who look after all of them; else the policy itself."""
    data = data_of(policy, content)
    is_theirs = may(actor=actor, operation=operation, resource=data)
    return data if is_theirs else review.record_resource("record", policy)


def newest_content(policy: LegalRecord) -> LabelingPolicyContent:
    version = policy.versions.order_by("-number")[:1].get()
    version.legal_record = policy
    content: LabelingPolicyContent = version.said
    return content


def data_of(policy: LegalRecord, content: LabelingPolicyContent) -> Resource:
    keys = Asset.objects.filter(uid__in=content.datasets).values_list("pk", flat=True)
    return Resource(
        kind="record", uid=policy.uid, organization_id=policy.organization_id, asset_ids=frozenset(keys)
    )
