"""One notice's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apps.notifications.models import NoticeKind


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Places: %(what)s the assets, %(who)s a person, and what the notice's facts hold.

    `place` is the page it leads to. What is critical is mailed at once, whatever was chosen.
    """

    kind: NoticeKind
    place: str
    mark: Any
    sentence: Any
    then: Any
    is_critical: bool = False
