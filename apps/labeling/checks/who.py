"""L01, L02 and L15: what labels cite, who gave them, and whether those who looked at it were spared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from apps.labeling.checks.around import CitedFacts, RosterFacts, WhenFacts
from apps.labeling.checks.findings import finding
from apps.labeling.checks.measured import AnnotatorRow, GoldBy, Measured
from apps.labeling.checks.terms import Finding, Outcome
from apps.labeling.imports.annotation import UNNAMED
from apps.labeling.imports.worked import Work, Worked, last_day
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
L01_BEFORE = declare(
    "LABELS_BEFORE_THEIR_GUIDELINE",
    "Labels were given from %(first)s on, and guideline and labels of version %(number)s of %(ref)s hold"
    " since %(since)s only.",
    "Have what was labeled before labeled anew by this guideline.",
)
L01_UNDATED = declare(
    "LABELS_CITE_WITHOUT_DAYS",
    "%(undated)s answers say no day. Guideline and labels of version %(number)s of %(ref)s hold since"
    " %(since)s; before that others did, and nobody can tell by which of them those answers were given.",
    "Export the day of each answer, as Label Studio does or as «at» in a CSV or COCO, or have the items"
    " labeled anew by this guideline.",
)
L01_GOES_ON = declare(
    "LABELS_CITE_WHAT_GOES_ON",
    "Every label cites version %(number)s of %(ref)s, and version %(by)s goes on with its schema and its"
    " guideline %(guideline)s.",
    "Nothing is to be done.",
)
L01_FORKED = declare(
    "LABELS_CITE_WHAT_CHANGED",
    "Every label cites version %(number)s of %(ref)s, and version %(by)s has another answer to what labels"
    " rest on: %(changed)s.",
    "Have the items labeled anew by the version in force, and bring those labels.",
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
L02_TO_COME = declare(
    "LABELS_OF_DAYS_TO_COME",
    "By the export people labeled until %(last)s, which is still to come: its days say nothing of who they"
    " were then.",
    "See to the clock of the labeling tool, mend the days, and bring the labels anew.",
)
L02_NOT_THEN = declare(
    "LABELS_BY_SOMEBODY_NOT_LISTED_THEN",
    "Annotator %(annotator)s was not on the roster on %(missing)s of the %(days)s days on which they labeled,"
    " as on %(day)s.",
    "Have what they labeled on those days labeled anew; enter people before they begin.",
)
L02_GOLD_UNNAMED = declare(
    "LABELS_GOLD_BY_UNNAMED",
    "Of %(items)s gold items the export does not say who knows what is true there.",
    "Export them in a form that names who said so by number, or say who it was where you bring the file.",
)
L02_GOLD_UNKNOWN = declare(
    "LABELS_GOLD_BY_UNKNOWN",
    "%(count)s of those who said what is true on gold items are not on the roster of the policy: %(who)s.",
    "Enter those who may settle, by the numbers of the export, or have gold said by somebody who is there.",
)
L02_GOLD_OWN = declare(
    "LABELS_GOLD_OF_ANNOTATOR",
    "Annotator %(annotator)s said what is true on %(own)s items that they labeled themselves.",
    "Have the truth of these items said by somebody else, or by an adjudicator or reviewer.",
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
L15_IN_A_DAY = declare(
    "LABELS_HOURS_OF_A_DAY_EXCEEDED",
    "Annotator %(annotator)s looked at it for %(hours)s hours on %(day)s: more than %(most)s a day are"
    " agreed.",
    "Spread the work over more people, and see that they rest.",
)
L15_EXCEEDED = declare(
    "LABELS_HOURS_EXCEEDED",
    "Annotator %(annotator)s looked at it for %(hours)s hours: more than %(most)s on each of %(days)s days.",
    "Spread the work over more people, and see that they rest.",
)


def of_cited(cited: CitedFacts, when: WhenFacts) -> Iterator[Finding]:
    first = when.first
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
    elif cited.changed:
        yield finding("L01", Outcome.FAILED, L01_FORKED, by=cited.by, changed=cited.changed, **told)
    elif first is not None and cited.since is not None and first < cited.since:
        days: dict[str, Value] = {"first": first.isoformat(), "since": cited.since.isoformat()}
        yield finding("L01", Outcome.FAILED, L01_BEFORE, **days, **told)
    elif cited.has_earlier and cited.since is not None and _may_be_older(when, cited.since):
        since = cited.since.isoformat()
        yield finding("L01", Outcome.UNMEASURED, L01_UNDATED, undated=when.undated, since=since, **told)
    elif cited.by and cited.by != cited.number:
        guideline = cited.guideline_version
        yield finding("L01", Outcome.PASSED, L01_GOES_ON, by=cited.by, guideline=guideline, **told)
    else:
        yield finding("L01", Outcome.PASSED, L01_CITED, guideline=cited.guideline_version, **told)


def _may_be_older(when: WhenFacts, since: date) -> bool:
    return when.undated > 0 and (when.begun is None or when.begun < since)


@dataclass(frozen=True, kw_only=True)
class _Stood:
    """How somebody stood when they labeled: rows, each with the day on which it is looked at, and the days on
    which there was none."""

    rows: tuple[tuple[Listed, date], ...]
    missing: tuple[date, ...] = ()
    days: int = 0


def of_roster(found: Measured, roster: RosterFacts, work: Work) -> Iterator[Finding]:
    """By the days on which an annotator labeled, where the export tells them of all answers. Otherwise
    whoever could have labeled under this version of the policy counts as they were at any time of it."""
    rows: dict[str, list[Listed]] = defaultdict(list)
    for row in roster.rows:
        rows[row.code].append(row)
    told = {
        each.annotator: _stood(rows.get(each.annotator, []), work.get(each.annotator), roster)
        for each in found.annotators
    }
    authors = {
        code: told.get(code) or _stood(rows.get(code, []), work.get(code), roster)
        for code in found.gold_by
        if code != UNNAMED
    }
    unmet = [
        *_unmet(found, told, authors, roster),
        *_of_gold(found.gold_by, authors),
        *_to_come(work, roster),
    ]
    yield from unmet
    if all(each.outcome is Outcome.NOTED for each in unmet if each.check == "L02"):
        yield finding("L02", Outcome.PASSED, L02_MET, count=len(told))
    spared = list(_hours(found, told, roster, work)) if roster.demands.is_hard else []
    yield from spared
    if not spared and all(each.check != "L15" for each in unmet):
        yield finding("L15", Outcome.PASSED, L15_SPARED)


def _to_come(work: Work, roster: RosterFacts) -> Iterator[Finding]:
    """Days without a zone may be tomorrow's here."""
    last = last_day(work)
    if last is not None and last > roster.on + timedelta(days=1):
        yield finding("L02", Outcome.UNMEASURED, L02_TO_COME, last=last.isoformat())


