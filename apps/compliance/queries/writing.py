"""What a record would lack, while somebody still writes it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from apps.compliance.facts.around import around_named, references, unknown_references
from apps.compliance.lifecycle.declaration import Kind
from apps.compliance.lifecycle.judging import Findings, judge
from apps.compliance.lifecycle.reading import read, written
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidInput


def findings_while_writing(actor: Actor, kind: Kind, content: Any, *, organization_id: int) -> Findings:
    """As they would be today. What the actor may not see is not looked at.

    One query a kind of thing that is named, and three more at most.
    """
    try:
        content = read(kind.content, written(content))
    except InvalidInput as fault:
        return Findings(faults=fault.reasons)
    named = list(references(content))
    hidden = unknown_references(named, organization_id, actor)
    seen = [each for each in named if each not in hidden]
    return judge(kind, content, around_named(seen, on=timezone.now().date()))
