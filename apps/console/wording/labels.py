"""Words for labels, and how good they are."""

from __future__ import annotations

from apps.console.wording.words import Word
from apps.labeling.rendering import words

_LOOKS = {
    "release": ("success", "check"),
    "research_only": ("warning", "alert"),
    "blocked": ("danger", "cross"),
    "failed": ("danger", "cross"),
    "unmeasured": ("danger", "question"),
    "noted": ("warning", "alert"),
    "passed": ("success", "check"),
}


def _words(texts: dict[str, object]) -> dict[str, Word]:
    return {
        code: Word(text=text, tone=tone, icon=icon)
        for code, text in texts.items()
        for tone, icon in (_LOOKS[code],)
    }


LABEL_VERDICTS = _words({each.value: text for each, text in words.VERDICTS.items()})
CHECK_OUTCOMES = _words({each.value: text for each, text in words.OUTCOMES.items()})
COEFFICIENTS = {each.value: text for each, text in words.COEFFICIENTS.items()}
