"""The compatibility assessment, Art. 6(4) GDPR: may data serve a purpose they were not collected for?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import (
    EVIDENCE,
    TIME,
    Around,
    Choice,
    Content,
    Group,
    Kind,
    choice,
    concept,
    found,
    line,
    many,
    one,
    rows,
    some,
    text,
)
from apps.compliance.lifecycle.purpose import Art89Safeguard
from apps.policy.reason import Reason, declare
from apps.policy.vocabulary import ObligationKind, Presumption

LAW = "Art. 6(4) GDPR"
ARTICLE = "GDPR Art. 6(4)"


class Score(Choice):
    FAVOURS = "favours", _("Speaks for it")
    NEUTRAL = "neutral", _("Neither")
    AGAINST = "against", _("Speaks against it")


class Compatibility(Choice):
    COMPATIBLE = "compatible", _("Compatible"), LAW, _("The data may be used for the new purpose.")
    WITH_CONDITIONS = (
        "compatible_with_conditions",
        _("Compatible under conditions"),
        LAW,
        _("They may be used as long as every condition is kept; each becomes part of a grant."),
    )
    INCOMPATIBLE = "incompatible", _("Incompatible"), "Art. 5(1)(b) GDPR", _("No access for this purpose.")


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Becomes an obligation of whoever is granted access on this assessment."""

    kind: ObligationKind | None = choice(ObligationKind, _("What is demanded"), needed=True)
    column: str = line(_("Column, if of one"))
    value: str = line(_("Value, if any"))


SCORES = ("link_score", "context_score", "nature_score", "consequences_score", "safeguards_score")


@dataclass(frozen=True, kw_only=True)
class CompatibilityContent(Content):
    """From a kind of purpose to a purpose, for named assets."""

    original_concept: str = concept(
        _("What the data were collected for"),
        _("The kind of purpose that the origin of the data names."),
        article="Art. 5(1)(b) GDPR",
        needed=True,
    )
    new_purpose: UUID | None = one(
        "purpose", _("What they are to be used for"), article="Art. 5(1)(b) GDPR", needed=True
    )
    assets: tuple[UUID, ...] = some(
        "asset", _("Which data"), _("The assessment speaks of these, and of no others."), needed=True
    )
    link: str = text(
        _("Link between the purposes"),
        _("How close the new purpose is to the first one."),
        article="Art. 6(4)(a) GDPR",
        needed=True,
    )
    link_score: Score | None = choice(Score, _("The link"), article="Art. 6(4)(a) GDPR", needed=True)
    context: str = text(
        _("Context of the collection"),
        _("How the people stand to us, and what they may expect."),
        article="Art. 6(4)(b) GDPR",
        needed=True,
    )
    context_score: Score | None = choice(Score, _("The context"), article="Art. 6(4)(b) GDPR", needed=True)
    nature: str = text(
        _("Nature of the data"),
        _("Above all whether special categories or offences are among them."),
        article="Art. 6(4)(c) GDPR",
        needed=True,
    )
    nature_score: Score | None = choice(Score, _("The nature"), article="Art. 6(4)(c) GDPR", needed=True)
    consequences: str = text(
        _("Consequences for the people"),
        _("Good and bad ones, also those that are only possible."),
        article="Art. 6(4)(d) GDPR",
        needed=True,
    )
    consequences_score: Score | None = choice(
        Score, _("The consequences"), article="Art. 6(4)(d) GDPR", needed=True
    )
    safeguards: str = text(
        _("Safeguards"),
        _("Encryption, pseudonymisation and others."),
        article="Art. 6(4)(e) GDPR",
        needed=True,
    )
    safeguards_score: Score | None = choice(
        Score, _("The safeguards"), article="Art. 6(4)(e) GDPR", needed=True
    )
    presumption: Presumption | None = choice(
        Presumption,
        _("Is the new purpose presumed compatible?"),
        _("Archiving, research and statistics are, if safeguards are in place."),
        article="Art. 5(1)(b) GDPR",
    )
    art89_safeguards: frozenset[Art89Safeguard] = many(
        Art89Safeguard,
        _("Safeguards for research, archives and statistics"),
        article="Art. 89(1) GDPR",
        rule="V-04",
        needed=lambda content: content.presumption not in (None, Presumption.NONE),
    )
    outcome: Compatibility | None = choice(Compatibility, _("Outcome"), article=LAW, needed=True)
    why: str = text(_("Why"), _("The factors, weighed together."), article=LAW, needed=True)
    conditions: tuple[Condition, ...] = rows(
        Condition,
        _("Conditions"),
        _("What every grant on this assessment demands."),
        article=LAW,
        needed=lambda content: content.outcome is Compatibility.WITH_CONDITIONS,
    )


ALL_AGAINST = declare(
    "COMPATIBILITY_AGAINST_ITSELF",
    "More factors speak against the new purpose than for it, and it is said to be compatible.",
    "Weigh anew, or say under «Why» what outweighs them.",
)
CONDITIONS_WITHOUT_NEED = declare(
    "COMPATIBILITY_CONDITIONS_UNUSED",
    "There are conditions, and the outcome does not say that the use depends on them.",
    "Choose «compatible under conditions», or clear them.",
)
PURPOSE_NOT_IN_FORCE = declare(
    "COMPATIBILITY_PURPOSE_NOT_IN_FORCE",
    "The purpose %(ref)s is not in force yet.",
    "Have it approved, too: until then nobody can ask for access with it.",
)


def _faults(content: CompatibilityContent, around: Around) -> Iterator[Reason]:
    if content.conditions and content.outcome not in (Compatibility.WITH_CONDITIONS, None):
        yield found(CONDITIONS_WITHOUT_NEED, "conditions", "", ARTICLE)


def _warnings(content: CompatibilityContent, around: Around) -> Iterator[Reason]:
    scores = [getattr(content, name) for name in SCORES]
    is_against = scores.count(Score.AGAINST) > scores.count(Score.FAVOURS)
    if is_against and content.outcome is not Compatibility.INCOMPATIBLE:
        yield found(ALL_AGAINST, "outcome", "", ARTICLE)
    purpose = around.of(content.new_purpose)
    if purpose is not None and not purpose.is_in_force:
        yield found(PURPOSE_NOT_IN_FORCE, "new_purpose", "V-02", "GDPR Art. 5(1)(b)", ref=purpose.ref)


COMPATIBILITIES = Kind(
    slug="compatibility",
    prefix="CA",
    one=_("Compatibility assessment"),
    many=_("Compatibility assessments"),
    new=_("New compatibility assessment"),
    lead=_(
        "May data be used for something else than they were collected for? The five factors of Art. 6(4)."
    ),
    empty=_("Needed where data are asked for with a purpose that nobody had in mind when collecting them."),
    icon="purpose",
    content=CompatibilityContent,
    aspect="outcome",
    article=LAW,
    groups=(
        Group(
            id="about",
            title=_("What it is about"),
            names=("name", "original_concept", "new_purpose", "assets"),
        ),
        Group(
            id="factors",
            title=_("The five factors"),
            names=(
                "link",
                "link_score",
                "context",
                "context_score",
                "nature",
                "nature_score",
                "consequences",
                "consequences_score",
                "safeguards",
                "safeguards_score",
            ),
        ),
        Group(
            id="presumption",
            title=_("Research, archives, statistics"),
            names=("presumption", "art89_safeguards"),
            is_seldom=True,
        ),
        Group(id="outcome", title=_("Outcome"), names=("outcome", "why", "conditions")),
        TIME,
        EVIDENCE,
    ),
    faults=_faults,
    warnings=_warnings,
)
