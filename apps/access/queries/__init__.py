from apps.access.queries.evaluation import Answer, answer, current_rulebook
from apps.access.queries.grants import grants_visible_to, versions_opened, why_not_effective
from apps.access.queries.requests import (
    Preview,
    PreviewStage,
    current_decision,
    inbox_of,
    open_stage,
    preview,
    requests_visible_to,
    why_not_decide,
)

__all__ = [
    "Answer",
    "Preview",
    "PreviewStage",
    "answer",
    "current_decision",
    "current_rulebook",
    "grants_visible_to",
    "inbox_of",
    "open_stage",
    "preview",
    "requests_visible_to",
    "versions_opened",
    "why_not_decide",
    "why_not_effective",
]
