"""Why: the rule, the law, the fact and the remedy, as data.

A reason names its text by a stable code; the sentence and the remedy of a code are declared once, beside
the rule or the error that uses them, and turned into the reader's language on the upper floors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Value = str | int | bool | None | tuple["Value", ...]


@dataclass(frozen=True, kw_only=True)
class Text:
    """The wording of a reason code; `%(name)s` places stand for the reason's facts."""

    sentence: str
    remedy: str
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    """Of facts that hold codes, the English word of each code."""


_TEXTS: dict[str, Text] = {}


def worded(**words: str) -> Mapping[str, str]:
    """The English word of each code of a closed list, to be translated like all other texts."""
    return MappingProxyType(words)


def declare(code: str, sentence: str, remedy: str, **words: Mapping[str, str]) -> str:
    """Give a reason code its English wording; returns the code. `words`: by fact, those of its codes.

    Raises: ValueError where another wording is already declared for the code.
    """
    text = Text(sentence=sentence, remedy=remedy, words=words)
    if _TEXTS.setdefault(code, text) != text:
        raise ValueError(f"The reason code {code} already has another wording.")
    return code


def text_of(code: str) -> Text:
    """The English wording of a declared code.  Raises: KeyError."""
    return _TEXTS[code]


def declared_codes() -> frozenset[str]:
    return frozenset(_TEXTS)


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One finding: `code` is stable, `rule` is the rule's id, `articles` the law it rests on.

    `facts` holds the values the finding used, `field` the input it is about (empty: the whole).
    """

    code: str
    rule: str = ""
    articles: tuple[str, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict, hash=False)
    field: str = ""

    def __post_init__(self) -> None:
        if self.code not in _TEXTS:
            raise ValueError(f"The reason code {self.code} has no declared wording.")
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def as_json(self) -> dict[str, object]:
        """Canonical parts, in a fixed order; the texts are not among them, for they are translated."""
        return {
            "code": self.code,
            "rule": self.rule,
            "articles": list(self.articles),
            "facts": dict(sorted(self.facts.items())),
            "field": self.field,
        }
