"""What can be wrong with the text of a policy set: the line, the rule, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.policy.house.text import Document, Place
from apps.policy.reason import Reason, Value, declare

POLICY_TEXT_UNREADABLE = declare(
    "POLICY_TEXT_UNREADABLE",
    "Line %(line)s cannot be read: %(problem)s.",
    "Correct the line; the format is YAML or JSON.",
)
POLICY_KEY_UNKNOWN = declare(
    "POLICY_KEY_UNKNOWN",
    "Line %(line)s%(of_rule)s: «%(name)s» is not known here.",
    "Remove it, or use one of: %(known)s.",
)
POLICY_KEY_MISSING = declare(
    "POLICY_KEY_MISSING",
    "Line %(line)s%(of_rule)s: «%(name)s» is missing.",
    "Add it: %(expected)s.",
)
POLICY_VALUE_WRONG = declare(
    "POLICY_VALUE_WRONG",
    "Line %(line)s%(of_rule)s: «%(name)s» has a value that may not stand there.",
    "Write %(expected)s.",
)
POLICY_RULE_TWICE = declare(
    "POLICY_RULE_TWICE",
    "Line %(line)s: the name %(name)s is taken by another rule, of this policy set or of the rulebook.",
    "Give the rule a name of its own.",
)
POLICY_FACT_UNKNOWN = declare(
    "POLICY_FACT_UNKNOWN",
    "Line %(line)s%(of_rule)s: there is no fact «%(name)s» to compare.",
    "Use one of: %(known)s.",
)
POLICY_WOULD_LOOSEN = declare(
    "POLICY_WOULD_LOOSEN",
    "Line %(line)s%(of_rule)s: with «%(name)s» the rule would no longer apply when more is asked for.",
    "Turn the comparison round: %(expected)s. Only a rule with auto_ok may ask for little.",
)
POLICY_WOULD_TIGHTEN = declare(
    "POLICY_WOULD_TIGHTEN",
    "Line %(line)s%(of_rule)s: with «%(name)s» more would be granted at once the more is asked for.",
    "Turn the comparison round: %(expected)s.",
)
POLICY_RULE_EMPTY = declare(
    "POLICY_RULE_EMPTY",
    "Line %(line)s%(of_rule)s: the rule adds nothing.",
    "Say after «then» what it adds: %(known)s.",
)
POLICY_AUTO_OK_ADDS = declare(
    "POLICY_AUTO_OK_ADDS",
    "Line %(line)s%(of_rule)s: a rule that grants at once cannot also add something.",
    "Make two rules of it.",
)
POLICY_CHECK_UNKNOWN = declare(
    "POLICY_CHECK_UNKNOWN",
    "Line %(line)s%(of_rule)s: the portal has no way to find by itself whether «%(named)s» is met.",
    "Use one of %(known)s, or write check: manual.",
)


class PolicySetRefused(ValueError):
    """The text is no policy set. `reasons` name every fault by line, rule and remedy."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(f"{reason.facts['line']}: {reason.code}" for reason in reasons))
        self.reasons = tuple(sorted(reasons, key=_line))


def _line(reason: Reason) -> int:
    line = reason.facts["line"]
    return line if isinstance(line, int) else 0


@dataclass(kw_only=True)
class Faults:
    """Collects what is wrong, each with the line it stands on."""

    document: Document
    is_stored: bool = False
    """Read again as it was published: what was allowed then is not refused now."""
    found: list[Reason] = field(default_factory=list)
    rule: str = ""

    def add(self, code: str, place: Place, **facts: Value) -> None:
        of_rule = f" ({self.rule})" if self.rule else ""
        name = str(place[-1]) if place else "text"
        line = self.document.line_of(place)
        stated: dict[str, Value] = {"line": line, "of_rule": of_rule, "name": name, **facts}
        self.found.append(Reason(code=code, rule=self.rule, field="text", facts=stated))

    def wrong(self, place: Place, expected: str) -> None:
        self.add(POLICY_VALUE_WRONG, place, expected=expected)