def _stood(rows: list[Listed], worked: Worked | None, roster: RosterFacts) -> _Stood:
    days = sorted(worked.seconds) if worked is not None and not worked.undated else []
    if not days or days[-1] > roster.on:
        held = [row for row in rows if row.overlaps(roster.since, roster.on)]
        return _Stood(rows=tuple((row, row.begins) for row in held))
    first = [(row, next((day for day in days if row.overlaps(day, day)), None)) for row in rows]
    missing = [day for day in days if not any(row.overlaps(day, day) for row in rows)]
    return _Stood(
        rows=tuple((row, day) for row, day in first if day is not None),
        missing=tuple(missing) if rows else (),
        days=len(days),
    )


def _unmet(
    found: Measured, told: Mapping[str, _Stood], authors: Mapping[str, _Stood], roster: RosterFacts
) -> Iterator[Finding]:
    if found.unnamed:
        yield finding("L02", Outcome.UNMEASURED, L02_UNNAMED, count=found.unnamed)
    unknown = tuple(code for code, stood in told.items() if not stood.rows and not stood.missing)
    if unknown:
        yield finding("L02", Outcome.FAILED, L02_UNKNOWN, count=len(unknown), who=unknown[:MOST_NAMED])
    lacks = {code: _lacks(code, stood, roster) for code, stood in {**told, **authors}.items()}
    unqualified = [code for code, reasons in lacks.items() if reasons]
    for code in unqualified[:MOST_NAMED]:
        for reason in lacks[code]:
            yield Finding(check=reason.rule, outcome=Outcome.FAILED, reason=reason)
    if len(unqualified) > MOST_NAMED:
        yield finding("L02", Outcome.FAILED, L02_MORE, count=len(unqualified) - MOST_NAMED)
    yield from _settled(told)


