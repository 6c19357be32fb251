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
from apps.access.queries.details import RequestDetail, detail_of
from apps.access.queries.evaluation import Answer, answer, current_rulebook
from apps.access.queries.grants import (
    grants_visible_to,
    versions_opened,
    why_not_effective,
    why_not_lawful,
)
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
from apps.access.queries.rulebooks import rulebooks_visible_to

__all__ = [
    "Answer",
    "AssetSheet",
    "GrantMode",
    "GrantState",
    "NeedsSheet",
    "Preview",
    "PreviewStage",
    "RequestDetail",
    "RequestState",
    "SubjectKind",
    "answer",
    "asset_preview",
    "asset_sheet",
    "content_of",
    "current_decision",
    "current_rulebook",
    "detail_of",
    "draft_preview",
    "grants_visible_to",
    "in_use",
    "inbox_of",
    "kept_asset",
    "needs_sheet",
    "open_stage",
    "preview",
    "requests_visible_to",
    "rulebooks_visible_to",
    "version_preview",
    "versions_opened",
    "why_not_decide",
    "why_not_effective",
    "why_not_lawful",
]
