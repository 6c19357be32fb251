from apps.reviews.commands.answers import (
    MOST_ANSWERS,
    Given,
    Outcome,
    answer_reviews,
    keep_access,
    remove_access,
    shown_list,
)
from apps.reviews.commands.campaigns import (
    CampaignDraft,
    campaign_outlook,
    change_campaign,
    discard_campaign,
    draft_campaign,
    open_campaign,
)
from apps.reviews.commands.keeping import (
    ask_others,
    close_campaign,
    end_review,
    remind_campaign,
    settle_review,
)
from apps.reviews.facts import Silence

__all__ = [
    "MOST_ANSWERS",
    "CampaignDraft",
    "Given",
    "Outcome",
    "Silence",
    "answer_reviews",
    "ask_others",
    "campaign_outlook",
    "change_campaign",
    "close_campaign",
    "discard_campaign",
    "draft_campaign",
    "end_review",
    "keep_access",
    "open_campaign",
    "remind_campaign",
    "remove_access",
    "settle_review",
    "shown_list",
]