def _of_gold(gold_by: Mapping[str, GoldBy], authors: Mapping[str, _Stood]) -> Iterator[Finding]:
    """Whoever is on the roster says what is true, but for annotators on what they labeled themselves."""
    unnamed = gold_by.get(UNNAMED)
    if unnamed is not None:
        yield finding("L02", Outcome.FAILED, L02_GOLD_UNNAMED, items=unnamed.items)
    unknown = tuple(code for code, stood in authors.items() if not stood.rows and not stood.missing)
    if unknown:
        who = unknown[:MOST_NAMED]
        yield finding("L02", Outcome.FAILED, L02_GOLD_UNKNOWN, count=len(unknown), who=who)
    for code, stood in authors.items():
        own, roles = gold_by[code].own, {row.role for row, _day in stood.rows}
        if own and roles == {AnnotatorRole.ANNOTATOR}:
            yield finding("L02", Outcome.FAILED, L02_GOLD_OWN, annotator=code, own=own)


def _lacks(code: str, stood: _Stood, roster: RosterFacts) -> tuple[Reason, ...]:
    """Of each kind once, by the first day on which the row counts."""
    found = {
        reason.code: reason for row, day in stood.rows for reason in lacking(row, roster.demands, on=day)
    }
    if stood.missing:
        counts = {"missing": len(stood.missing), "days": stood.days}
        day = stood.missing[0].isoformat()
        told = finding("L02", Outcome.FAILED, L02_NOT_THEN, annotator=code, day=day, **counts)
        found[L02_NOT_THEN] = told.reason
    return tuple(found.values())


def _settled(told: Mapping[str, _Stood]) -> Iterator[Finding]:
    parts: dict[str, dict[str, set[AnnotatorRole]]] = defaultdict(lambda: defaultdict(set))
    for code, stood in told.items():
        for row, _day in stood.rows:
            if row.person:
                parts[row.person][code].add(row.role)
    for codes in parts.values():
        roles = set().union(*codes.values())
        if {AnnotatorRole.ANNOTATOR, AnnotatorRole.ADJUDICATOR} <= roles:
            yield finding("L02", Outcome.NOTED, L02_BOTH, who=tuple(sorted(codes)))


def _hours(found: Measured, told: Mapping[str, _Stood], roster: RosterFacts, work: Work) -> Iterator[Finding]:
    days = (roster.on - roster.since).days + 1
    for each in found.annotators:
        most = _most_hours([row for row, _day in told[each.annotator].rows], roster)
        if most is not None:
            yield from _looked(each, most, days, work.get(each.annotator))


def _most_hours(rows: list[Listed], roster: RosterFacts) -> int | None:
    agreed = [row.hours_a_day for row in rows if row.hours_a_day is not None]
    caps = [*agreed, *([roster.demands.hours_a_day] if roster.demands.hours_a_day is not None else [])]
    return min(caps, default=None)


def _looked(row: AnnotatorRow, most: int, days: int, worked: Worked | None) -> Iterator[Finding]:
    """Day by day, as far as days are told. Of the rest less than a day's hours in all is kept to on whatever
    days; more than that on every day is not."""
    if row.seconds is None or row.untimed:
        yield finding("L15", Outcome.UNMEASURED, L15_NO_TIMES, annotator=row.annotator)
        return
    at_all = Worked(unplaced=row.seconds, undated=row.answers) if worked is None else worked
    told: dict[str, Value] = {"annotator": row.annotator, "most": most}
    limit = most * HOUR
    if at_all.most_in_a_day > limit:
        day, seconds = max(at_all.seconds.items(), key=itemgetter(1))
        facts = {"hours": f"{seconds / HOUR:.1f}", "day": day.isoformat()}
        yield finding("L15", Outcome.FAILED, L15_IN_A_DAY, **told, **facts)
    elif not at_all.seconds and at_all.total > limit * days:
        hours = f"{at_all.total / HOUR:.1f}"
        yield finding("L15", Outcome.FAILED, L15_EXCEEDED, days=days, hours=hours, **told)
    elif at_all.most_possible > limit:
        hours = f"{at_all.unplaced / HOUR:.1f}"
        yield finding("L15", Outcome.UNMEASURED, L15_DAYS, hours=hours, **told)
