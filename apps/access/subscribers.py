"""When records, classes or people change, what waits for a decision is evaluated anew."""

from apps.access.tasks import (
    reevaluate_all_open_requests,
    reevaluate_requests_of_person,
    reevaluate_requests_on_asset,
    reevaluate_requests_on_purpose,
    reevaluate_requests_on_version,
    suspend_grants_for_purpose,
)
from apps.accounts.events import PersonChanged
from apps.catalog.events import AssetRetired
from apps.classification.events import ColumnsClassified, HandlingChanged, LoweringConfirmed
from apps.compliance.events import (
    ActivityApproved,
    ActivityRetired,
    ClearanceChanged,
    OriginStated,
    PurposeApproved,
    PurposeForbidden,
    PurposePermitted,
    PurposeResumed,
    PurposeRetired,
    PurposeSuspended,
    PurposeWithdrawn,
)
from apps.kernel.events import subscribe

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

for about_many in (ActivityApproved, ActivityRetired, ClearanceChanged, HandlingChanged):
    subscribe(about_many, reevaluate_all_open_requests)

subscribe(PurposeWithdrawn, suspend_grants_for_purpose)
subscribe(AssetRetired, reevaluate_requests_on_asset)
subscribe(PersonChanged, reevaluate_requests_of_person)
