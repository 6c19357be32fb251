"""What happens to data under the law, and what follows from it: the table of events and effects, as data.

An occurrence is about versions of assets. What follows holds for everything that was made from them. Access
and keys do their part on their own floors; here stands only what that part is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from apps.compliance.lifecycle.breach import BREACHES
from apps.compliance.lifecycle.consent import CONSENTS
from apps.compliance.lifecycle.declaration import Choice
from apps.compliance.lifecycle.dpia import DPIAS
from apps.compliance.lifecycle.retention import RETENTIONS
from apps.compliance.lifecycle.rights import RIGHTS
from apps.compliance.lifecycle.transfers import TRANSFERS
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS
from apps.kernel.errors import invalid_state
from apps.policy.law_words import RowFlag
from apps.policy.reason import declare


class Happening(Choice):
    CONSENT_WITHDRAWN = "consent_withdrawn", _("Consent withdrawn"), "Art. 7(3) GDPR"
    ERASURE_GRANTED = "erasure_granted", _("Erasure granted"), "Art. 17(1) GDPR"
    ERASURE_REFUSED = "erasure_refused", _("Erasure refused"), "Art. 17(3) GDPR"
    RESTRICTION = "restriction", _("Processing restricted"), "Art. 18 GDPR"
    OBJECTION = "objection", _("Objection raised"), "Art. 21 GDPR"
    RECTIFICATION = "rectification", _("Data put right"), "Art. 16 GDPR"
    UNLAWFUL_COLLECTION = "unlawful_collection", _("Collected unlawfully"), "Art. 5(1)(a), 58(2) GDPR"
    RETENTION_ENDED = "retention_ended", _("Retention ended"), "Art. 5(1)(e) GDPR"
    AGREEMENT_ENDED = "agreement_ended", _("Agreement on data ended"), "Art. 5(1)(e), 28(3)(g) GDPR"
    INSTRUMENT_INVALID = "instrument_invalid", _("A transfer has lost its basis"), "Art. 44-46 GDPR"
    DPIA_OUTDATED = "dpia_outdated", _("Impact assessment outdated"), "Art. 35(11) GDPR"
    CLASS_RAISED = "class_raised", _("Class raised"), "Art. 24, 25 GDPR"


class Closing(StrEnum):
    """Why a version gives nothing. `FROZEN` and `FLAGGED` end with a version that leaves the rows out."""

    FLAGGED = "flagged"
    FROZEN = "frozen"
    QUARANTINED = "quarantined"
    EXPIRED = "expired"


ABOUT_ROWS = frozenset({Closing.FLAGGED, Closing.FROZEN})


class AccessEffect(StrEnum):
    """On grants, and on the keys taken by them."""

    CUT = "cut"
    """Keys end at once; a grant with nothing left to open is held back until there is a version without the
    rows."""
    REVOKE = "revoke"
    REVOKE_BY_COUNTRY = "revoke_by_country"
    REEVALUATE = "reevaluate"
    RECALL = "recall"
    """Whoever had a key is told to delete their copies, and attests it."""
    TELL = "tell"
    """Whoever had access is told what was corrected (Art. 19)."""


class ModelEffect(StrEnum):
    ASSESS = "assess"
    SUSPEND = "suspend"
    HOLD_RELEASE = "hold_release"


class Owner(StrEnum):
    """Who answers for a duty: who keeps the asset right, who is accountable for it, a compliance officer."""

    STEWARD = "steward"
    OWNER = "owner"
    OFFICER = "officer"


class Only(StrEnum):
    """When a duty arises: always, or by whether another ground carries on the storage (Art. 17(1)(b))."""

    ALWAYS = ""
    NO_OTHER_GROUND = "no_other_ground"
    WITH_MODELS = "with_models"


@dataclass(frozen=True, kw_only=True)
class DutySpec:
    """`code` never changes. A duty about assets arises once for each; the officer's, once for all."""

    code: str
    title: str
    owner: Owner
    days: int
    only: Only = Only.ALWAYS


