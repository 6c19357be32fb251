"""Which events are told to whom, and in which words: one registry, in which every event has its place."""

from apps.notifications.notices import (  # noqa: F401 - they enlist what they tell
    access,
    conditions,
    keeping,
    labeling,
    preparing,
    programs,
    reviewing,
)
from apps.notifications.notices.registry import NOTICES, PROGRAMS_ONLY, Telling, told_to_programs
from apps.notifications.notices.silent import SILENT
from apps.notifications.notices.wording import WORDINGS, Wording

__all__ = ["NOTICES", "PROGRAMS_ONLY", "SILENT", "WORDINGS", "Telling", "Wording", "told_to_programs"]
