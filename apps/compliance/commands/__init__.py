from apps.compliance.commands.activities import (
    approve_activity,
    draft_activity,
    edit_activity,
    reassess_activity,
    retire_activity,
    return_activity,
    submit_activity,
)
from apps.compliance.commands.inheritance import inherit_permissions
from apps.compliance.commands.legal import (
    approve_record,
    draft_record,
    edit_record,
    retire_record,
    return_record,
    submit_record,
)
from apps.compliance.commands.origins import Origin, state_origin
from apps.compliance.commands.permissions import forbid_purpose, permit_purpose
from apps.compliance.commands.purposes import (
    approve_purpose,
    draft_purpose,
    edit_purpose,
    retire_purpose,
    return_purpose,
    submit_purpose,
)
from apps.compliance.commands.reports import LISTINGS, REPORTS, export_listing, export_report
from apps.compliance.commands.standing import (
    ENDING_PURPOSE,
    impact_of_ending,
    resume_purpose,
    suspend_purpose,
    withdraw_purpose,
)
from apps.compliance.commands.steps import take_step
from apps.compliance.lifecycle import ActivityContent, PurposeContent, Recipient, Transfer
from apps.compliance.lifecycle.activity.particulars import Particulars

__all__ = [
    "ENDING_PURPOSE",
    "LISTINGS",
    "REPORTS",
    "ActivityContent",
    "Origin",
    "Particulars",
    "PurposeContent",
    "Recipient",
    "Transfer",
    "approve_activity",
    "approve_purpose",
    "approve_record",
    "draft_activity",
    "draft_purpose",
    "draft_record",
    "edit_activity",
    "edit_purpose",
    "edit_record",
    "export_listing",
    "export_report",
    "forbid_purpose",
    "impact_of_ending",
    "inherit_permissions",
    "permit_purpose",
    "reassess_activity",
    "resume_purpose",
    "retire_activity",
    "retire_purpose",
    "retire_record",
    "return_activity",
    "return_purpose",
    "return_record",
    "state_origin",
    "submit_activity",
    "submit_purpose",
    "submit_record",
    "suspend_purpose",
    "take_step",
    "withdraw_purpose",
]
