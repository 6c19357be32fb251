"""A grant that ends leaves nothing to review."""

from apps.access.events import GrantExpired, GrantGivenBack, GrantRevoked, GrantSuperseded
from apps.access.packs import SHOWING_EVIDENCE
from apps.kernel.contributions import testify
from apps.kernel.events import subscribe
from apps.reviews.queries import reviews_shown
from apps.reviews.tasks import end_reviews_of_grant

for ended in (GrantRevoked, GrantGivenBack, GrantExpired, GrantSuperseded):
    subscribe(ended, end_reviews_of_grant)
testify(SHOWING_EVIDENCE, reviews_shown)
