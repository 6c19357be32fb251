from apps.access.lifecycle import GrantState, RequestState
from apps.access.models import GrantMode, SubjectKind
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
    why_not_decide,
)
from apps.access.queries.resting import grants_resting_on, requests_resting_on
from apps.access.queries.rulebooks import rulebooks_visible_to

__all__ = [
    "Answer",
    "GrantMode",
    "GrantState",
    "Preview",
    "PreviewStage",
    "RequestDetail",
    "RequestState",
    "SubjectKind",
    "answer",
    "asset_preview",
    "content_of",
    "current_decision",
    "current_rulebook",
    "detail_of",
    "draft_preview",
    "grants_resting_on",
    "grants_visible_to",
    "inbox_of",
    "open_stage",
    "preview",
    "requests_resting_on",
    "requests_visible_to",
    "rulebooks_visible_to",
    "versions_opened",
    "why_not_decide",
    "why_not_effective",
    "why_not_lawful",
]
