"""How time limits, sensitive kinds of data and the grounds of purposes are understood in somebody's register.

A time limit hangs on a kind of data and is a record of its own: one that is recorded already is named, any
other becomes a draft beside the activity. A ground hangs on a purpose: what a row says of it is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid5

from apps.compliance.exports.entry import MISSING, Absent
from apps.compliance.imports.cells import FEW, Known, Taken, Wrong, one_of, parts, words_of
from apps.compliance.lifecycle.activity.particulars import PersonalData, SpecialCategory
from apps.compliance.lifecycle.retention import RetentionContent, Trigger
from apps.policy.vocabulary import Art9Condition, LawfulBasis

TRIGGERS = words_of(
    {
        Trigger.COLLECTION: "Collection",
        Trigger.LAST_ACTIVITY: "Last activity",
        Trigger.CONTRACT_END: "End of the contract",
        Trigger.STUDY_END: "End of the study",
        Trigger.PUBLICATION: "Publication",
    }
)
SENSITIVE = words_of(
    {
        SpecialCategory.RACIAL_ETHNIC_ORIGIN: "Racial or ethnic origin",
        SpecialCategory.POLITICAL_OPINIONS: "Political opinions",
        SpecialCategory.BELIEFS: "Religious or philosophical beliefs",
        SpecialCategory.TRADE_UNION_MEMBERSHIP: "Trade union membership",
        SpecialCategory.GENETIC: "Genetic data",
        SpecialCategory.BIOMETRIC: "Biometric data for unique identification",
        SpecialCategory.HEALTH: "Data concerning health",
        SpecialCategory.SEX_LIFE: "Sex life",
        SpecialCategory.SEXUAL_ORIENTATION: "Sexual orientation",
        SpecialCategory.CRIMINAL: "Convictions and offences",
    }
) | {"biometric identification": SpecialCategory.BIOMETRIC}
UNITS = {"year": "Y", "month": "M", "day": "D"}
WORDS = r"\d{1,4}\s+(?:year|month|day)s?"
PERIOD = rf"(?:P(?:\d+[YMD])+|{WORDS}(?:\s+{WORDS}){{0,2}})"
AFTER = re.compile(rf"(?P<period>{PERIOD})(?:\s+after\s+(?:the\s+)?(?P<trigger>.+))?", re.IGNORECASE)
AT_MOST = re.compile(rf"(?P<criterion>.+?),\s*at most\s+(?P<period>{PERIOD}|{MISSING})", re.IGNORECASE)
OF_DATA = re.compile(r"(?P<data>[^:]{1,200}):\s*(?P<rest>.+)")
ARTICLE = re.compile(r"\s*\(Art\.\s*(?P<number>9\(1\)|10)\)$", re.IGNORECASE)
GROUND = re.compile(r"(?:(?P<purpose>.+):\s*)?(?:Art\.\s*)?(?P<article>\d[\d()a-z]*)", re.IGNORECASE)
SCHEDULES = UUID("5b0d8a52-6c35-4c0a-9a7e-9d0f4f0a4c11")
SHORT, LONG = 300, 20_000


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How long one kind of data is kept; without `data` it speaks of all that the row names. `schedule` is
    one that is recorded, else `content` says what would be."""

    data: str = ""
    schedule: UUID | None = None
    content: RetentionContent | None = None


def key_of(content: RetentionContent) -> UUID:
    """The same for schedules that say the same of the same data."""
    said = (
        content.data.strip().casefold(),
        content.duration.strip(),
        content.trigger.value if content.trigger else "",
        content.trigger_on.isoformat() if content.trigger_on else "",
        content.criterion.strip().casefold(),
        content.max_cap.strip(),
    )
    return uuid5(SCHEDULES, "\n".join(said))


def read_limits(cell: str, known: Known) -> Taken:
    """What is no period is kept as the criterion, word for word; the schedule then lacks its end."""
    return {"limits": tuple(_limits(cell, known))}


def _limits(cell: str, known: Known) -> Iterator[Limit]:
    for part in parts(cell):
        named = OF_DATA.fullmatch(part)
        data, rest = (named["data"].strip(), named["rest"].strip()) if named else ("", part)
        if rest == MISSING or part in {Absent.NONE.value, Absent.NOT_APPLICABLE.value}:
            continue
        schedule = known.schedules.get(part.casefold()) or known.schedules.get(rest.casefold())
        if schedule is not None:
            yield Limit(data=data, schedule=schedule)
            continue
        if len(rest) > LONG:
            raise Wrong(str(LONG), "", is_code=False)
        yield Limit(data=data, content=_schedule(part, data, rest))


def _schedule(part: str, data: str, rest: str) -> RetentionContent:
    blank = RetentionContent(name=part[:200], data=data)
    if said := AFTER.fullmatch(rest):
        trigger, on = _trigger(said["trigger"] or MISSING)
        return replace(blank, duration=_iso(said["period"]), trigger=trigger, trigger_on=on)
    if said := AT_MOST.fullmatch(rest):
        cap = "" if said["period"] == MISSING else _iso(said["period"])
        return replace(blank, criterion=said["criterion"], max_cap=cap)
    return replace(blank, criterion=rest)


def _trigger(word: str) -> tuple[Trigger | None, date | None]:
    if word == MISSING:
        return None, None
    try:
        return Trigger.FIXED_DATE, date.fromisoformat(word.strip())
    except ValueError:
        found: Trigger = one_of(word, TRIGGERS)
        return found, None