@dataclass(frozen=True, kw_only=True)
class Effects:
    """`sources` are the kinds of record that an occurrence may rest on; none: it rests on what is said."""

    sources: frozenset[str]
    closing: Closing | None = None
    flag: RowFlag | None = None
    access: tuple[AccessEffect, ...] = ()
    models: tuple[ModelEffect, ...] = ()
    duties: tuple[DutySpec, ...] = ()
    needs_country: bool = False
    asks_for_other_ground: bool = False

    @property
    def needs_source(self) -> bool:
        """What people asked for is on record before it has effects."""
        return self.sources == {RIGHTS.slug}

    @property
    def ends_with_its_duties(self) -> bool:
        """It only holds something up until somebody has looked."""
        return self.closing is None and ModelEffect.HOLD_RELEASE in self.models

    @property
    def is_about_rows(self) -> bool:
        return self.closing in ABOUT_ROWS


MODEL_DAYS = 30
"""In which a model is assessed [POLICY]."""
ATTEST_DAYS = 14
"""In which whoever had a key attests that copies are deleted."""

LEAVE_OUT = "leave_out"
"""The duty that is done by a version, which somebody vouches for."""


DELETING = (
    "erase_withdrawn",
    "delete_rows",
    "tombstone",
    "delete_or_anonymise",
    "destroy_or_return",
)
"""Duties after which data are gone: together they are the log of deletions."""


def _steward(code: str, days: int, title: str, only: Only = Only.ALWAYS) -> DutySpec:
    return DutySpec(code=code, title=title, owner=Owner.STEWARD, days=days, only=only)


def _officer(code: str, days: int, title: str) -> DutySpec:
    return DutySpec(code=code, title=title, owner=Owner.OFFICER, days=days)


def _of_models(code: str, days: int, title: str) -> DutySpec:
    return DutySpec(code=code, title=title, owner=Owner.OWNER, days=days, only=Only.WITH_MODELS)


_LEAVE_OUT = _steward(LEAVE_OUT, 7, gettext_noop("Make a version without the rows"))
_CUT_AND_RECALL = (AccessEffect.CUT, AccessEffect.RECALL)
_ASSESSED, _HELD = (ModelEffect.ASSESS,), (ModelEffect.HOLD_RELEASE,)
_ASKED = frozenset({RIGHTS.slug})

