"""Reads of notices: worded for the reader, who is shown the names they may see now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from apps.access.models import RejectionCode
from apps.accounts.models import Person
from apps.catalog.models import Asset
from apps.kernel.actor import Actor
from apps.kernel.models import HouseQuerySet
from apps.notifications.commands.telling import is_mandatory
from apps.notifications.models import MailLanguage, MailMode, MailPreference, Notice, NoticeKind
from apps.notifications.notices.ends import end_told
from apps.notifications.notices.wording import USUAL_MAIL, WORDINGS

WITHOUT_ID = frozenset({"grants", "home", "inbox", "people", "processing-activities", "purposes", "reviews"})
"""Pages that are about nothing in particular."""
MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class ShownNotice:
    """`path` is the page it leads to, below the address of the portal."""

    uid: UUID
    row_version: int
    created_at: datetime
    event: str
    kind: str
    mark: str
    sentence: str
    then: str
    path: str
    read_at: datetime | None
    is_critical: bool

    @property
    def is_unread(self) -> bool:
        return self.read_at is None

    @property
    def link(self) -> str:
        return f"{settings.PUBLIC_URL}{self.path}"

    @property
    def subject(self) -> str:
        return f"[{self.mark}] {self.sentence}"


def notices_visible_to(actor: Actor) -> HouseQuerySet[Notice]:
    return Notice.objects.visible_to(actor)


def unread_of(actor: Actor) -> HouseQuerySet[Notice]:
    return Notice.objects.visible_to(actor).unread()


def shown(
    actor: Actor, notices: Sequence[Notice], *, zone: str = "UTC", now: datetime | None = None
) -> list[ShownNotice]:
    """Two queries, however many notices. An asset that the reader may not see now has no name."""
    wanted = {uid for notice in notices for uid in notice.assets}
    visible = Asset.objects.visible_to(actor).filter(uid__in=wanted)
    names: dict[UUID, str] = dict(visible.values_list("uid", "name"))
    people = {notice.who for notice in notices if notice.who}
    who: dict[UUID, str] = dict(Person.objects.filter(uid__in=people).values_list("uid", "name"))
    moment = now or datetime.now(UTC)
    return [_shown(notice, names, who, ZoneInfo(zone), moment) for notice in notices]


def _shown(
    notice: Notice, names: Mapping[UUID, str], who: Mapping[UUID, str], zone: ZoneInfo, now: datetime
) -> ShownNotice:
    wording = WORDINGS[notice.code]
    places: dict[str, str] = {name: _fact(value, zone, now) for name, value in notice.facts.items()}
    places["what"] = _named([names.get(uid, "") for uid in notice.assets])
    places["rejection"] = str(RejectionCode(notice.facts.get("rejection", RejectionCode.OTHER)).label)
    places["who"] = who.get(notice.who, "") if notice.who else ""
    return ShownNotice(
        uid=notice.uid,
        row_version=notice.row_version,
        created_at=notice.created_at,
        event=notice.event_name,
        kind=notice.kind,
        mark=_line(str(wording.mark) % places),
        sentence=_line(str(wording.sentence) % places),
        then=str(wording.then) % places,
        path=_path(notice),
        read_at=notice.read_at,
        is_critical=wording.is_critical,
    )


def link_of(notice: Notice) -> str:
    return f"{settings.PUBLIC_URL}{_path(notice)}"


def _path(notice: Notice) -> str:
    about = [notice.about_uid] if notice.about_uid and _takes_id(notice.place) else []
    return reverse(f"console:{notice.place}", args=about)


def _takes_id(place: str) -> bool:
    return place not in WITHOUT_ID


def _named(names: Sequence[str]) -> str:
    """Never how many are hidden: that too would tell of them."""
    seen = [name for name in names if name]
    if not seen:
        return gettext("an asset you cannot see")
    if len(seen) == len(names) <= MOST_NAMED:
        return ", ".join(seen)
    return gettext("%(names)s and more") % {"names": ", ".join(seen[:MOST_NAMED])}


def _fact(value: Any, zone: ZoneInfo, now: datetime) -> str:
    """Every moment that a notice tells of is an end."""
    at = _moment(value)
    if at is None:
        return str(value)
    return end_told(at, zone, now=now)


def _moment(value: Any) -> datetime | None:
    try:
        at = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at and at.utcoffset() is not None else None


def _line(text: str) -> str:
    """A subject is one line."""
    return " ".join(text.split())


@dataclass(frozen=True, kw_only=True)
class Preference:
    """`uid` orders them; a preference nobody chose has no row."""

    uid: str
    kind: NoticeKind
    mode: MailMode
    is_mandatory: bool
    language: str


def language_of(person_id: int) -> str:
    """In which they are written to. What the portal spoke once and no longer does counts for nothing."""
    chosen = MailLanguage.objects.filter(person=person_id, language__in=dict(settings.LANGUAGES))
    return chosen.values_list("language", flat=True).first() or settings.LANGUAGE_CODE


def preferences_of(actor: Actor) -> list[Preference]:
    """For every kind, as it holds for the reader now."""
    language = language_of(actor.person_key)
    chosen = dict(MailPreference.objects.filter(person=actor.person_key).values_list("kind", "mode"))
    return [
        Preference(
            uid=kind.value,
            kind=kind,
            mode=MailMode(chosen.get(kind.value, USUAL_MAIL[kind])),
            is_mandatory=is_mandatory(kind),
            language=language,
        )
        for kind in NoticeKind
    ]
