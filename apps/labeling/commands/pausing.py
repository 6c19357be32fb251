"""Pausing whoever labels unsteadily, which the portal does by itself, and lifting that, which people do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.kernel.actor import Actor
from apps.kernel.errors import NotPermitted, invalid, invalid_state
from apps.labeling import errors
from apps.labeling.events import AnnotatorPaused, AnnotatorPauseLifted
from apps.labeling.models import Annotator, AnnotatorPause, LabelSet
from apps.labeling.roster.keeping import newest_content, roster_resource
from apps.policy.reason import Reason

Findings = list[dict[str, Any]]
OF_OTHERS = frozenset({"upper", "needed", "limit"})
"""Facts of a finding that become others where somebody else answers more."""


@command(lock=LabelSet, queue="pauses of annotators")
def pause_unsteady(*, actor: Actor, label_set_id: UUID, at: datetime) -> tuple[AnnotatorPause, ...]:
    """Pause those on the roster whom L10 names in a set. What was lifted is not paused again for the same
    set, nor for what another set of the same data says in the same words; and nobody is, where names are
    not kept.

    Raises: NotFound, NotPermitted.
    """
    label_set = LabelSet.objects.select_related("version__asset", "policy__legal_record").one(label_set_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=asset_resource(label_set.version.asset))
    found = _named(label_set)
    policy = label_set.policy.legal_record
    rows = Annotator.objects.current().filter(policy=policy, code__in=found)
    return tuple(
        _paused(row, label_set, found[row.code], actor=actor, at=at)
        for row in rows.select_related("policy", "person").order_by("pk")
        if not _is_known(row, label_set, found[row.code])
    )


@command(lock=Annotator)
def lift_pause(*, actor: Actor, annotator_id: UUID, why: str, at: datetime) -> AnnotatorPause:
    """They may label again, such as after they were trained anew. Whoever is paused does not lift it.

    Raises: NotFound, NotPermitted, InvalidState (not paused), InvalidInput (no reason).
    """
    row = Annotator.objects.visible_to(actor).for_update(annotator_id, "policy__organization", "person")
    resource = roster_resource(actor, row.policy, newest_content(row.policy))
    authorize(actor=actor, operation=Operation.KEEP_ROSTER, resource=resource)
    if row.person_id is not None and row.person_id == actor.person_id:
        raise NotPermitted(Reason(code=errors.OWN_PAUSE, rule="L10", facts={"annotator": row.code}))
    pause = AnnotatorPause.objects.of(row).standing().order_by("pk").first()
    if pause is None:
        raise invalid_state(errors.NOT_PAUSED, annotator=row.code)
    if not why.strip():
        raise invalid("why", errors.LIFTED_WITHOUT_REASON)
    pause.lifted_at, pause.lifted_by_id, pause.why = at, actor.person_id, why
    pause.write("lifted_at", "lifted_by", "why")
    event = AnnotatorPauseLifted(
        annotator_id=row.uid, legal_record_id=row.policy.uid, code=pause.code, why=why
    )
    record(event, actor=actor, at=at)
    return pause


def _named(label_set: LabelSet) -> Mapping[str, Findings]:
    """What L10 says of whom; where names are not kept, it numbers people, and says nothing of anybody."""
    found: dict[str, Findings] = defaultdict(list)
    is_named = label_set.policy.said.are_raw_kept is True
    for each in label_set.findings if is_named else ():
        code = each["reason"]["facts"].get("annotator")
        if each["check"] == "L10" and each["outcome"] == "noted" and code:
            found[str(code)].append(each["reason"])
    return found


def _is_known(row: Annotator, label_set: LabelSet, found: Findings) -> bool:
    """An export that grows tells of the same answers again."""
    pauses = list(AnnotatorPause.objects.of(row).select_related("label_set"))
    if any(pause.lifted_at is None or pause.label_set_id == label_set.pk for pause in pauses):
        return True
    same = [pause for pause in pauses if pause.label_set.version_id == label_set.version_id]
    told = [_own(reason) for pause in same for reason in pause.findings]
    return all(_own(reason) in told for reason in found)


def _own(reason: Mapping[str, Any]) -> Mapping[str, Any]:
    """What it says of the annotator alone."""
    facts = {name: value for name, value in reason["facts"].items() if name not in OF_OTHERS}
    return {"code": reason["code"], "facts": facts}


def _paused(
    row: Annotator, label_set: LabelSet, found: Findings, *, actor: Actor, at: datetime
) -> AnnotatorPause:
    made = AnnotatorPause.objects.create(
        policy=row.policy, code=row.code, annotator=row, label_set=label_set, findings=found, created_at=at
    )
    event = AnnotatorPaused(
        annotator_id=row.uid,
        legal_record_id=row.policy.uid,
        label_set_id=label_set.uid,
        code=row.code,
        codes=tuple(str(reason["code"]) for reason in found),
    )
    record(event, actor=actor, at=at)
    return made
