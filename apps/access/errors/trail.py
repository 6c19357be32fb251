"""What can be wrong with a file of the trail."""

from apps.policy.reason import declare

TRAIL_TOO_LONG = declare(
    "TRAIL_TOO_LONG",
    "More than %(most)s entries fit, and a file holds no more than that.",
    "Choose a shorter time, and take several files.",
)
