from apps.access.lifecycle import GrantState, RequestState
from apps.access.models import GrantMode, SubjectKind
from apps.access.queries.assets import (
    AssetSheet,
    NeedsSheet,
    asset_sheet,
    in_use,
    kept_asset,
    needs_sheet,
)
from apps.access.queries.background import Background, background_of
from apps.access.queries.conditions import (
    conditions_asked,
    conditions_of_grant,
    conditions_of_request,
    conditions_on,
    conditions_visible_to,
    may_confirm,
)
from apps.access.queries.details import RequestDetail, detail_of
from apps.access.queries.evaluation import Answer, answer, current_rulebook
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
    grants_visible_to,
    versions_opened,
    why_not_effective,
    why_not_lawful,
)
from apps.access.queries.hits import Hit, hits_of, own_grants, own_requests
from apps.access.queries.inbox import RISKIEST_FIRST, Waiting, waiting_of
from apps.access.queries.requests import (
    Preview,
    PreviewStage,
    asset_preview,
    content_of,
    current_decision,
    draft_preview,
    inbox_of,
    open_stage,
    preview,
    requests_visible_to,
    version_preview,
    why_not_decide,
)
from apps.access.queries.resting import grants_resting_on, requests_resting_on
from apps.access.queries.rulebooks import rulebooks_visible_to

__all__ = [
    "RISKIEST_FIRST",
    "Answer",
    "AssetSheet",
    "Background",
    "ClassFigure",
    "GrantMode",
    "GrantState",
    "Hit",
    "NeedsSheet",
    "Preview",
    "PreviewStage",
    "RequestDetail",
    "RequestState",
    "SubjectKind",
    "Turnaround",
    "Waiting",
    "WeekFigure",
    "access_by_class",
    "answer",
    "asset_preview",
    "asset_sheet",
    "background_of",
    "conditions_asked",
    "conditions_of_grant",
    "conditions_of_request",
    "conditions_on",
    "conditions_visible_to",
    "content_of",
    "current_decision",
    "current_rulebook",
    "detail_of",
    "draft_preview",
    "glass_to_review",
    "glass_visible_to",
    "grants_ending",
    "grants_resting_on",
    "grants_visible_to",
    "hits_of",
    "in_use",
    "inbox_of",
    "kept_asset",
    "may_confirm",
    "needs_sheet",
    "open_stage",
    "own_grants",
    "own_open_glass",
    "own_requests",
    "preview",
    "requests_resting_on",
    "requests_visible_to",
    "rulebooks_visible_to",
    "turnaround",
    "version_preview",
    "versions_opened",
    "waiting_of",
    "why_not_decide",
    "why_not_effective",
    "why_not_lawful",
]