def _iso(period: str) -> str:
    """`1 year 6 months` as `P1Y6M`."""
    if period[:1] in "Pp":
        return period.upper()
    counted = re.findall(r"(\d+)\s+(year|month|day)", period.casefold())
    return "P" + "".join(f"{int(count)}{UNITS[unit]}" for count, unit in counted)


@dataclass(frozen=True, kw_only=True)
class Sensitive:
    """Kinds of Art. 9(1) and 10 that a row names; `is_none` says on purpose that there are none."""

    kinds: tuple[SpecialCategory, ...] = ()
    is_none: bool = False


def read_sensitive(cell: str, known: Known) -> Taken:
    """`No`, or the kinds: `Yes: Health (Art. 9(1))`."""
    word = cell.strip().casefold()
    if word in {"no", Absent.NONE.value.casefold()}:
        return {"sensitive": Sensitive(is_none=True)}
    told = re.sub(r"^yes\s*:\s*", "", cell.strip(), flags=re.IGNORECASE)
    if not told or word == "yes":
        raise Wrong(cell, "No, or Yes: Data concerning health (Art. 9(1))", is_code=False)
    kinds: list[SpecialCategory] = []
    for part in parts(told):
        article = ARTICLE.search(part)
        is_offence = article is not None and article["number"] == "10"
        kinds.append(SpecialCategory.CRIMINAL if is_offence else one_of(ARTICLE.sub("", part), SENSITIVE))
    return {"sensitive": Sensitive(kinds=tuple(dict.fromkeys(kinds)))}


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What a row says that its purposes rest on; under `None` what it says of all of them."""

    of: Mapping[UUID | None, frozenset[str]] = field(default_factory=dict)

    def missing_from(self, purposes: Iterable[UUID], recorded: Mapping[UUID, frozenset[str]]) -> bool:
        """Whether a purpose does not record what is said of it."""
        common = self.of.get(None, frozenset())
        return any(
            (self.of.get(each, frozenset()) | common) - recorded.get(each, frozenset()) for each in purposes
        )


BASES = {each.value: each.value for each in LawfulBasis}
CONDITIONS = {each.value: each.value for each in Art9Condition}


def read_bases(cell: str, known: Known) -> Taken:
    return {"bases": _grounds(cell, known, BASES)}


def read_conditions(cell: str, known: Known) -> Taken:
    return {"conditions": _grounds(cell, known, CONDITIONS)}


def _grounds(cell: str, known: Known, words: Mapping[str, str]) -> Grounds:
    found: dict[UUID | None, frozenset[str]] = {}
    for part in parts(cell):
        if part in {Absent.NONE.value, Absent.NOT_APPLICABLE.value} or part.endswith(MISSING):
            continue
        said = GROUND.fullmatch(part)
        if said is None:
            raise Wrong(part, f"PURPOSE: Art. {next(iter(words))}", is_code=False)
        purpose = one_of(said["purpose"], known.purposes) if said["purpose"] else None
        word = one_of(said["article"], words)
        found[purpose] = found.get(purpose, frozenset()) | {word}
    return Grounds(of=found)


def read_authority(cell: str, known: Known) -> Taken:
    """That offences are at stake, and a purpose names what authorizes it."""
    found: dict[UUID | None, frozenset[str]] = {}
    for part in parts(cell):
        if part in {Absent.NONE.value, Absent.NOT_APPLICABLE.value} or part.endswith(MISSING):
            continue
        named, _, _said = part.partition(": ")
        purpose = known.purposes.get(named.strip().casefold())
        found[purpose] = frozenset({AUTHORITY})
    return {"authority": Grounds(of=found)}


AUTHORITY = "10"
"""A purpose records some authority for data on offences."""


def kept_by(
    rows: tuple[PersonalData, ...], limits: tuple[Limit, ...], known: Known
) -> tuple[tuple[PersonalData, ...], dict[UUID, RetentionContent]]:
    """The rows with their schedules, and what is to be drafted, by what stands in its place until then."""
    drafts: dict[UUID, RetentionContent] = {}
    made = list(rows)
    for limit in limits:
        schedule = limit.schedule
        if schedule is None and limit.content is not None:
            content = limit.content
            if not content.data:
                labels = ", ".join(row.category for row in rows if row.category)
                content = replace(content, data=labels or content.name)
            key = key_of(content)
            schedule = known.limits.get(key)
            if schedule is None:
                schedule, drafts[key] = key, content
        code = known.categories.get(limit.data.casefold())
        is_of_all = not limit.data or (code is None and len(limits) == 1)
        meant = [place for place, row in enumerate(made) if row.category == code] if code else []
        if is_of_all:
            meant = [place for place, row in enumerate(made) if row.retention is None]
        for place in meant:
            made[place] = replace(made[place], retention=schedule)
        if not meant:
            made.append(PersonalData(category=code or "", retention=schedule))
    return tuple(made), drafts


def with_sensitive(rows: tuple[PersonalData, ...], said: Sensitive, known: Known) -> tuple[PersonalData, ...]:
    """What is said to be sensitive and is no kind of data of the row yet stands in it without its name.

    Raises: Wrong, where none is said to be and one is.
    """
    of_rows = {known.special[row.category] for row in rows if row.category in known.special}
    if said.is_none and of_rows:
        kinds = "; ".join(sorted(of_rows)[:FEW])
        raise Wrong("No", f"Yes: {kinds}, for the kinds of data of this line are sensitive", is_code=False)
    more = [kind for kind in said.kinds if kind.value not in of_rows]
    return (*rows, *(PersonalData(special_kind=kind) for kind in more))
