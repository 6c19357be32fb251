from apps.compliance.commands.activities import (
    approve_activity,
    draft_activity,
    edit_activity,
    reassess_activity,
    reject_activity,
    retire_activity,
    return_activity,
    submit_activity,
)
from apps.compliance.commands.concepts import ConceptDraft, add_concept, deprecate_concept
from apps.compliance.commands.duties import assess_model, assign_duty, finish_duty, free_duty, leave_rows_out
from apps.compliance.commands.exports import Exported, export_register
from apps.compliance.commands.following import follow_record, occur
from apps.compliance.commands.importing import (
    bring_register,
    discard_import,
    import_register,
    map_columns,
)
from apps.compliance.commands.inheritance import inherit_permissions
from apps.compliance.commands.legal import (
    approve_record,
    draft_record,
    edit_record,
    reject_record,
    retire_record,
    return_record,
    submit_record,
)
from apps.compliance.commands.occurrences import (
    TAKING_EFFECT,
    OccurrenceDraft,
    discard_occurrence,
    draft_occurrence,
    extend_occurrence,
    impact_of_taking_effect,
    lift_occurrence,
    put_in_effect,
)
from apps.compliance.commands.origins import Origin, state_origin
from apps.compliance.commands.permissions import forbid_purpose, permit_purpose
from apps.compliance.commands.purposes import (
    approve_purpose,
    draft_purpose,
    edit_purpose,
    reject_purpose,
    retire_purpose,
    return_purpose,
    submit_purpose,
)
from apps.compliance.commands.reports import (
    ABOUT_THE_HOUSE,
    LISTINGS,
    REPORTS,
    export_listing,
    export_report,
)
from apps.compliance.commands.restoring import restore_register
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
    "ABOUT_THE_HOUSE",
    "ENDING_PURPOSE",
    "LISTINGS",
    "REPORTS",
    "TAKING_EFFECT",
    "ActivityContent",
    "ConceptDraft",
    "Exported",
    "OccurrenceDraft",
    "Origin",
    "Particulars",
    "PurposeContent",
    "Recipient",
    "Transfer",
    "add_concept",
    "approve_activity",
    "approve_purpose",
    "approve_record",
    "assess_model",
    "assign_duty",
    "bring_register",
    "deprecate_concept",
    "discard_import",
    "discard_occurrence",
    "draft_activity",
    "draft_occurrence",
    "draft_purpose",
    "draft_record",
    "edit_activity",
    "edit_purpose",
    "edit_record",
    "export_listing",
    "export_register",
    "export_report",
    "extend_occurrence",
    "finish_duty",
    "follow_record",
    "forbid_purpose",
    "free_duty",
    "impact_of_ending",
    "impact_of_taking_effect",
    "import_register",
    "inherit_permissions",
    "leave_rows_out",
    "lift_occurrence",
    "map_columns",
    "occur",
    "permit_purpose",
    "put_in_effect",
    "reassess_activity",
    "reject_activity",
    "reject_purpose",
    "reject_record",
    "restore_register",
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
