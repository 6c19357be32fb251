"""The legitimate-interests assessment: Art. 6(1)(f) GDPR, recital 47, in the three steps of the guidance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
    flag,
    found,
    line,
    many,
    text,
)
from apps.policy.reason import Reason, declare

LAW = "Art. 6(1)(f) GDPR"
ARTICLE = "GDPR Art. 6(1)(f)"


class Whose(Choice):
    CONTROLLER = "controller", _("Our own"), "Art. 6(1)(f) GDPR", _("Ours, as the one who decides.")
    THIRD_PARTY = "third_party", _("A third party's"), "Art. 6(1)(f) GDPR", _("Of somebody else by name.")
    PUBLIC = "public", _("The public's"), "Art. 6(1)(f) GDPR", _("Of everybody, for example safety.")


class Likelihood(Choice):
    NEGLIGIBLE = "negligible", _("Negligible")
    LIMITED = "limited", _("Limited")
    IMPORTANT = "important", _("Important")
    MAXIMAL = "maximal", _("Maximal")


class Balance(Choice):
    PREVAILS = "interest_prevails", _("The interest prevails"), LAW, _("The data may be used on this basis.")
    OVERRIDDEN = (
        "interest_overridden",
        _("The interest is overridden"),
        LAW,
        _("The interests or rights of the people weigh more: the basis does not carry."),
    )


class Safeguard(Choice):
    PSEUDONYMISATION = "pseudonymisation", _("Pseudonymisation"), "Art. 4(5) GDPR"
    MINIMISATION = "minimisation", _("Only what is needed"), "Art. 5(1)(c) GDPR"
    SHORT_RETENTION = "short_retention", _("Deleted early"), "Art. 5(1)(e) GDPR"
    ACCESS_CONTROL = "access_control", _("Few people have access"), "Art. 32 GDPR"
    TRANSPARENCY = "transparency", _("More information than the law asks for"), "Art. 13, 14 GDPR"
    OPT_OUT = "opt_out", _("Anybody may opt out without a reason"), "Art. 21 GDPR"
    OVERSIGHT = "oversight", _("A person looks at every outcome"), "Art. 22 GDPR"


@dataclass(frozen=True, kw_only=True)
class InterestsContent(Content):
    """What is weighed. It must be older than the processing that rests on it."""

    interest: str = text(
        _("The interest"),
        _("What is to be gained, so concretely that one can disagree: “pumps do not fail unnoticed”."),
        article=LAW,
        needed=True,
    )
    whose: Whose | None = choice(Whose, _("Whose interest it is"), article=LAW, needed=True)
    is_lawful: bool | None = flag(
        _("Is the interest lawful, and is it real today?"),
        _("Not forbidden by any law, and not a mere idea for later."),
        article=LAW,
        needed=True,
    )
    benefit: str = text(_("Who gains what"), _("And what would be lost without it."), article=LAW)
    is_necessary: bool | None = flag(
        _("Are the data needed to reach it?"),
        _("No, if the same could be had without data about people, or with fewer."),
        article=LAW,
        needed=True,
    )
    alternatives: str = text(
        _("Milder ways that were looked at"),
        _("At least one, and why it does not do: anonymous data, a sample, asking the people."),
        article=LAW,
        needed=True,
    )
    minimisation: str = text(
        _("How the use is kept small"), _("Which data, which people, how long."), article="Art. 5(1)(c) GDPR"
    )
    nature: str = text(
        _("What kind of data it is"), _("Private or professional, and how sensitive."), article="Rec. 47 GDPR"
    )
    has_special_data: bool | None = flag(
        _("Are special categories among them?"),
        _("Health, origin, belief and the like. Legitimate interests alone never allow them."),
        article="Art. 9(1) GDPR",
        needed=True,
    )
    has_criminal_data: bool | None = flag(
        _("Are criminal offences among them?"), article="Art. 10 GDPR", needed=True
    )
    has_children: bool | None = flag(
        _("Are children among the people?"),
        _("Their interests weigh more."),
        article=LAW,
        rule="V-13",
        needed=True,
    )
    children_weighed: str = text(
        _("How the interests of children were weighed"),
        article=LAW,
        rule="V-13",
        needed=lambda content: content.has_children is True,
    )
    relationship: str = text(
        _("How the people stand to us"), _("Customers, employees, nobody we know."), article="Rec. 47 GDPR"
    )
    expectations: str = text(
        _("What the people may expect"),
        _("Whether they would be surprised, given when and how the data were collected."),
        article="Rec. 47 GDPR",
        needed=True,
    )
    source: str = line(_("Where the data come from"), article="Art. 14 GDPR")
    is_web_scraped: bool | None = flag(
        _("Were they gathered from the web?"), _("Then hardly anybody expects it."), article="EDPB 28/2024"
    )
    is_model_training: bool | None = flag(
        _("Are models trained with them?"), _("Traces of people may stay in a model."), article="EDPB 28/2024"
    )
    training_mitigation: str = text(
        _("What is done while training"),
        _("Against memorizing people; and how one can object before the training begins."),
        article="EDPB 28/2024",
        needed=lambda content: content.is_model_training is True or content.is_web_scraped is True,
    )
    anonymity_claim: str = text(
        _("Why the model is held to be anonymous"),
        _("Only if that is claimed: by which tests, and what they found."),
        article="EDPB 28/2024",
    )
    likelihood: Likelihood | None = choice(
        Likelihood, _("How likely harm is"), article="Rec. 75 GDPR", needed=True
    )
    severity: Likelihood | None = choice(
        Likelihood, _("How bad it would be"), article="Rec. 75 GDPR", needed=True
    )
    safeguards: frozenset[Safeguard] = many(
        Safeguard, _("What protects the people"), _("Beyond what the law asks for anyway."), article=LAW
    )
    offers_opt_out: bool | None = flag(_("May anybody opt out?"), article="Art. 21 GDPR")
    dpo_opinion: str = text(
        _("What the data protection officer said"),
        _("Advice: who answers for it decides."),
        article="Art. 38(1), 39(1)(a) GDPR",
    )
    outcome: Balance | None = choice(
        Balance,
        _("What weighs more"),
        _("The interest, or the interests, rights and freedoms of the people."),
        article=LAW,
        rule="V-07",
        needed=True,
    )
    why: str = text(_("Why"), _("The weighing itself, in a few sentences."), article=LAW, needed=True)


PREVAILS_WITHOUT_NEED = declare(
    "LIA_PREVAILS_WITHOUT_NEED",
    "The interest cannot prevail: the record itself says that it is not lawful, or the data not needed.",
    "Change the outcome, or the answer that speaks against it.",
)
HARM_UNANSWERED = declare(
    "LIA_HARM_UNANSWERED",
    "Likely or serious harm stands against no safeguard, and the interest is said to prevail.",
    "Name what protects the people, or weigh anew.",
)
SPECIAL_DATA_NEED_MORE = declare(
    "LIA_SPECIAL_DATA_NEED_MORE",
    "Special categories or offences are weighed here, and legitimate interests alone never allow them.",
    "See that every purpose that rests on this names a condition of Art. 9(2), or an authority of Art. 10.",
)
SCRAPED_SURPRISE = declare(
    "LIA_SCRAPED_SURPRISE",
    "The data were gathered from the web, and people can hardly opt out.",
    "Offer a way to object before the use begins.",
)


def _faults(content: InterestsContent, around: Around) -> Iterator[Reason]:
    if content.outcome is Balance.PREVAILS and False in (content.is_lawful, content.is_necessary):
        yield found(PREVAILS_WITHOUT_NEED, "outcome", "V-07", ARTICLE)


def _warnings(content: InterestsContent, around: Around) -> Iterator[Reason]:
    is_serious = {Likelihood.IMPORTANT, Likelihood.MAXIMAL} & {content.likelihood, content.severity}
    if content.outcome is Balance.PREVAILS and is_serious and not content.safeguards:
        yield found(HARM_UNANSWERED, "safeguards", "V-07", ARTICLE, "GDPR rec. 47")
    if content.has_special_data or content.has_criminal_data:
        yield found(SPECIAL_DATA_NEED_MORE, "has_special_data", "V-05", "GDPR Art. 9(2)", "GDPR Art. 10")
    if content.is_web_scraped and not content.offers_opt_out:
        yield found(SCRAPED_SURPRISE, "offers_opt_out", "V-07", "EDPB 28/2024", "GDPR Art. 21")


INTERESTS = Kind(
    slug="legitimate-interests",
    prefix="LIA",
    one=_("Legitimate-interests assessment"),
    many=_("Legitimate-interests assessments"),
    new=_("New assessment of interests"),
    lead=_("Our interest, weighed in writing against those of the people: what Art. 6(1)(f) GDPR asks for."),
    empty=_("A purpose that rests on legitimate interests needs one that is approved, and prevails."),
    icon="law",
    content=InterestsContent,
    aspect="outcome",
    article=LAW,
    groups=(
        Group(id="about", title=_("What it is about"), names=("name",)),
        Group(
            id="purpose",
            title=_("1. Is there an interest?"),
            names=("interest", "whose", "is_lawful", "benefit"),
        ),
        Group(
            id="necessity",
            title=_("2. Are the data needed?"),
            names=("is_necessary", "alternatives", "minimisation"),
        ),
        Group(
            id="balancing",
            title=_("3. What weighs more?"),
            lead=_("The interests and rights of the people, above all of children."),
            names=(
                "nature",
                "has_special_data",
                "has_criminal_data",
                "has_children",
                "children_weighed",
                "relationship",
                "expectations",
                "source",
                "likelihood",
                "severity",
                "safeguards",
                "offers_opt_out",
            ),
        ),
        Group(
            id="training",
            title=_("Models, and data from the web"),
            names=("is_web_scraped", "is_model_training", "training_mitigation", "anonymity_claim"),
            is_seldom=True,
        ),
        Group(id="outcome", title=_("Outcome"), names=("outcome", "why", "dpo_opinion")),
        TIME,
        EVIDENCE,
    ),
    faults=_faults,
    warnings=_warnings,
    is_high_risk=lambda content: Likelihood.MAXIMAL in (content.likelihood, content.severity),
)
