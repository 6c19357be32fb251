"""For those who answer for it: what is due, where data go, and what an authority would ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from apps.access.queries import conditions_due
from apps.compliance.queries import KINDS, asked_of, due_records, may_export_listing, passages
from apps.compliance.queries.due import Due, DueKind
from apps.console import legal
from apps.console.page import Page
from apps.console.paging import PAGE
from apps.console.wording.countries import COUNTRIES
from apps.console.wording.watching import DUES, QUESTIONS, urgency

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
        asked = asked_of(self.actor)
        shares = {"purposes": asked.purposes, "processing-activities": asked.activities, **asked.kinds}
        lines = [
            {
                "question": question,
                "share": shares.get(question.answered_by),
                "url": reverse(question.page, args=question.args),
            }
            for question in QUESTIONS
        ]
        context = {
            "lines": lines,
            "running_blocked": asked.running_blocked,
            "may_export": may_export_listing(self.actor),
            "kinds": KINDS,
        }
        return self.show(context)
