"""What records say around the labels of a file: its items, their redaction, what was erased, who labels."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from apps.labeling.checks.renewal import GoldAge
from apps.labeling.checks.settling import SettledFacts
from apps.labeling.checks.twins import Alike
from apps.labeling.imports.worked import Work
from apps.labeling.measures.proportions import wilson
from apps.labeling.roster.standing import Demands, Listed

Groups = tuple[tuple[str, str], ...]
"""Name of a grouping and the group, as (("site", "a"), ("sex", "f"))."""


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """The list of the version's items with their groups. Empty where none was brought.

    `in_splits`, `hashed` and `of_subjects` count the items of which it says the split, the hash, the person;
    `splits` are so many.
    `hashes_across` and `subjects_across` count the hashes and people that stand in several splits, with lines
    of the list as `examples`: names of items would stay where items are erased.
    """

    groups: Mapping[str, Groups] = field(default_factory=dict)
    in_splits: int = 0
    splits: int = 0
    hashed: int = 0
    of_subjects: int = 0
    hashes_across: int = 0
    subjects_across: int = 0
    examples: tuple[int, ...] = ()

    @property
    def known(self) -> Collection[str] | None:
        """The names of the items; `None` where nobody said which there are."""
        return self.groups.keys() or None

    @property
    def has_groups(self) -> bool:
        return any(self.groups.values())


@dataclass(frozen=True, kw_only=True)
class RedactionFacts:
    """The newest check of what names people, and those before it; `at` is `None` where there was none."""

    seeds: int = 0
    seeds_found: int = 0
    audited: int = 0
    direct_identifiers: int = 0
    at: datetime | None = None
    earlier: tuple[RedactionFacts, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WhenFacts:
    """When it was labeled: from the `first` day that an export tells, and no later than it was `brought`.
    `undated` answers say no day; none of them is older than `begun`, where that is known."""

    first: date | None = None
    undated: int = 0
    begun: date | None = None
    brought: datetime | None = None
    work: Work = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ErasureFacts:
    """Erasures of items of the version: `late` were done after their time; `open` counts occurrences that
    asked for one in vain for a day; `present` the erased items that are in the set."""

    present: int = 0
    erasures: int = 0
    late: int = 0
    open: int = 0


@dataclass(frozen=True, kw_only=True)
class CitedFacts:
    """The version of the policy that labels cite, and the guideline that it names. Since `since` this
    guideline and these labels hold, by whatever version; `has_earlier`: others held before, for these data.
    `by` is the number of the version that they are measured by, and `changed` what that says otherwise of
    what labels rest on."""

    ref: str
    number: int
    guideline_version: str
    guideline_sha256: str
    since: date | None = None
    has_earlier: bool = False
    by: int = 0
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RosterFacts:
    """Who may label under the policy, all rows that ever stood there; labels of this version of it were given
    between the two days."""

    rows: tuple[Listed, ...]
    demands: Demands
    since: date
    on: date


Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Of what was said of whole items, or of regions: the share of each label among the answers. Answers to
    one item are not independent, so their bounds are those of so many items."""

    is_of_regions: bool
    items: int
    by_label: Mapping[str, float]

    def bounds(self, label: str) -> Bounds:
        return wilson(self.by_label.get(label, 0.0), self.items) if self.items else (None, None)


@dataclass(frozen=True, kw_only=True)
class BeforeFacts:
    """What the set before measured under the same policy: agreement and gold by their bounds, the
    coefficient, and of how many items what share of the answers each label had."""

    number: int
    agreement: Bounds
    gold: Bounds
    classes: tuple[Shares, ...] = ()
    coefficient: str = ""


@dataclass(frozen=True, kw_only=True)
class Around:
    """`None` is what nobody looked up, as for a file alone: the checks that need it say nothing then."""

    items: ItemFacts | None = None
    redaction: RedactionFacts | None = None
    erasures: ErasureFacts | None = None
    cited: CitedFacts | None = None
    roster: RosterFacts | None = None
    before: BeforeFacts | None = None
    when: WhenFacts = WhenFacts()
    settled: SettledFacts | None = None
    gold: GoldAge | None = None
    alike: tuple[Alike, ...] = ()
    same_bytes: frozenset[str] = frozenset()
    """Whose labels the very same file was said to be, too."""
