"""Six families of faults, each carrying reasons. Screens and API turn them into text, in one place each."""

from __future__ import annotations

from apps.policy.reason import Reason, Value, declare


class LakewardenError(Exception):
    """Any refusal of the house. `reasons` is never empty."""

    def __init__(self, *reasons: Reason) -> None:
        if not reasons:
            raise ValueError("A refusal says why.")
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons

    @property
    def code(self) -> str:
        return self.reasons[0].code


class InvalidInput(LakewardenError):
    """What was sent is malformed, or a field of it is wrong."""


class RuleBroken(InvalidInput):
    """Well formed, but a rule of the domain forbids it."""


class NotPermitted(LakewardenError):
    """Visible to the actor, but not theirs to do."""


class NotFound(LakewardenError):
    """Absent, or hidden from the actor: nobody can tell which."""


class InvalidState(LakewardenError):
    """The thing is not in a state in which this is possible."""


class Conflict(LakewardenError):
    """Something else already stands there."""


class StaleVersion(Conflict):
    """What the actor saw has changed since."""


class PreconditionMissing(Conflict):
    """The actor has to say what they saw, and did not."""


class ProviderFailure(LakewardenError):
    """An outside system failed; `is_transient` says whether trying again can help."""

    def __init__(self, *reasons: Reason, is_transient: bool) -> None:
        super().__init__(*reasons)
        self.is_transient = is_transient


NOT_FOUND = declare(
    "NOT_FOUND",
    "There is no %(kind)s with this id among those you may see.",
    "Check the id, or ask the data steward for access.",
)


def not_found(kind: str) -> NotFound:
    """The one answer for absent and hidden alike; it names the kind that was asked for and nothing else."""
    return NotFound(Reason(code=NOT_FOUND, facts={"kind": kind}))


def invalid(field: str, code: str, **facts: Value) -> InvalidInput:
    """A wrong field."""
    return InvalidInput(Reason(code=code, field=field, facts=facts))


def rule_broken(
    code: str, *, rule: str = "", articles: tuple[str, ...] = (), field: str = "", **facts: Value
) -> RuleBroken:
    """A rule of the domain that forbids what was asked."""
    return RuleBroken(Reason(code=code, rule=rule, articles=articles, field=field, facts=facts))


def invalid_state(code: str, **facts: Value) -> InvalidState:
    return InvalidState(Reason(code=code, facts=facts))


def conflict(code: str, **facts: Value) -> Conflict:
    return Conflict(Reason(code=code, facts=facts))
