"""The purpose itself: is it in force, does it have its lawful basis, does a processing activity cover it?"""

from __future__ import annotations

from apps.policy.decision import Effect, Finding, Limit, RuleType, Unknown
from apps.policy.facts import Clearance, NoLimit, PurposeState
from apps.policy.reason import Reason, declare
from apps.policy.rules.case import Case, start_of
from apps.policy.rules.rule import EITHER, Rule

PURPOSE_NOT_APPROVED = declare(
    "PURPOSE_NOT_APPROVED",
    "The purpose is not approved yet.",
    "Ask the compliance officer to approve it, or choose an active purpose.",
)
PURPOSE_STATE_UNKNOWN = declare(
    "PURPOSE_STATE_UNKNOWN",
    "Whether the purpose is in force is not known.",
    "Record the state and the validity of the purpose, or choose another purpose.",
)
PURPOSE_NOT_YET_VALID = declare(
    "PURPOSE_NOT_YET_VALID",
    "The purpose is in force only from %(valid_from)s.",
    "Let the access start on or after that day.",
)
PURPOSE_SUSPENDED = declare(
    "PURPOSE_SUSPENDED", "The purpose is suspended.", "Choose another purpose, or wait until it is resumed."
)
PURPOSE_WITHDRAWN = declare("PURPOSE_WITHDRAWN", "The purpose was withdrawn.", "Choose another purpose.")
PURPOSE_EXPIRED = declare(
    "PURPOSE_EXPIRED", "The purpose has expired.", "Choose another purpose, or have it renewed."
)
BASIS_MISSING = declare(
    "BASIS_MISSING",
    "The purpose names no lawful basis.",
    "Ask the compliance officer to set exactly one basis, or choose another purpose.",
)
LEGAL_GROUND_MISSING = declare(
    "LEGAL_GROUND_MISSING",
    "What the lawful basis %(lawful_basis)s rests on is not recorded.",
    "Record the consent basis, contract, legal provision, vital interest or balancing test of the purpose.",
)
NO_ACTIVITY = declare(
    "NO_ACTIVITY",
    "No approved processing activity covers %(asset)s for this purpose.",
    "Ask the compliance officer to record the processing activity.",
)
ACTIVITY_NOT_CLEARED = declare(
    "ACTIVITY_NOT_CLEARED",
    "The processing activities that cover %(asset)s for this purpose may not run: %(activities)s.",
    "Ask the compliance officer what keeps the activity from being cleared.",
)

_STATES: dict[PurposeState | None, tuple[Effect, str]] = {
    None: (Effect.BLOCK, PURPOSE_STATE_UNKNOWN),
    PurposeState.DRAFT: (Effect.BLOCK, PURPOSE_NOT_APPROVED),
    PurposeState.IN_REVIEW: (Effect.BLOCK, PURPOSE_NOT_APPROVED),
    PurposeState.REJECTED: (Effect.BLOCK, PURPOSE_NOT_APPROVED),
    PurposeState.SUSPENDED: (Effect.DENY, PURPOSE_SUSPENDED),
    PurposeState.WITHDRAWN: (Effect.DENY, PURPOSE_WITHDRAWN),
    PurposeState.EXPIRED: (Effect.DENY, PURPOSE_EXPIRED),
}


def in_force(case: Case) -> Finding:
    """PURPOSE. State, and validity on the day the access begins; its last day limits the grant."""
    purpose = case.facts.purpose
    begins_at = max(case.facts.now, case.facts.starts_at)
    objections: list[tuple[Effect, Reason]] = []
    unknown = [
        Unknown(fact=f"purpose.{name}", counted_as="not in force")
        for name in ("state", "valid_from", "valid_to")
        if getattr(purpose, name) is None
    ]
    if purpose.state is not PurposeState.ACTIVE:
        effect, code = _STATES[purpose.state]
        objections.append((effect, case.reason(code, field="purpose")))
    elif unknown:
        objections.append((Effect.BLOCK, case.reason(PURPOSE_STATE_UNKNOWN, field="purpose")))
    if purpose.valid_from is not None and begins_at < start_of(purpose.valid_from):
        day = purpose.valid_from.isoformat()
        objections.append((Effect.BLOCK, case.reason(PURPOSE_NOT_YET_VALID, field="purpose", valid_from=day)))
    limits: tuple[Limit, ...] = ()
    if purpose.valid_to is not None and not isinstance(purpose.valid_to, NoLimit):
        limits = (Limit(ends_at=start_of(purpose.valid_to), factor="purpose_end", about=purpose.uid),)
        if limits[0].ends_at <= begins_at and purpose.state is not PurposeState.EXPIRED:
            objections.append((Effect.DENY, case.reason(PURPOSE_EXPIRED, field="purpose")))
    looked_at = {"state": purpose.state, "version": purpose.version}
    if not objections:
        return case.clear(facts=looked_at, limits=limits)
    return case.matched(
        *(reason for _, reason in objections),
        effect=max((effect for effect, _ in objections), key=lambda effect: effect.force),
        facts=looked_at,
        unknown=tuple(unknown),
        limits=limits,
    )


