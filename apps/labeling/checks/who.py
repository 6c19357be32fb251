"""L01, L02 and L15: what labels cite, who gave them, and whether those who looked at it were spared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from apps.labeling.checks.around import CitedFacts, RosterFacts
from apps.labeling.checks.findings import finding
from apps.labeling.checks.measured import AnnotatorRow, Measured
from apps.labeling.checks.terms import Finding, Outcome
from apps.labeling.roster.standing import AnnotatorRole, Listed, lacking
from apps.policy.reason import Reason, Value, declare

MOST_NAMED = 5
HOUR = 3600

L01_CITED = declare(
    "LABELS_CITE_SCHEMA",
    "Every label cites version %(number)s of %(ref)s: its schema, and its guideline %(guideline)s.",
    "Nothing is to be done.",
)
L01_NO_GUIDELINE = declare(
    "LABELS_CITE_NO_GUIDELINE",
    "Version %(number)s of %(ref)s does not say by which guideline its labels are given: %(missing)s.",
    "Have a version of the policy approved that names the guideline, its version and its hash.",
)
L02_MET = declare(
    "LABELS_BY_QUALIFIED",
    "All %(count)s who labeled were on the roster, tested, trained, cleared and bound.",
    "Nothing is to be done.",
)
L02_UNKNOWN = declare(
    "LABELS_BY_UNKNOWN",
    "%(count)s of those who labeled are not on the roster of the policy: %(who)s.",
    "Enter those who were qualified, by the numbers of the export, or have their items labeled by others.",
)
L02_MORE = declare(
    "LABELS_BY_UNQUALIFIED",
    "%(count)s of those who labeled lacked something besides.",
    "Mend what is told of the others first, and bring the labels anew.",
)
L02_UNNAMED = declare(
    "LABELS_BY_UNNAMED",
    "Of %(count)s answers the export does not say who gave them.",
    "Export them in a form that names annotators by number.",
)
L02_BOTH = declare(
    "LABELS_SETTLED_BY_THEMSELVES",
    "%(who)s are one person, who both labeled and settled what differs.",
    "See that nobody settled what they labeled themselves.",
)
L15_SPARED = declare(
    "LABELS_NOBODY_EXPOSED",
    "What is labeled does not harm those who look at it, or they agreed to it and kept to their hours.",
    "Nothing is to be done.",
)
L15_NO_TIMES = declare(
    "LABELS_HOURS_UNKNOWN",
    "What is labeled can harm, and the export does not say how long annotator %(annotator)s looked at it.",
    "Export the time that each answer took.",
)
L15_DAYS = declare(
    "LABELS_DAYS_UNKNOWN",
    "Annotator %(annotator)s looked at it for %(hours)s hours, and the export does not say on which days.",
    "Bring the labels of each day apart: no more than %(most)s hours a day are agreed.",
)
L15_EXCEEDED = declare(
    "LABELS_HOURS_EXCEEDED",
    "Annotator %(annotator)s looked at it for %(hours)s hours: more than %(most)s on each of %(days)s days.",
    "Spread the work over more people, and see that they rest.",
)


def of_cited(cited: CitedFacts) -> Iterator[Finding]:
    told: dict[str, Value] = {"ref": cited.ref, "number": cited.number}
    missing = tuple(
        name
        for name, said in (
            ("guideline_version", cited.guideline_version),
            ("guideline_sha256", cited.guideline_sha256),
        )
        if not said
    )
    if missing:
        yield finding("L01", Outcome.FAILED, L01_NO_GUIDELINE, missing=missing, **told)
    else:
        yield finding("L01", Outcome.PASSED, L01_CITED, guideline=cited.guideline_version, **told)


def of_roster(found: Measured, roster: RosterFacts) -> Iterator[Finding]:
    """Exports do not say when a label was given: whoever could have given one under this version of the
    policy counts as they were then."""
    rows: dict[str, list[Listed]] = defaultdict(list)
    for row in roster.rows:
        if row.overlaps(roster.since, roster.on):
            rows[row.code].append(row)
    told = {each.annotator: rows.get(each.annotator, []) for each in found.annotators}
    unmet = list(_unmet(found, told, roster))
    yield from unmet
    if all(each.outcome is Outcome.NOTED for each in unmet if each.check == "L02"):
        yield finding("L02", Outcome.PASSED, L02_MET, count=len(told))
    spared = list(_hours(found, rows, roster)) if roster.demands.is_hard else []
    yield from spared
    if not spared and all(each.check != "L15" for each in unmet):
        yield finding("L15", Outcome.PASSED, L15_SPARED)


def _unmet(found: Measured, told: dict[str, list[Listed]], roster: RosterFacts) -> Iterator[Finding]:
    if found.unnamed:
        yield finding("L02", Outcome.UNMEASURED, L02_UNNAMED, count=found.unnamed)
    unknown = tuple(code for code, rows in told.items() if not rows)
    if unknown:
        yield finding("L02", Outcome.FAILED, L02_UNKNOWN, count=len(unknown), who=unknown[:MOST_NAMED])
    lacks = {code: _lacks(rows, roster) for code, rows in told.items()}
    unqualified = [code for code, reasons in lacks.items() if reasons]
    for code in unqualified[:MOST_NAMED]:
        for reason in lacks[code]:
            yield Finding(check=reason.rule, outcome=Outcome.FAILED, reason=reason)
    if len(unqualified) > MOST_NAMED:
        yield finding("L02", Outcome.FAILED, L02_MORE, count=len(unqualified) - MOST_NAMED)
    yield from _settled(told)


def _lacks(rows: list[Listed], roster: RosterFacts) -> tuple[Reason, ...]:
    """Of each kind once, by the day on which the row began."""
    found = {reason.code: reason for row in rows for reason in lacking(row, roster.demands, on=row.begins)}
    return tuple(found.values())


def _settled(told: dict[str, list[Listed]]) -> Iterator[Finding]:
    parts: dict[str, dict[str, set[AnnotatorRole]]] = defaultdict(lambda: defaultdict(set))
    for code, rows in told.items():
        for row in rows:
            if row.person:
                parts[row.person][code].add(row.role)
    for codes in parts.values():
        roles = set().union(*codes.values())
        if {AnnotatorRole.ANNOTATOR, AnnotatorRole.ADJUDICATOR} <= roles:
            yield finding("L02", Outcome.NOTED, L02_BOTH, who=tuple(sorted(codes)))


def _hours(found: Measured, rows: dict[str, list[Listed]], roster: RosterFacts) -> Iterator[Finding]:
    days = (roster.on - roster.since).days + 1
    for each in found.annotators:
        most = _most_hours(rows.get(each.annotator, []), roster)
        if most is not None:
            yield from _looked(each, most, days)


def _most_hours(rows: list[Listed], roster: RosterFacts) -> int | None:
    agreed = [row.hours_a_day for row in rows if row.hours_a_day is not None]
    caps = [*agreed, *([roster.demands.hours_a_day] if roster.demands.hours_a_day is not None else [])]
    return min(caps, default=None)


def _looked(row: AnnotatorRow, most: int, days: int) -> Iterator[Finding]:
    """Less than a day's hours in all is kept to on whatever days; more than that on every day is not."""
    if row.seconds is None:
        yield finding("L15", Outcome.UNMEASURED, L15_NO_TIMES, annotator=row.annotator)
        return
    told: dict[str, Value] = {"annotator": row.annotator, "hours": f"{row.seconds / HOUR:.1f}", "most": most}
    if row.seconds > most * HOUR * days:
        yield finding("L15", Outcome.FAILED, L15_EXCEEDED, days=days, **told)
    elif row.seconds > most * HOUR:
        yield finding("L15", Outcome.UNMEASURED, L15_DAYS, **told)
