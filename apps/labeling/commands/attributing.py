"""What is said of a file of labels beside its bytes: who labeled it, whether it is gold, what it joins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, rule_broken
from apps.labeling import errors
from apps.labeling.checks.settling import BY_OTHERS, OWN
from apps.labeling.commands.kept import annotations_of, undated_answers, unlabeled_in
from apps.labeling.imports.addresses import Pseudonyms
from apps.labeling.imports.attribution import SOMEBODY, SaidOfFile, who_is_meant
from apps.labeling.imports.joining import Earlier
from apps.labeling.models import LabelImport, LabelSet, NamesForgotten
from apps.labeling.queries import PolicyInForce
from apps.labeling.roster.facts import people_in_exports

if TYPE_CHECKING:
    from apps.labeling.commands.bringing import Ground

LONGEST_NAME = 254
"""Of whoever labeled: an address may be so long."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """`of_file`, and the earlier set that the file is added to. `are_named`: it is kept who labeled."""

    of_file: SaidOfFile
    together_with: LabelSet | None = None
    are_named: bool = True

    def same_set(self) -> Q:
        """Label sets of which the same is said: two people who agree in everything export the same bytes. Who
        is no number and not on the roster is one like the other, and so are all where it is not kept."""
        who = self.of_file.labeled_by
        is_anybody = who == SOMEBODY or (who and not self.are_named)
        named = Q(labeled_by__startswith=SOMEBODY[:-1]) if is_anybody else Q(labeled_by=who)
        return self._about & named

    def same_import(self) -> Q:
        """The same of files that are being read."""
        return self._about & Q(labeled_by=self.of_file.labeled_by)

    @property
    def _about(self) -> Q:
        of_file = self.of_file
        return Q(
            is_gold=of_file.is_gold,
            all_items_seen=of_file.all_items_seen,
            together_with=self.together_with,
        )

    def kept_as(self, who: str) -> str:
        """What is kept of whoever is said to have labeled: nothing where nobody said so."""
        if not self.of_file.labeled_by:
            return ""
        return who if self.are_named else SOMEBODY

    def columns(self) -> dict[str, Any]:
        return {
            "labeled_by": self.of_file.labeled_by,
            "is_gold": self.of_file.is_gold,
            "all_items_seen": self.of_file.all_items_seen,
            "together_with": self.together_with,
        }


def said_of(
    ground: Ground,
    *,
    actor: Actor,
    labeled_by: str,
    is_gold: bool,
    all_items_seen: bool,
    together_with: UUID | None,
) -> Said:
    """Raises: NotFound (the earlier set), InvalidInput, RuleBroken (one that nothing can be added to)."""
    named = labeled_by.strip()
    if len(named) > LONGEST_NAME:
        raise invalid("labeled_by", errors.LABELED_BY_LONG, longest=LONGEST_NAME)
    if all_items_seen and not named and not is_gold:
        raise invalid("labeled_by", errors.SEEN_BY_NOBODY)
    earlier = _earlier(ground, actor, together_with) if together_with is not None else None
    return Said(
        of_file=SaidOfFile(
            labeled_by=who_is_meant(named, people_in_exports(ground.policy)),
            is_gold=is_gold,
            all_items_seen=all_items_seen,
        ),
        together_with=earlier,
        are_named=ground.policy.content.are_raw_kept is True,
    )


def said_before(ground: Ground, made: LabelImport) -> Said:
    """Of a file that is being read. What it joins is looked at once more.  Raises: RuleBroken."""
    if made.together_with is not None:
        refuse_unjoinable(ground, made.together_with)
    return Said(
        of_file=SaidOfFile(
            labeled_by=made.labeled_by, is_gold=made.is_gold, all_items_seen=made.all_items_seen
        ),
        together_with=made.together_with,
        are_named=ground.policy.content.are_raw_kept is True,
    )


def _earlier(ground: Ground, actor: Actor, uid: UUID) -> LabelSet:
    found: LabelSet = LabelSet.objects.visible_to(actor).select_related("policy__legal_record").one(uid)
    refuse_unjoinable(ground, found)
    return found


def refuse_unjoinable(ground: Ground, earlier: LabelSet) -> None:
    """Raises: RuleBroken."""
    if earlier.version_id != ground.version.pk:
        raise rule_broken(errors.JOINED_OTHER_DATA, field="together_with")
    if earlier.policy_id != ground.policy.version_id:
        raise rule_broken(errors.JOINED_OTHER_POLICY, field="together_with", ref=ground.policy.ref)
    if ground.policy.content.are_raw_kept is not True or _is_forgotten(earlier):
        raise rule_broken(errors.JOINED_NAMELESS, field="together_with", ref=ground.policy.ref)
    told = (each["reason"] for each in earlier.findings if each["reason"]["code"] in {BY_OTHERS, OWN})
    settled = max((int(reason["facts"]["settled"]) for reason in told), default=0)
    if settled > earlier.labels.filter(is_settled=True).values("item").distinct().count():
        raise rule_broken(errors.JOINED_REVIEWED, field="together_with")


def _is_forgotten(label_set: LabelSet) -> bool:
    return NamesForgotten.objects.filter(label_set=label_set).exists()


def refuse_both(said: Said, sha256: str) -> None:
    """Nobody is held against gold that is their own file.  Raises: RuleBroken."""
    for each in chain_of(said.together_with):
        if each.file_sha256 == sha256 and each.is_gold != said.of_file.is_gold:
            raise rule_broken(errors.GOLD_AND_ANSWERS, field="is_gold", number=each.number)


def chain_of(label_set: LabelSet | None) -> list[LabelSet]:
    """The set, the one that it was added to, and so on; the newest first."""
    found: list[LabelSet] = []
    while label_set is not None:
        found.append(label_set)
        label_set = label_set.together_with
    return found


def earlier_of(said: Said) -> Earlier | None:
    """What the earlier set holds now, without what was erased."""
    of_set = said.together_with
    if of_set is None:
        return None
    annotations = annotations_of(of_set)
    first, begun = (of_set.figures.get(name) for name in ("first_day", "begun_on"))
    return Earlier(
        annotations=annotations,
        rows=len(annotations),
        unlabeled=unlabeled_in(of_set, {each.item for each in annotations}),
        left_out=of_set.figures.get("left_out", of_set.left_out),
        first=date.fromisoformat(first) if first else of_set.created_at.date(),
        undated=undated_answers(of_set),
        begun=date.fromisoformat(begun) if begun else None,
    )


def pseudonyms_for(policy: PolicyInForce, earlier: Earlier | None) -> Pseudonyms | Mapping[str, str]:
    """Numbers that stand for somebody in the earlier set stand for nobody else in the next file."""
    known = people_in_exports(policy)
    if earlier is None:
        return known
    return Pseudonyms(known, addresses=earlier.tokens, people=earlier.people)
