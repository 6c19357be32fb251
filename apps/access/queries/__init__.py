from apps.access.drafts import own_projects
from apps.access.files import LARGEST
from apps.access.lifecycle import GrantState, PolicySetState, RequestState
from apps.access.models import (
    CommentAudience,
    CommentKind,
    GlassVerdict,
    GrantMode,
    LabelingPart,
    RejectionCode,
    SubjectKind,
    Turn,
)
from apps.access.packs.listing import TrailFormat
from apps.access.queries.activity import Activity, activity_of
from apps.access.queries.agreements import (
    AgreementNeed,
    acceptances_of,
    agreements_needed,
    agreements_on_assets,
    agreements_visible_to,
    demand_keeper,
    demand_keepers,
    may_keep_agreement,
    may_keep_agreements,
    missing_agreements,
    missing_for,
)
from apps.access.queries.assets import (
    AssetSheet,
    NeedsSheet,
    asset_sheet,
    in_use,
    kept_asset,
    needs_sheet,
)
from apps.access.queries.attachments import attachments_of, bytes_of
from apps.access.queries.background import Background, background_of
from apps.access.queries.came import Came, ItemOutcome
from apps.access.queries.comments import (
    Talk,
    audiences_of,
    comments_of,
    comments_on,
    open_questions,
    talk_about,
)
from apps.access.queries.conditions import (
    conditions_asked,
    conditions_due,
    conditions_of_grant,
    conditions_of_request,
    conditions_on,
    conditions_visible_to,
    confirmations_of,
    confirmations_on,
    may_confirm,
)
from apps.access.queries.coverage import Coverage, Gap, coverage_of
from apps.access.queries.details import RequestDetail, detail_of
from apps.access.queries.evaluation import Answer, answer, current_rulebook
from apps.access.queries.evidence import demand_exporter, evidence_keys, is_decided, may_export
from apps.access.queries.explanations import Explanation, explanation_of
from apps.access.queries.figures import (
    ClassFigure,
    Turnaround,
    WeekFigure,
    access_by_class,
    grants_ending,
    turnaround,
)
from apps.access.queries.glass import glass_to_review, glass_visible_to, own_open_glass
from apps.access.queries.grants import (
    grants_held_by,
    grants_visible_to,
    version_in_use,
    versions_opened,
    why_not_effective,
    why_not_lawful,
    why_not_usable,
    why_nothing_opened,
)
from apps.access.queries.hits import Hit, hits_of, own_grants, own_requests
from apps.access.queries.inbox import (
    RISKIEST_FIRST,
    Waiting,
    inbox_of,
    only_blocked,
    waiting_of,
    without_blocked,
)
from apps.access.queries.independence import (
    without_concealed,
)
from apps.access.queries.outcomes import AssetOutcome
from apps.access.queries.paths import Way, WayOffered
from apps.access.queries.policy_sets import (
    Compared,
    Lint,
    compared,
    lint,
    may_write_policy,
    policy_set_in_force,
    policy_sets_to_publish,
    policy_sets_visible_to,
    rules_in,
)
from apps.access.queries.pools import WantedVerdict, wanted_verdict
from apps.access.queries.previews import (
    Preview,
    PreviewStage,
    asset_preview,
    draft_preview,
    preview,
    version_preview,
)
from apps.access.queries.recalls import Recipient, recalls_asked_of, recalls_visible_to, recipients_of
from apps.access.queries.replays import replays_visible_to
from apps.access.queries.requests import (
    content_of,
    current_decision,
    look_up_assets,
    open_stage,
    requests_visible_to,
)
from apps.access.queries.resting import grants_resting_on, requests_resting_on
from apps.access.queries.resuming import INTERESTED_IN_GRANT, why_not_resumed_by
from apps.access.queries.revisions import (
    Changes,
    FieldChange,
    changes_between,
    changes_since,
    revision_read,
)
from apps.access.queries.rulebooks import rulebooks_visible_to
from apps.access.queries.seats import interests_of
from apps.access.queries.tickets import (
    demand_ticket_manager,
    may_manage_ticket_systems,
    ticket_checks_of,
    ticket_checks_on,
    ticket_systems_visible_to,
)
from apps.access.queries.together import (
    are_alike,
    waiting_together,
)
from apps.access.queries.trail import TrailWanted, trail_wanted
from apps.policy.vocabulary import TicketStanding

