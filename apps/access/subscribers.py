"""When records, classes or people change, what waits for a decision is evaluated anew.

Before they do, this floor says what that would reach.
"""

from django.db.models import TextField, Value
from django.db.models.functions import Concat

from apps.access.commands import PUBLISHING, REVOKING
from apps.access.events import (
    PolicyReplayStarted,
    RequestAmended,
    RequestReevaluated,
    RequestReopened,
    RequestSubmitted,
    RulebookPublished,
    TicketAskedAgain,
    TicketChecked,
    TicketSystemConnected,
    TicketSystemEnabled,
    VerdictGiven,
)
from apps.access.models import Grant
from apps.access.queries.publishing import access_under_policy, made_under_policy
from apps.access.queries.recalls import access_under_occurrence
from apps.access.queries.resting import (
    access_for_purpose,
    access_of_person,
    access_to_asset,
    deciders_for_project,
    made_for_purpose,
    the_grant,
)
from apps.access.tasks import (
    act_on_occurrence,
    ask_systems_about,
    go_on_after_lifting,
    go_on_on_version,
    go_on_with_model,
    look_for_people_again,
    look_for_people_of_request,
    reevaluate_all_open_requests,
    reevaluate_request_with_ticket,
    reevaluate_requests_after_check,
    reevaluate_requests_after_labels,
    reevaluate_requests_of_person,
    reevaluate_requests_of_project,
    reevaluate_requests_on_asset,
    reevaluate_requests_on_lineage,
    reevaluate_requests_on_purpose,
    reevaluate_requests_on_version,
    reevaluate_requests_with_tickets,
    reevaluate_under_rulebook,
    run_started_replay,
    suspend_grants_for_purpose,
    suspend_grants_of_person,
    withdraw_requests_of_person,
)
from apps.accounts.commands import JOINING, LEAVING
from apps.accounts.events import (
    AccountAdded,
    ConflictDeclared,
    ConflictEnded,
    DelegationCreated,
    DelegationEnded,
    MemberAdded,
    MembershipEnded,
    OrganizationChanged,
    PermissionGiven,
    PermissionTaken,
    PersonChanged,
    PersonDeparted,
    ProjectChanged,
    ProjectClosed,
    RoleAssigned,
    RoleEnded,
)
from apps.catalog.events import AssetRetired, InputsAdded
from apps.classification.commands import CLASSIFYING
from apps.classification.events import ColumnsClassified, HandlingChanged, LoweringConfirmed
from apps.compliance.commands import ENDING_PURPOSE, TAKING_EFFECT
from apps.compliance.events import (
    ActivityApproved,
    ActivityRetired,
    ClearanceChanged,
    ModelAssessed,
    OccurrenceExtended,
    OccurrenceLifted,
    OccurrenceTookEffect,
    OriginStated,
    PurposeApproved,
    PurposeForbidden,
    PurposePermitted,
    PurposeResumed,
    PurposeRetired,
    PurposeSuspended,
    PurposeWithdrawn,
    RecordApproved,
    RecordRetired,
    RecordStepTaken,
    RowsLeftOut,
)
from apps.compliance.facts.above import Above, let_records_name
from apps.kernel.contributions import contribute
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
from apps.lakes.events import LakeChanged

for about_a_version in (
    ColumnsClassified,
    LoweringConfirmed,
    PurposePermitted,
    PurposeForbidden,
    OriginStated,
):
    subscribe(about_a_version, reevaluate_requests_on_version)

for about_a_purpose in (
    PurposeApproved,
    PurposeRetired,
    PurposeSuspended,
    PurposeResumed,
    PurposeWithdrawn,
):
    subscribe(about_a_purpose, reevaluate_requests_on_purpose)

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
    subscribe(about_many, reevaluate_all_open_requests)

subscribe(RedactionChecked, reevaluate_requests_after_check)
for about_labels in (LabelsBrought, LabelSetReviewed):
    subscribe(about_labels, reevaluate_requests_after_labels)
subscribe(PurposeWithdrawn, suspend_grants_for_purpose)
subscribe(RulebookPublished, reevaluate_under_rulebook)
subscribe(PolicyReplayStarted, run_started_replay)
for about_people in (
    AccountAdded,
    ConflictDeclared,
    ConflictEnded,
    DelegationCreated,
    DelegationEnded,
    MemberAdded,
    MembershipEnded,
    PermissionGiven,
    PermissionTaken,
    PersonChanged,
    PersonDeparted,
    RoleAssigned,
    RoleEnded,
):
    subscribe(about_people, look_for_people_again)

subscribe(VerdictGiven, look_for_people_of_request)
subscribe(AssetRetired, reevaluate_requests_on_asset)
subscribe(InputsAdded, reevaluate_requests_on_lineage)
for about_a_project in (ProjectChanged, ProjectClosed, MemberAdded, MembershipEnded):
    subscribe(about_a_project, reevaluate_requests_of_project)
for about_a_person in (PersonChanged, PersonDeparted):
    subscribe(about_a_person, reevaluate_requests_of_person)

for about_a_leaver in (suspend_grants_of_person, withdraw_requests_of_person):
    subscribe(PersonDeparted, about_a_leaver)

for evaluated in (RequestSubmitted, RequestAmended, RequestReevaluated, RequestReopened, TicketAskedAgain):
    subscribe(evaluated, ask_systems_about)
subscribe(TicketChecked, reevaluate_request_with_ticket)
for asked_from_now in (TicketSystemConnected, TicketSystemEnabled):
    subscribe(asked_from_now, reevaluate_requests_with_tickets)

for reached in (OccurrenceTookEffect, OccurrenceExtended):
    subscribe(reached, act_on_occurrence)
subscribe(OccurrenceLifted, go_on_after_lifting)
subscribe(RowsLeftOut, go_on_on_version)
subscribe(ModelAssessed, go_on_with_model)

let_records_name(
    "grant",
    Above(
        table=Grant,
        organization="organization_id",
        name=Concat("person__name", Value(", "), "asset__name", output_field=TextField()),
    ),
)
contribute(TAKING_EFFECT, access_under_occurrence)
contribute(ENDING_PURPOSE, access_for_purpose)
contribute(ENDING_PURPOSE, made_for_purpose)
contribute(CLASSIFYING, access_to_asset)
contribute(LEAVING, access_of_person)
contribute(JOINING, deciders_for_project)
contribute(REVOKING, the_grant)
contribute(PUBLISHING, access_under_policy)
contribute(PUBLISHING, made_under_policy)
