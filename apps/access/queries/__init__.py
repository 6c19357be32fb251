from apps.access.lifecycle import GrantState, RequestState
from apps.access.models import GrantMode, SubjectKind
from apps.access.queries.background import Background, background_of
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
from apps.access.queries.grants import (
    grants_visible_to,
    versions_opened,
    why_not_effective,
    why_not_lawful,
)
from apps.access.queries.hits import Hit, hits_of, own_grants, own_open_requests
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
    why_not_decide,
)
from apps.access.queries.rulebooks import rulebooks_visible_to

__all__ = [
    "RISKIEST_FIRST",
    "Answer",
    "Background",
    "ClassFigure",
    "GrantMode",
    "GrantState",
    "Hit",
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
    "background_of",
    "content_of",
    "current_decision",
    "current_rulebook",
    "detail_of",
    "draft_preview",
    "grants_ending",
    "grants_visible_to",
    "hits_of",
    "inbox_of",
    "open_stage",
    "own_grants",
    "own_open_requests",
    "preview",
    "requests_visible_to",
    "rulebooks_visible_to",
    "turnaround",
    "versions_opened",
    "waiting_of",
    "why_not_decide",
    "why_not_effective",
    "why_not_lawful",
]
