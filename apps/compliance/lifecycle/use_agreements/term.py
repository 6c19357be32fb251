"""The term of an agreement: from its signature to the proof that the data are gone.

Days move it on by themselves; people end it before its day, and certify what became of the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.cycle import Cycle, Standing, Step, Taker
from apps.compliance.lifecycle.deadlines import months_after
from apps.compliance.lifecycle.declaration import Choice, choice, day, found, line, text
from apps.compliance.lifecycle.evidence import is_done, is_hashed
from apps.compliance.lifecycle.use_agreements.content import UseAgreementContent
from apps.policy.reason import Reason, declare

EXPIRING = timedelta(days=60)
CERTIFICATE_DAYS = 30
"""In which the destruction is certified after the end [POLICY]."""
ARTICLE = "Art. 28(3)(g) GDPR"
LAW = "GDPR Art. 28(3)(g)"


class AgreementStage(Choice):
    NEGOTIATED = "negotiated", _("Being negotiated")
    SIGNED = "signed", _("Signed, not in force yet")
    ACTIVE = "active", _("In force")
    EXPIRING = "expiring", _("Ends soon")
    EXPIRED = "expired", _("Has ended")
    TERMINATED = "terminated", _("Terminated")
    CERTIFIED = "destruction_certified", _("Destruction certified")


S = AgreementStage
ENDED = frozenset({S.EXPIRED, S.TERMINATED})
"""Over, and what became of the data is not certified yet."""


class Fate(Choice):
    DESTROYED = "destroyed", _("Destroyed"), ARTICLE
    RETURNED = "returned", _("Given back"), ARTICLE
    BOTH = "both", _("Given back, and our copies destroyed"), ARTICLE


@dataclass(frozen=True, kw_only=True)
class Followed:
    stage: AgreementStage | None = choice(AgreementStage, _("How it stands by the day"), needed=True)


@dataclass(frozen=True, kw_only=True)
class Terminated:
    ended_on: date | None = day(_("Ended on"), needed=True)
    why: str = text(_("Why it ended before its day"), needed=True)


@dataclass(frozen=True, kw_only=True)
class Certified:
    fate: Fate | None = choice(Fate, _("What became of the data"), article=ARTICLE, needed=True)
    done_on: date | None = day(_("Done on"), needed=True)
    certificate_ref: str = line(_("Certificate"), _("Where it is kept."), article=ARTICLE, needed=True)
    certificate_sha256: str = line(
        _("SHA-256 of the certificate"), _("64 digits, so that nobody puts another in its place.")
    )


END_AHEAD = declare(
    "AGREEMENT_END_AHEAD",
    "%(day)s has not come yet.",
    "Give an end that lies ahead in a new version of the record, as the day until which it holds.",
)


def _is_over(said: Terminated, standing: Standing) -> Iterator[Reason]:
    if said.ended_on is not None and said.ended_on > standing.at.date():
        yield found(END_AHEAD, "said.ended_on", "A20", LAW, day=said.ended_on.isoformat())


def _is_done(said: Certified, standing: Standing) -> Iterator[Reason]:
    yield from is_done(said.done_on, standing, LAW)
    yield from is_hashed(said.certificate_sha256, "said.certificate_sha256", LAW)


def ends_on(content: UseAgreementContent, effective_to: date | None) -> date | None:
    """The end of the term, or of the months for which the data may be used, if that comes first."""
    after = months_after(content.signed_on, content.months) if content.months and content.signed_on else None
    return min((each for each in (effective_to, after) if each is not None), default=None)


def stage_on(
    content: UseAgreementContent, effective_from: date, effective_to: date | None, on: date
) -> AgreementStage:
    """Where days alone have brought one that is signed off."""
    end = ends_on(content, effective_to)
    if end is not None and end <= on:
        return S.EXPIRED
    if effective_from > on:
        return S.SIGNED
    return S.EXPIRING if end is not None and end - on <= EXPIRING else S.ACTIVE


def _certificate_due(standing: Standing) -> date | None:
    """Of one that is over, until it is certified; not where none was agreed."""
    last = standing.log[-1] if standing.log else None
    if last is None or last.after not in ENDED or standing.content.needs_destruction_certificate is False:
        return None
    over = next(each for each in reversed(standing.log) if each.before not in ENDED)
    stated = over.said.ended_on if isinstance(over.said, Terminated) else None
    if over.after == S.EXPIRED:
        stated = ends_on(standing.content, standing.content.effective_to)
    return (stated or over.at.date()) + timedelta(days=CERTIFICATE_DAYS)


BY_DAYS = (S.SIGNED, S.ACTIVE, S.EXPIRING, S.EXPIRED, S.TERMINATED)

CYCLE = Cycle(
    begins=S.NEGOTIATED,
    ends=(S.CERTIFIED,),
    stages=AgreementStage,
    due=_certificate_due,
    due_article=ARTICLE,
    steps=(
        Step(
            slug="follow",
            verb=_("Its days moved it on"),
            icon="clock",
            before=(S.NEGOTIATED, *BY_DAYS),
            after=lambda said: said.stage,
            afters=BY_DAYS,
            taker=Taker.MACHINE,
            said=Followed,
        ),
        Step(
            slug="terminate",
            verb=_("It ended before its day"),
            icon="cross",
            before=(S.SIGNED, S.ACTIVE, S.EXPIRING),
            after=S.TERMINATED,
            taker=Taker.DECIDER,
            said=Terminated,
            check=_is_over,
            needs_description=True,
            lead=_("Access that rests on it ends, and the data are to be destroyed or given back."),
        ),
        Step(
            slug="certify-destruction",
            verb=_("Certify the destruction"),
            icon="approve",
            before=(S.EXPIRED, S.TERMINATED),
            after=S.CERTIFIED,
            taker=Taker.DECIDER,
            said=Certified,
            check=_is_done,
            lead=_("Once every duty that its end left is done. Nothing leads back from here."),
        ),
    ),
)