__all__ = [
    "INTERESTED_IN_GRANT",
    "LARGEST",
    "RISKIEST_FIRST",
    "Activity",
    "AgreementNeed",
    "Answer",
    "AssetOutcome",
    "AssetSheet",
    "Background",
    "Came",
    "Changes",
    "ClassFigure",
    "CommentAudience",
    "CommentKind",
    "Compared",
    "Coverage",
    "Explanation",
    "FieldChange",
    "Gap",
    "GlassVerdict",
    "GrantMode",
    "GrantState",
    "Hit",
    "ItemOutcome",
    "LabelingPart",
    "Lint",
    "NeedsSheet",
    "PolicySetState",
    "Preview",
    "PreviewStage",
    "Recipient",
    "RejectionCode",
    "RequestDetail",
    "RequestState",
    "SubjectKind",
    "Talk",
    "TicketStanding",
    "TrailFormat",
    "TrailWanted",
    "Turn",
    "Turnaround",
    "Waiting",
    "WantedVerdict",
    "Way",
    "WayOffered",
    "WeekFigure",
    "acceptances_of",
    "access_by_class",
    "activity_of",
    "agreements_needed",
    "agreements_on_assets",
    "agreements_visible_to",
    "answer",
    "are_alike",
    "asset_preview",
    "asset_sheet",
    "attachments_of",
    "audiences_of",
    "background_of",
    "bytes_of",
    "changes_between",
    "changes_since",
    "comments_of",
    "comments_on",
    "compared",
    "conditions_asked",
    "conditions_due",
    "conditions_of_grant",
    "conditions_of_request",
    "conditions_on",
    "conditions_visible_to",
    "confirmations_of",
    "confirmations_on",
    "content_of",
    "coverage_of",
    "current_decision",
    "current_rulebook",
    "demand_exporter",
    "demand_keeper",
    "demand_keepers",
    "demand_ticket_manager",
    "detail_of",
    "draft_preview",
    "evidence_keys",
    "explanation_of",
    "glass_to_review",
    "glass_visible_to",
    "grants_ending",
    "grants_held_by",
    "grants_resting_on",
    "grants_visible_to",
    "hits_of",
    "in_use",
    "inbox_of",
    "interests_of",
    "is_decided",
    "kept_asset",
    "lint",
    "look_up_assets",
    "may_confirm",
    "may_export",
    "may_keep_agreement",
    "may_keep_agreements",
    "may_manage_ticket_systems",
    "may_write_policy",
    "missing_agreements",
    "missing_for",
    "needs_sheet",
    "only_blocked",
    "open_questions",
    "open_stage",
    "own_grants",
    "own_open_glass",
    "own_projects",
    "own_requests",
    "policy_set_in_force",
    "policy_sets_to_publish",
    "policy_sets_visible_to",
    "preview",
    "recalls_asked_of",
    "recalls_visible_to",
    "recipients_of",
    "replays_visible_to",
    "requests_resting_on",
    "requests_visible_to",
    "revision_read",
    "rulebooks_visible_to",
    "rules_in",
    "talk_about",
    "ticket_checks_of",
    "ticket_checks_on",
    "ticket_systems_visible_to",
    "trail_wanted",
    "turnaround",
    "version_in_use",
    "version_preview",
    "versions_opened",
    "waiting_of",
    "waiting_together",
    "wanted_verdict",
    "why_not_effective",
    "why_not_lawful",
    "why_not_resumed_by",
    "why_not_usable",
    "why_nothing_opened",
    "without_blocked",
    "without_concealed",
]