EFFECTS: dict[Happening, Effects] = {
    Happening.CONSENT_WITHDRAWN: Effects(
        sources=_ASKED | {CONSENTS.slug},
        closing=Closing.FROZEN,
        flag=RowFlag.WITHDRAWN,
        access=_CUT_AND_RECALL,
        models=_ASSESSED,
        duties=(
            _LEAVE_OUT,
            _steward(
                "erase_withdrawn",
                30,
                gettext_noop("Erase the rows from older versions: no other ground carries them"),
                Only.NO_OTHER_GROUND,
            ),
        ),
        asks_for_other_ground=True,
    ),
    Happening.ERASURE_GRANTED: Effects(
        sources=_ASKED,
        closing=Closing.FROZEN,
        flag=RowFlag.ERASED,
        access=_CUT_AND_RECALL,
        models=_ASSESSED,
        duties=(
            _LEAVE_OUT,
            _steward(
                "delete_rows", 30, gettext_noop("Delete the rows with their copies, labels and features")
            ),
            _steward("tombstone", 7, gettext_noop("See to it that the rows do not come in again")),
            _officer("tell_recipients", 14, gettext_noop("Tell everybody who was given the data (Art. 19)")),
        ),
    ),
    Happening.ERASURE_REFUSED: Effects(
        sources=_ASKED,
        duties=(
            _officer(
                "review_ground", 180, gettext_noop("Look again at the ground on which the data are kept")
            ),
        ),
    ),
    Happening.RESTRICTION: Effects(
        sources=_ASKED,
        closing=Closing.FLAGGED,
        flag=RowFlag.RESTRICTED,
        access=(AccessEffect.CUT,),
        models=_HELD,
        duties=(_LEAVE_OUT,),
    ),
    Happening.OBJECTION: Effects(
        sources=_ASKED,
        closing=Closing.FLAGGED,
        flag=RowFlag.OBJECTED,
        access=(AccessEffect.CUT,),
        models=_HELD,
        duties=(_LEAVE_OUT, _officer("decide_objection", 30, gettext_noop("Decide on the objection"))),
    ),
    Happening.RECTIFICATION: Effects(
        sources=_ASKED,
        access=(AccessEffect.TELL,),
        duties=(
            _steward("correct", 30, gettext_noop("Make a corrected version")),
            _of_models(
                "judge_materiality",
                MODEL_DAYS,
                gettext_noop("Judge whether the correction matters for the models trained on the data"),
            ),
        ),
    ),
    Happening.UNLAWFUL_COLLECTION: Effects(
        sources=_ASKED | {BREACHES.slug, CONSENTS.slug},
        closing=Closing.QUARANTINED,
        access=(AccessEffect.REVOKE, AccessEffect.RECALL),
        models=(ModelEffect.SUSPEND, ModelEffect.ASSESS),
        duties=(
            _officer(
                "settle_unlawful",
                14,
                gettext_noop("Decide what becomes of the data that were collected unlawfully"),
            ),
        ),
    ),
    Happening.RETENTION_ENDED: Effects(
        sources=frozenset({RETENTIONS.slug}),
        closing=Closing.EXPIRED,
        access=(AccessEffect.REVOKE,),
        duties=(
            _steward(
                "delete_or_anonymise",
                30,
                gettext_noop("Delete or anonymise the data, and keep the certificate"),
            ),
            _of_models(
                "look_for_samples",
                MODEL_DAYS,
                gettext_noop("See whether raw samples are kept with the models trained on the data"),
            ),
        ),
    ),
    Happening.AGREEMENT_ENDED: Effects(
        sources=frozenset({USE_AGREEMENTS.slug}),
        closing=Closing.EXPIRED,
        access=(AccessEffect.REVOKE, AccessEffect.RECALL),
        duties=(
            _steward(
                "destroy_or_return",
                30,
                gettext_noop("Destroy the data or give them back, as was agreed, and keep what shows it"),
            ),
            _of_models(
                "settle_models",
                MODEL_DAYS,
                gettext_noop("See whether the agreement lets models go on that were trained on the data"),
            ),
        ),
    ),
    Happening.INSTRUMENT_INVALID: Effects(
        sources=frozenset({TRANSFERS.slug}),
        access=(AccessEffect.REVOKE_BY_COUNTRY,),
        duties=(
            _of_models(
                "find_endpoints",
                7,
                gettext_noop("See whether a model trained on the data answers in the country"),
            ),
            _officer(
                "find_basis", 30, gettext_noop("Find another basis for the transfer, or end it for good")
            ),
        ),
        needs_country=True,
    ),
    Happening.DPIA_OUTDATED: Effects(
        sources=frozenset({DPIAS.slug}),
        access=(AccessEffect.REEVALUATE,),
        models=_HELD,
        duties=(_officer("assess_again", 30, gettext_noop("Bring the impact assessment up to date")),),
    ),
    Happening.CLASS_RAISED: Effects(
        sources=frozenset(),
        access=(AccessEffect.REEVALUATE,),
        models=_HELD,
        duties=(
            _steward(
                "classify_derived", 14, gettext_noop("Look at the class of what was made from the data")
            ),
        ),
    ),
}


class OccurrenceState(StrEnum):
    """A draft does nothing. What was lifted holds no more: an objection was decided, a basis was found."""

    DRAFT = "draft"
    IN_EFFECT = "in_effect"
    LIFTED = "lifted"
    DISCARDED = "discarded"


_NEXT = {
    OccurrenceState.DRAFT: frozenset({OccurrenceState.IN_EFFECT, OccurrenceState.DISCARDED}),
    OccurrenceState.IN_EFFECT: frozenset({OccurrenceState.LIFTED}),
    OccurrenceState.LIFTED: frozenset[OccurrenceState](),
    OccurrenceState.DISCARDED: frozenset[OccurrenceState](),
}
STATE_IMPOSSIBLE = declare(
    "OCCURRENCE_STATE",
    "An occurrence that is %(state)s cannot become %(wanted)s.",
    "Possible from here: %(possible)s.",
)


def move_occurrence(state: str, wanted: OccurrenceState) -> OccurrenceState:
    """Raises: InvalidState."""
    possible = _NEXT[OccurrenceState(state)]
    if wanted not in possible:
        words = ", ".join(sorted(possible)) or "nothing"
        raise invalid_state(STATE_IMPOSSIBLE, state=state, wanted=wanted.value, possible=words)
    return wanted


def duties_of(happening: Happening, *, has_other_ground: bool | None, has_models: bool) -> list[DutySpec]:
    """Whether there is another ground and is not known counts as none."""
    holds = {
        Only.ALWAYS: True,
        Only.NO_OTHER_GROUND: has_other_ground is not True,
        Only.WITH_MODELS: has_models,
    }
    return [spec for spec in EFFECTS[happening].duties if holds[spec.only]]
