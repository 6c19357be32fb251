"""What ends a grant, or the right it gives, ends the keys taken from it."""

from django.db.models import TextField, Value
from django.db.models.functions import Concat

from apps.access.commands import PUBLISHING, REVOKING
from apps.access.events import (
    GrantExpired,
    GrantGivenBack,
    GrantRevoked,
    GrantSuperseded,
    GrantSuspended,
)
from apps.access.packs import SHOWING_EVIDENCE
from apps.accounts.commands import LEAVING
from apps.accounts.events import (
    AccountDisabled,
    MembershipEnded,
    OrganizationChanged,
    PersonChanged,
    PersonDeparted,
    ProjectChanged,
    ProjectClosed,
    ServiceAccountHandedOver,
    ServiceAccountSuspended,
)
from apps.catalog.events import AssetRetired, InputsAdded
from apps.classification.commands import CLASSIFYING
from apps.classification.events import ColumnsClassified, HandlingChanged, LoweringConfirmed
from apps.compliance.commands import ENDING_PURPOSE, TAKING_EFFECT
from apps.compliance.events import (
    ActivityApproved,
    ActivityRetired,
    ClearanceChanged,
    OccurrenceExtended,
    OccurrenceTookEffect,
    OriginStated,
    PurposeApproved,
    PurposeForbidden,
    PurposeRetired,
    PurposeSuspended,
    PurposeWithdrawn,
    RecordApproved,
    RecordRetired,
    RecordStepTaken,
)
from apps.compliance.facts.above import Above, let_records_name
from apps.credentials.models import Lease
from apps.credentials.queries import (
    keys_for_purpose,
    keys_in_lake,
    keys_of_grant,
    keys_of_person,
    keys_shown,
    keys_to_asset,
    keys_under_occurrence,
    keys_under_policy,
)
from apps.credentials.tasks import (
    recall_and_cut,
    recheck_every_key,
    recheck_keys_after_check,
    recheck_keys_for_account,
    recheck_keys_for_purpose,
    recheck_keys_of_person,
    recheck_keys_of_project,
    recheck_keys_to_asset,
    recheck_keys_to_labels,
    recheck_keys_to_lineage,
    recheck_keys_to_version,
    revoke_keys_of_grant,
    revoke_keys_of_lake,
)
from apps.kernel.contributions import contribute, testify
from apps.kernel.events import subscribe
from apps.labeling.events import (
    AnnotatorChanged,
    AnnotatorEnded,
    AnnotatorEntered,
    AnnotatorPaused,
    AnnotatorPauseLifted,
    LabelsBrought,
    LabelSetReviewed,
    RedactionChecked,
)
from apps.lakes.commands import HALTING_LAKE, MOVING_LAKE
from apps.lakes.events import LakeChanged, LakeHalted

for ended in (GrantRevoked, GrantGivenBack, GrantExpired, GrantSuspended, GrantSuperseded):
    subscribe(ended, revoke_keys_of_grant)

for about_a_version in (ColumnsClassified, LoweringConfirmed, PurposeForbidden, OriginStated):
    subscribe(about_a_version, recheck_keys_to_version)

for about_a_purpose in (PurposeApproved, PurposeRetired, PurposeSuspended, PurposeWithdrawn):
    subscribe(about_a_purpose, recheck_keys_for_purpose)

for about_many in (
    ActivityApproved,
    ActivityRetired,
    AnnotatorChanged,
    AnnotatorEnded,
    AnnotatorEntered,
    AnnotatorPaused,
    AnnotatorPauseLifted,
    ClearanceChanged,
    HandlingChanged,
    LakeChanged,
    OrganizationChanged,
    RecordApproved,
    RecordRetired,
    RecordStepTaken,
):
    subscribe(about_many, recheck_every_key)

subscribe(RedactionChecked, recheck_keys_after_check)
for about_labels in (LabelsBrought, LabelSetReviewed):
    subscribe(about_labels, recheck_keys_to_labels)
subscribe(LakeHalted, revoke_keys_of_lake)
subscribe(AssetRetired, recheck_keys_to_asset)
subscribe(InputsAdded, recheck_keys_to_lineage)
for about_a_project in (ProjectChanged, ProjectClosed, MembershipEnded):
    subscribe(about_a_project, recheck_keys_of_project)
for about_a_person in (PersonChanged, PersonDeparted):
    subscribe(about_a_person, recheck_keys_of_person)
for about_an_account in (AccountDisabled, ServiceAccountHandedOver, ServiceAccountSuspended):
    subscribe(about_an_account, recheck_keys_for_account)

for reached in (OccurrenceTookEffect, OccurrenceExtended):
    subscribe(reached, recall_and_cut)

let_records_name(
    "lease",
    Above(
        table=Lease,
        organization="grant__organization_id",
        name=Concat("person__name", Value(", "), "grant__asset__name", output_field=TextField()),
    ),
)
contribute(TAKING_EFFECT, keys_under_occurrence)
contribute(ENDING_PURPOSE, keys_for_purpose)
contribute(CLASSIFYING, keys_to_asset)
contribute(LEAVING, keys_of_person)
contribute(REVOKING, keys_of_grant)
contribute(MOVING_LAKE, keys_in_lake)
contribute(HALTING_LAKE, keys_in_lake)
contribute(PUBLISHING, keys_under_policy)
testify(SHOWING_EVIDENCE, keys_shown)
