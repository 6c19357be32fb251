"""Facts and a rulebook in, a decision out. Every rule is heard, also after another has said no."""

from __future__ import annotations

from collections.abc import Iterable

from apps.policy.conditions import united_conditions
from apps.policy.decision import Decision, Effect, Finding, Limit, RuleType
from apps.policy.facts import RequestFacts
from apps.policy.limits import earliest
from apps.policy.packs import Law
from apps.policy.reason import declare
from apps.policy.route import StageSpec, stages_for, united
from apps.policy.rulebook import DEFAULT_RULEBOOK, LAWFUL_RULEBOOK, ActiveRule, Rulebook
from apps.policy.rules import CATALOGUE
from apps.policy.rules.case import Case

ROUTE = "ROUTE"
EXEMPTIONS = ("A00", "A03")

DEFAULT_ROUTE_TAKEN = declare(
    "DEFAULT_ROUTE_TAKEN",
    "Nothing grants this at once; it is decided by: %(roles)s.",
    "Nothing to do; the request goes to them when it is sent.",
)


def decide(facts: RequestFacts, rulebook: Rulebook = DEFAULT_RULEBOOK) -> Decision:
    """Deny beats block beats refer beats permit; what is demanded is united, limits take the earliest.

    `auto_ok` relaxes only where no rule required a stage. Without it the default route is joined to whatever
    the rules required, so that a further requirement can never take the owner out of the route. Stages are
    stated under a denial and a block too: they are what the request would go through.
    """
    findings = _findings(facts, rulebook)
    demanded = tuple(stage for finding in findings for stage in finding.stages)
    is_auto_ok = not demanded and any(finding.is_auto_ok for finding in findings)
    route = _default_route(facts, rulebook, is_auto_ok=is_auto_ok)
    findings = (*findings, route)
    stages = united((*demanded, *route.stages))
    stages = rulebook.house.keeping(stages) if rulebook.house is not None else stages
    limits = _limits(findings)
    first = earliest(facts.ends_at, limits)
    minutes = [finding.max_lease_minutes for finding in findings if finding.max_lease_minutes is not None]
    return Decision(
        effect=_combined(findings),
        findings=findings,
        stages=stages,
        limits=limits,
        ends_at=first.ends_at,
        limiting_factor=f"{first.factor}:{first.about}" if first.about else first.factor,
        max_lease_minutes=min(minutes, default=None),
        obligations=frozenset().union(*(finding.obligations for finding in findings)),
        conditions=united_conditions(item for finding in findings for item in finding.conditions),
        notify=frozenset().union(*(finding.notify for finding in findings)),
        needs_step_up=any(finding.needs_step_up for finding in findings),
        rulebook_sha256=rulebook.sha256,
        facts_sha256=facts.sha256,
    )


def heard(
    facts: RequestFacts, rule_ids: Iterable[str], rulebook: Rulebook = LAWFUL_RULEBOOK
) -> tuple[Finding, ...]:
    """What these rules alone find, left out where data are exempt. None of them looks at all limits."""
    law = rulebook.law_on(facts.now.date())
    exemption = _exemption(facts, rulebook, law)
    active = {each.id: each for each in rulebook.rules}
    found = []
    for rule_id in rule_ids:
        rule, case = CATALOGUE[rule_id], _case(facts, active[rule_id], law, exemption=exemption)
        found.append(case.skipped() if exemption in rule.exempted_by else rule.evaluate(case))
    return tuple(found)


def _findings(facts: RequestFacts, rulebook: Rulebook) -> tuple[Finding, ...]:
    """In the order of the rulebook, then those of the house, which know no exemption.

    Exemptions are found first, rules that close over all limits last.
    """
    law = rulebook.law_on(facts.now.date())
    exemption = _exemption(facts, rulebook, law)
    house = rulebook.house.findings(facts) if rulebook.house is not None else ()
    found: dict[str, Finding] = {}
    for active in sorted(rulebook.rules, key=lambda active: CATALOGUE[active.id].is_closing):
        rule = CATALOGUE[active.id]
        limits = _limits((*house, *found.values())) if rule.is_closing else ()
        case = _case(facts, active, law, exemption=exemption, limits=limits)
        found[active.id] = case.skipped() if exemption in rule.exempted_by else rule.evaluate(case)
    return (*(found[active.id] for active in rulebook.rules), *house)


def _case(
    facts: RequestFacts, active: ActiveRule, law: Law, *, exemption: str = "", limits: tuple[Limit, ...] = ()
) -> Case:
    return Case(
        rule=active.id,
        type=active.type,
        articles=active.articles,
        facts=facts,
        parameters=active.parameters,
        law=law,
        exemption=exemption,
        limits=limits,
    )


def _exemption(facts: RequestFacts, rulebook: Rulebook, law: Law) -> str:
    """The widest exemption in force that holds; the empty word where none does."""
    in_force = {active.id: active for active in rulebook.rules}
    for rule_id in EXEMPTIONS:
        if rule_id not in in_force:
            continue
        if CATALOGUE[rule_id].evaluate(_case(facts, in_force[rule_id], law)).is_matched:
            return rule_id
    return ""


def _limits(findings: Iterable[Finding]) -> tuple[Limit, ...]:
    return tuple(sorted({limit for finding in findings for limit in finding.limits}))


def _default_route(facts: RequestFacts, rulebook: Rulebook, *, is_auto_ok: bool) -> Finding:
    case = Case(rule=ROUTE, type=RuleType.POLICY, articles=("GDPR Art. 24",), facts=facts, parameters={})
    if is_auto_ok:
        return case.clear()
    book = rulebook.default_route
    stages: tuple[StageSpec, ...] = stages_for(
        (*book.roles, *(book.personal_roles if case.is_personal else ()))
    )
    roles = tuple(role for stage in united(stages) for role in stage.roles)
    return case.matched(
        case.reason(DEFAULT_ROUTE_TAKEN, roles=roles),
        effect=Effect.REFER,
        facts={"is_personal": case.is_personal},
        stages=united(stages),
    )


def _combined(findings: tuple[Finding, ...]) -> Effect:
    """Without any effect stated there is no permission: the default route has then stated one."""
    effects = [finding.effect for finding in findings if finding.effect is not None]
    return max(effects, key=lambda effect: effect.force)
