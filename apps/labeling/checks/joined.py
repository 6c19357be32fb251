"""What is to be said of a set to which a file was added: what was found of people before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from apps.labeling.checks.terms import Finding, Outcome
from apps.policy.reason import Reason

OF_DAYS = frozenset({"L02", "L15"})
"""They ask on which days somebody labeled, which is kept nowhere."""
NOT_MET = {Outcome.FAILED.value, Outcome.UNMEASURED.value}


def stayed(
    before: Sequence[Mapping[str, Any]], found: Sequence[Finding], *, told_days: bool
) -> Iterator[Finding]:
    """What was found of people by days that nobody knows any more holds of their labels in every set."""
    codes = {each.reason.code for each in found}
    for each in before if told_days else ():
        said = each["reason"]
        if each["check"] in OF_DAYS and each["outcome"] in NOT_MET and said["code"] not in codes:
            reason = Reason(**{**said, "articles": tuple(said["articles"])})
            yield Finding(check=each["check"], outcome=Outcome(each["outcome"]), reason=reason)
