"""Whether what is stored still fits together, looked at when a pack is made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.access.facts import revision_sha256
from apps.access.models import Decision, Verdict
from apps.access.packs.trail import Extract
from apps.compliance.queries.behind import Behind
from apps.policy.engine import decide
from apps.policy.facts import RequestFacts
from apps.policy.rulebook import Rulebook
from apps.policy.snapshot import canonical_bytes, sha256_of


@dataclass(frozen=True, kw_only=True)
class Checked:
    """`detail` names what does not fit; empty where all does."""

    code: str
    says: Any
    detail: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.detail


def checks_of(
    decision: Decision, verdicts: Iterable[Verdict], records: Iterable[Behind], extract: Extract
) -> tuple[Checked, ...]:
    revision = decision.revision
    given = list(verdicts)
    tests: tuple[tuple[str, Any, Iterable[str]], ...] = (
        (
            "request",
            _("The request is the one that was sent: its content has the hash it was frozen under."),
            _differing(revision_sha256(revision), revision.sha256),
        ),
        (
            "facts",
            _("The facts are those that policy saw."),
            _differing(sha256_of(decision.facts), decision.facts_sha256),
        ),
        (
            "rulebook",
            _("The rules are those that were published."),
            _differing(sha256_of(decision.rulebook.document), decision.rulebook.sha256),
        ),
        (
            "replay",
            _("The rules, asked again with the facts, give the stored answer byte for byte."),
            _replayed(decision),
        ),
        (
            "verdicts",
            _("Every verdict names exactly this revision and this evaluation."),
            [str(each.uid) for each in given if each.revision_sha256 != revision.sha256],
        ),
        (
            "records",
            _("The records are those that were signed off."),
            [each.ref for each in records if not _is_signed(each)],
        ),
        (
            "trail",
            _("The texts that entries of the trail commit to are the recorded ones."),
            [str(uid) for uid in extract.broken],
        ),
    )
    return tuple(Checked(code=code, says=says, detail=tuple(detail)) for code, says, detail in tests)


def _differing(found: str, stated: str) -> tuple[str, ...]:
    return () if found == stated else (f"{found} is not {stated}",)


def _replayed(decision: Decision) -> tuple[str, ...]:
    facts = RequestFacts.from_json(decision.facts)
    again = decide(facts, Rulebook.from_dict(decision.rulebook.document))
    return () if again.as_bytes() == canonical_bytes(decision.trace) else (f"{again.effect.value} now",)


def _is_signed(record: Behind) -> bool:
    return record.signed_sha256 in {"", hashlib.sha256(record.content).hexdigest()}
