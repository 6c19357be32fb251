from apps.reviews.lifecycle import Answer, CampaignState, ItemState, NoAnswer, Pool
from apps.reviews.queries.campaigns import (
    ClassCount,
    Outlook,
    campaigns_visible_to,
    counts_of,
    outlook_of,
    people_asked,
    scope_of,
)
from apps.reviews.queries.items import (
    SOONEST_FIRST,
    Review,
    items_visible_to,
    list_digest,
    waiting_for,
    why_not_answer,
    with_evidence,
)
from apps.reviews.queries.reviewers import reviewers_of
from apps.reviews.queries.scope import Scope, grants_in
from apps.reviews.queries.shown import reviews_shown

__all__ = [
    "SOONEST_FIRST",
    "Answer",
    "CampaignState",
    "ClassCount",
    "ItemState",
    "NoAnswer",
    "Outlook",
    "Pool",
    "Review",
    "Scope",
    "campaigns_visible_to",
    "counts_of",
    "grants_in",
    "items_visible_to",
    "list_digest",
    "outlook_of",
    "people_asked",
    "reviewers_of",
    "reviews_shown",
    "scope_of",
    "waiting_for",
    "why_not_answer",
    "with_evidence",
]