def has_basis(case: Case) -> Finding:
    """V-02. A purpose without an Art. 6 basis is allowed under A00 and only there."""
    basis = case.facts.purpose.lawful_basis
    if basis is not None:
        return case.clear(facts={"lawful_basis": basis})
    unknown = (Unknown(fact="purpose.lawful_basis", counted_as="none"),)
    return case.matched(case.reason(BASIS_MISSING, field="purpose"), effect=Effect.BLOCK, unknown=unknown)


def has_ground(case: Case) -> Finding:
    """ART6-GROUND. A basis alone proves nothing: Art. 6(3), 7(1), and the balancing test of 6(1)(f)."""
    purpose = case.facts.purpose
    looked_at = {"lawful_basis": purpose.lawful_basis, "has_legal_ground": purpose.has_legal_ground}
    if purpose.lawful_basis is None or purpose.has_legal_ground is True:
        return case.clear(facts=looked_at)
    reason = case.reason(LEGAL_GROUND_MISSING, field="purpose", lawful_basis=purpose.lawful_basis.value)
    unknown = (Unknown(fact="purpose.has_legal_ground", counted_as="missing"),)
    is_unknown = purpose.has_legal_ground is None
    return case.matched(reason, effect=Effect.BLOCK, facts=looked_at, unknown=unknown if is_unknown else ())


def covered(case: Case) -> Finding:
    """A02. For every asset an approved, cleared activity with this very purpose."""
    reasons: list[Reason] = []
    found: list[str] = []
    for asset in case.facts.assets:
        about = [activity for activity in asset.activities if case.facts.purpose.uid in activity.purposes]
        cleared = [activity for activity in about if activity.clearance is Clearance.CLEARED]
        found += [f"{activity.ref} v{activity.version}" for activity in cleared]
        if not about:
            reasons.append(case.reason(NO_ACTIVITY, asset=asset.uid))
        elif not cleared:
            refs = tuple(sorted(activity.ref for activity in about))
            reasons.append(case.reason(ACTIVITY_NOT_CLEARED, asset=asset.uid, activities=refs))
    looked_at = {"activities": tuple(sorted(set(found)))}
    if not reasons:
        return case.clear(facts=looked_at)
    unknown = tuple(
        Unknown(fact=f"activities.{activity.ref}.clearance", counted_as="not cleared")
        for asset in case.facts.assets
        for activity in asset.activities
        if activity.clearance is None
    )
    return case.matched(*reasons, effect=Effect.BLOCK, facts=looked_at, unknown=unknown)


RULES = (
    Rule(id="PURPOSE", type=RuleType.LAW, articles=("GDPR Art. 5(1)(b)",), evaluate=in_force),
    Rule(
        id="V-02",
        type=RuleType.LAW,
        articles=("GDPR Art. 6(1)",),
        evaluate=has_basis,
        exempted_by=frozenset({"A00"}),
    ),
    Rule(
        id="ART6-GROUND",
        type=RuleType.LAW,
        articles=("GDPR Art. 6(1)", "GDPR Art. 6(3)", "GDPR Art. 7(1)"),
        evaluate=has_ground,
        exempted_by=frozenset({"A00"}),
    ),
    Rule(
        id="A02",
        type=RuleType.LAW,
        articles=("GDPR Art. 5(1)(a)", "GDPR Art. 5(2)", "GDPR Art. 30"),
        evaluate=covered,
        exempted_by=EITHER,
    ),
)
