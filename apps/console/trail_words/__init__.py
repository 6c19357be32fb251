"""Events, attempts and fields of the trail in plain words; a test holds them against what is registered."""

from apps.console.trail_words.areas import AREAS
from apps.console.trail_words.attempts import ATTEMPTS
from apps.console.trail_words.events import EVENTS
from apps.console.trail_words.fields import FIELDS

__all__ = ["AREAS", "ATTEMPTS", "EVENTS", "FIELDS"]
