"""For those who answer for it: what is due, where data go, and what an authority would ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from apps.access.queries import conditions_due
from apps.accounts.queries import trail_visible_to
from apps.catalog.queries import assets_visible_to
from apps.compliance.queries import (
    KINDS,
    JobState,
    Listed,
    Share,
    all_listed,
    asked_of,
    due_records,
    listed,
    may_export_listing,
    may_read_listed,
    passages,
)
from apps.compliance.queries.due import Due, DueKind
from apps.console import legal
from apps.console.exports import download
from apps.console.forms.watching import AccessLogForm
from apps.console.page import Page
from apps.console.paging import PAGE
from apps.console.wording.countries import COUNTRIES
from apps.console.wording.watching import (
    ANSWER_COLUMNS,
    ANSWER_LEADS,
    ANSWER_WORDS,
    ANSWERS,
    DUES,
    QUESTIONS,
    TRANSFER_STATES,
    urgency,
)
from apps.credentials.commands import export_access_log
from apps.credentials.queries import access_log
from apps.kernel.errors import not_found

SPANS = {"30": timedelta(days=30), "90": timedelta(days=90), "365": timedelta(days=365)}
USUAL = "90"


@dataclass(frozen=True, kw_only=True)
class Line:
    """`word` says how near it is, in words and by a tone."""

    due: Due
    what: Any
    word: Any
    url: str


class Deadlines(Page):
    """The most urgent first; a page begins after the last line of the one before."""

    section = "deadlines"
    template = "console/watch/deadlines.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        now, chosen = timezone.now(), request.GET.get("days", USUAL)
        span = SPANS.get(chosen, SPANS[USUAL])
        kind = request.GET.get("kind", "")
        found = self._found(now, now + span)
        wanted = [due for due in found if not kind or due.kind == kind]
        rest = [due for due in wanted if _spelled(due) > request.GET.get("after", "")]
        shown = rest[:PAGE]
        context = {
            "lines": [_line(due, now) for due in shown],
            "late": sum(due.at <= now for due in found),
            "soon": sum(now < due.at <= now + timedelta(days=7) for due in found),
            "total": len(found),
            "kinds": [(each.value, DUES[each], sum(due.kind is each for due in found)) for each in DueKind],
            "given": {"days": chosen if chosen in SPANS else USUAL, "kind": kind},
            "spans": list(SPANS),
            "page": _page(request, shown, has_more=len(rest) > PAGE),
        }
        return self.show(context)

    def _found(self, now: datetime, until: datetime) -> list[Due]:
        found = due_records(self.actor, at=now, until=until)
        found += [
            Due(
                kind=DueKind.CONDITION,
                at=condition.due_at,
                is_day=False,
                about="condition",
                uid=condition.uid,
                ref=condition.request.ref,
                name=condition.text,
                who=condition.subject.name,
            )
            for condition in conditions_due(self.actor, until=until)
            if condition.due_at is not None
        ]
        return sorted(found, key=_spelled)


def _spelled(due: Due) -> str:
    """The key as it stands in an address: by its letters in the order of the keys."""
    at, rest = due.key
    return f"{at.timestamp():014.0f}~{rest}"


@dataclass(frozen=True, kw_only=True)
class _Pages:
    first: str
    next: str


def _page(request: HttpRequest, shown: list[Due], *, has_more: bool) -> _Pages:
    query = request.GET.copy()
    has_before = bool(query.pop("after", None))
    first = (query.urlencode() or "page=first") if has_before else ""
    if has_more:
        query["after"] = _spelled(shown[-1])
    return _Pages(first=first, next=query.urlencode() if has_more else "")


def _line(due: Due, now: datetime) -> Line:
    pages = {
        "asset": "console:asset",
        "condition": "console:condition",
        "duty": "console:duty",
        "model-assessment": "console:model-assessment",
    }
    name = pages.get(due.about)
    url = reverse(name, args=[due.uid]) if name else reverse("console:record", args=[due.about, due.uid])
    return Line(due=due, what=DUES[due.kind], word=urgency(due.at, now), url=url)


class Transfers(Page):
    section = "register"
    template = "console/watch/transfers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = passages(self.actor, on=timezone.localdate())
        rows = [
            {
                "passage": each,
                "state": TRANSFER_STATES[each.stage],
                "country": COUNTRIES.get(each.country, each.country),
                "mechanism": legal.term(legal.TRANSFER_MECHANISMS, each.content.mechanism)
                if each.content.mechanism
                else None,
            }
            for each in found
        ]
        return self.show({"rows": rows, "lacking": sum(bool(each.gaps) for each in found)})


class Regulator(Page):
    """One line for each question, with how much of the answer is there."""

    section = "regulator"
    template = "console/watch/regulator.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked, may_read = asked_of(self.actor), may_read_listed(self.actor)
        shares = {"purposes": asked.purposes, "processing-activities": asked.activities, **asked.kinds}
        if may_read:
            told = all_listed(self.actor, at=timezone.now())
            shares |= {answer: _share(found) for answer, found in told.items()}
        lines = [
            {
                "question": question,
                "share": shares.get(question.answered_by),
                "url": reverse(question.page, args=question.args),
            }
            for question in QUESTIONS
            if may_read or not question.is_of_the_trail
        ]
        context = {
            "lines": lines,
            "running_blocked": asked.running_blocked,
            "may_export": may_export_listing(self.actor),
            "kinds": KINDS,
        }
        return self.show(context)


MOST_COLUMNS = 6
"""What has more is told line by line, not as a table."""
SHOWN = 200
"""Lines of an answer on its page; the file has all of them."""
IN_ORDER = {"training": "trained_in_time", "deletions": "done_on"}
"""The column that says whether a line of the list is as it should be."""


DAYS = frozenset({"since", "until", "undertaking_on", "trained_on", "due_on", "done_on"})


def _share(found: Listed) -> Share:
    """Of a list of which nothing is asked line by line, that there is one."""
    name = next((name for name in IN_ORDER.values() if name in found.columns), "")
    if not name:
        return Share(whole=min(len(found.rows), 1), total=1)
    at = found.columns.index(name)
    rows = [row for row in found.rows if JobState.SCHEDULED not in row]
    return Share(whole=sum(row[at] not in ("", "no") for row in rows), total=len(rows))


class Answer(Page):
    """What an authority asks of the house itself, as it is handed over."""

    section = "regulator"
    template = "console/watch/answer.html"

    def get(self, request: HttpRequest, answer: str) -> HttpResponse:
        if answer not in ANSWERS:
            raise not_found("address")
        found = listed(self.actor, answer, at=timezone.now())
        context = {
            "title": ANSWERS[answer],
            "lead": ANSWER_LEADS[answer],
            "answer": answer,
            "columns": [ANSWER_COLUMNS[name] for name in found.columns],
            "is_wide": len(found.columns) > MOST_COLUMNS,
            "rows": [_cells(found, row) for row in found.rows[:SHOWN]],
            "more": max(len(found.rows) - SHOWN, 0),
        }
        return self.show(context)


def _cells(found: Listed, row: tuple[str, ...]) -> list[tuple[Any, Any]]:
    """With the word of the column before each, for narrow windows."""
    words = (ANSWER_COLUMNS[name] for name in found.columns)
    cells = (_shown(name, cell) for name, cell in zip(found.columns, row, strict=True))
    return list(zip(words, cells, strict=True))


def _shown(name: str, cell: str) -> Any:
    """Days as on every other page; in the file they stand as ISO 8601 has them."""
    if name in DAYS and cell:
        return date_format(date.fromisoformat(cell), "j M Y")
    return ANSWER_WORDS.get(cell, cell)


class AccessLog(Page):
    """Who had keys to a dataset between two days, on the page and as a file."""

    section = "regulator"
    template = "console/watch/access_log.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        self._expect_reader()
        form = AccessLogForm(request.GET or None, assets=self._assets(request.GET))
        found = None
        if request.GET and form.is_valid():
            found = access_log(self.actor, **form.wanted())
        context = {"form": form, "found": found[:SHOWN] if found else found, "more": len(found or ()) - SHOWN}
        return self.show(context, status=400 if form.is_bound and found is None else 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        self._expect_reader()
        form = AccessLogForm(request.POST, assets=self._assets(request.POST))
        if not form.is_valid():
            return self.show({"form": form, "found": None, "more": 0}, status=400)
        made = export_access_log(actor=self.actor, **form.wanted())
        return download(made.content, name=made.name, media_type=made.media_type)

    def _expect_reader(self) -> None:
        """Raises: NotPermitted; nobody fills in a form for nothing."""
        trail_visible_to(self.actor)

    def _assets(self, given: Any) -> Any:
        """By name, for a name that is typed."""
        return assets_visible_to(self.actor).filter(name__iexact=given.get("asset", "").replace("\0", ""))
