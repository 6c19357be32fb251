"""What reviews have to show about access that was given."""

from __future__ import annotations

from uuid import UUID

from apps.kernel.contributions import Exhibit
from apps.reviews.models import ReviewItem


def reviews_shown(request_uid: UUID) -> Exhibit:
    """Whether the access was still needed, each time it was asked. One query."""
    items = ReviewItem.objects.filter(grant__revision__request__uid=request_uid)
    found = list(items.select_related("campaign", "grant", "answered_by").order_by("pk"))
    return Exhibit(
        name="reviews",
        told="Whether the access was still needed, each time it was asked.",
        rows=tuple(
            {
                "campaign": item.campaign.name,
                "grant": str(item.grant.uid),
                "state": item.state,
                "asked_at": item.created_at.isoformat(),
                "closed_at": item.closed_at.isoformat() if item.closed_at else None,
                "answered_by": item.answered_by.name if item.answered_by else None,
                "reason": item.reason,
            }
            for item in found
        ),
        subjects=frozenset(item.uid for item in found),
    )
