"""The document that names the rules in force: immutable, versioned, hashed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

from apps.policy import snapshot
from apps.policy.decision import RuleType
from apps.policy.house.faults import PolicySetRefused
from apps.policy.house.reader import policy_set_of
from apps.policy.house.rules import PolicySet
from apps.policy.packs import ALL_PACKS, Law, RulePack, law_on
from apps.policy.reason import Reason, Value, declare
from apps.policy.rules import CATALOGUE
from apps.policy.rules.case import ParameterValue
from apps.policy.rules.rule import Words

FORMAT = 1

RULEBOOK_KEY_UNKNOWN = declare(
    "RULEBOOK_KEY_UNKNOWN", "%(place)s is not known here.", "Remove it, or use one of: %(allowed)s."
)
RULEBOOK_KEY_MISSING = declare("RULEBOOK_KEY_MISSING", "%(place)s is missing.", "Add it: %(expected)s.")
RULEBOOK_VALUE_WRONG = declare(
    "RULEBOOK_VALUE_WRONG", "%(place)s has a value that may not stand there.", "Write %(expected)s."
)
RULEBOOK_RULE_UNKNOWN = declare(
    "RULEBOOK_RULE_UNKNOWN",
    "%(place)s names the rule %(rule)s, which this portal cannot evaluate.",
    "Remove it; a rule that is not evaluated must not be listed as active.",
)
RULEBOOK_RULE_TWICE = declare(
    "RULEBOOK_RULE_TWICE", "%(place)s names the rule %(rule)s a second time.", "Keep one of the two."
)
RULEBOOK_ROLE_CANNOT_DECIDE = declare(
    "RULEBOOK_ROLE_CANNOT_DECIDE",
    "%(place)s gives the decision to the DPO, who advises and does not approve.",
    "Name the data owner or a compliance officer.",
)


class RulebookRefused(ValueError):
    """The document is not a rulebook. `reasons` name every fault by its place (`field`)."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(f"{reason.field}: {reason.code}" for reason in reasons))
        self.reasons = reasons


@dataclass(frozen=True, kw_only=True)
class ActiveRule:
    """A rule in force and its parameters. Type and articles are the rule's own and cannot be set."""

    id: str
    parameters: Mapping[str, ParameterValue]

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(sorted(self.parameters.items()))))

    @property
    def type(self) -> RuleType:
        return CATALOGUE[self.id].type

    @property
    def articles(self) -> tuple[str, ...]:
        return CATALOGUE[self.id].articles

    def as_dict(self) -> dict[str, object]:
        return {
            "id": self.id,
            "type": self.type.value,
            "articles": list(self.articles),
            "parameters": snapshot.to_json(self.parameters),
        }


@dataclass(frozen=True, kw_only=True)
class DefaultRoute:
    """Who decides what no rule grants, denies or blocks; `personal_roles` join where data are personal."""

    roles: tuple[str, ...]
    personal_roles: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        return {"roles": list(self.roles), "personal_roles": list(self.personal_roles)}


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """Build one with `Rulebook.from_dict`, which checks it, or from another with `without` and `replace`.

    `packs` are the acts as data, `house` is the organization's own part. One hash covers all.
    """

    id: str
    version: str
    rules: tuple[ActiveRule, ...]
    default_route: DefaultRoute
    house: PolicySet | None = None
    packs: tuple[RulePack, ...] = ()

    def as_dict(self) -> dict[str, object]:
        stated: dict[str, object] = {
            "format": FORMAT,
            "id": self.id,
            "version": self.version,
            "rules": [rule.as_dict() for rule in self.rules],
            "default_route": self.default_route.as_dict(),
        }
        if self.packs:
            stated["packs"] = [pack.as_dict() for pack in self.packs]
        return stated if self.house is None else {**stated, "policy_set": self.house.as_dict()}

    @cached_property
    def sha256(self) -> str:
        """Of the canonical JSON (RFC 8785)."""
        return snapshot.sha256_of(self.as_dict())

    @property
    def rule_ids(self) -> tuple[str, ...]:
        return tuple(rule.id for rule in self.rules)

    def law_on(self, day: date) -> Law:
        return law_on(day, self.packs)

    def without(self, *rule_ids: str) -> Rulebook:
        """The same book with these rules out of force; it has another hash."""
        return replace(self, rules=tuple(rule for rule in self.rules if rule.id not in rule_ids))

    @classmethod
    def from_dict(cls, document: Mapping[str, object]) -> Rulebook:
        """Raises: RulebookRefused, with every fault at once."""
        faults: list[Reason] = []
        lawful = {name: value for name, value in document.items() if name not in ("policy_set", "packs")}
        _keys(faults, lawful, "", ("format", "id", "version", "rules", "default_route"))
        if document.get("format", FORMAT) != FORMAT:
            _wrong(faults, "format", str(FORMAT))
        for name in ("id", "version"):
            if name in document and not (isinstance(document[name], str) and document[name]):
                _wrong(faults, name, "a word")
        rules = _read_rules(faults, document.get("rules", []))
        route = _read_route(faults, document.get("default_route", {}))
        house = _read_house(faults, document)
        packs = _read_packs(faults, document.get("packs", []))
        if faults:
            raise RulebookRefused(*faults)
        name, version = str(document["id"]), str(document["version"])
        return cls(id=name, version=version, rules=rules, default_route=route, house=house, packs=packs)

    def joined(self, house: PolicySet, *, version: str) -> Rulebook:
        """This book with the organization's part, under a version and a hash of its own."""
        return replace(self, version=version, house=house)


def _read_house(faults: list[Reason], document: Mapping[str, object]) -> PolicySet | None:
    stated = document.get("policy_set")
    if stated is None:
        return None
    try:
        return policy_set_of(stated if isinstance(stated, dict) else {})
    except PolicySetRefused as refusal:
        faults.extend(refusal.reasons)
        return None


def _read_packs(faults: list[Reason], found: object) -> tuple[RulePack, ...]:
    if not isinstance(found, (list, tuple)):
        _wrong(faults, "packs", "a list of rule packs")
        return ()
    packs: list[RulePack] = []
    for number, entry in enumerate(found):
        try:
            pack = RulePack.from_dict(entry)
        except ValueError:
            _wrong(faults, f"packs[{number}]", "a rule pack as it is stored")
            continue
        if pack.id in {known.id for known in packs}:
            _fault(faults, RULEBOOK_RULE_TWICE, f"packs[{number}].id", rule=pack.id)
        packs.append(pack)
    return tuple(packs)


def _fault(faults: list[Reason], code: str, place: str, **facts: Value) -> None:
    faults.append(Reason(code=code, field=place, facts={"place": place, **facts}))


def _wrong(faults: list[Reason], place: str, expected: str) -> None:
    _fault(faults, RULEBOOK_VALUE_WRONG, place, expected=expected)


def _keys(faults: list[Reason], found: Mapping[str, object], at: str, allowed: tuple[str, ...]) -> None:
    dot = f"{at}." if at else ""
    for name in found:
        if name not in allowed:
            _fault(faults, RULEBOOK_KEY_UNKNOWN, f"{dot}{name}", allowed=allowed or ("nothing",))
    for name in allowed:
        if name not in found:
            _fault(faults, RULEBOOK_KEY_MISSING, f"{dot}{name}", expected="it is required")


def _read_rules(faults: list[Reason], found: object) -> tuple[ActiveRule, ...]:
    if not isinstance(found, (list, tuple)):
        _wrong(faults, "rules", "a list of rules")
        return ()
    rules: list[ActiveRule] = []
    seen: set[str] = set()
    for number, entry in enumerate(found):
        rule = _read_rule(faults, f"rules[{number}]", entry)
        if rule is None:
            continue
        if rule.id in seen:
            _fault(faults, RULEBOOK_RULE_TWICE, f"rules[{number}].id", rule=rule.id)
        seen.add(rule.id)
        rules.append(rule)
    return tuple(rules)


def _read_rule(faults: list[Reason], place: str, entry: object) -> ActiveRule | None:
    if not isinstance(entry, Mapping):
        _wrong(faults, place, "a rule with id, type, articles and parameters")
        return None
    _keys(faults, entry, place, ("id", "type", "articles", "parameters"))
    known = CATALOGUE.get(str(entry.get("id")))
    if known is None:
        _fault(faults, RULEBOOK_RULE_UNKNOWN, f"{place}.id", rule=str(entry.get("id")))
        return None
    if entry.get("type", known.type) != known.type:
        _wrong(faults, f"{place}.type", known.type.value)
    articles = entry.get("articles", known.articles)
    if not isinstance(articles, (list, tuple)) or tuple(articles) != known.articles:
        _wrong(faults, f"{place}.articles", ", ".join(known.articles))
    parameters = entry.get("parameters", {})
    if not isinstance(parameters, Mapping):
        _wrong(faults, f"{place}.parameters", "an object")
        return None
    _keys(faults, parameters, f"{place}.parameters", tuple(known.parameters))
    read: dict[str, ParameterValue] = {}
    for name, kind in known.parameters.items():
        if name not in parameters:
            continue
        if not kind.accepts(parameters[name]):
            _wrong(faults, f"{place}.parameters.{name}", kind.expected)
            continue
        value = parameters[name]
        read[name] = tuple(value) if isinstance(value, list) else value
    return ActiveRule(id=known.id, parameters=read)


def _read_route(faults: list[Reason], found: object) -> DefaultRoute:
    nobody = DefaultRoute(roles=(), personal_roles=())
    if not isinstance(found, Mapping):
        _wrong(faults, "default_route", "an object with roles and personal_roles")
        return nobody
    _keys(faults, found, "default_route", ("roles", "personal_roles"))
    read: dict[str, tuple[str, ...]] = {}
    for name, kind in (("roles", Words()), ("personal_roles", Words(is_empty_allowed=True))):
        value = found.get(name, ())
        if name in found and not kind.accepts(value):
            _wrong(faults, f"default_route.{name}", kind.expected)
        elif isinstance(value, (list, tuple)):
            read[name] = tuple(value)
            if name == "roles" and value and set(value) <= {"dpo"}:
                _fault(faults, RULEBOOK_ROLE_CANNOT_DECIDE, f"default_route.{name}")
    return DefaultRoute(roles=read.get("roles", ()), personal_roles=read.get("personal_roles", ()))


DEFAULT_RULES = (
    *("SUBJECT", "A00", "A03", "A01", "CLASS", "CLEARANCE", "PURPOSE", "V-02", "ART6-GROUND", "A02"),
    *("A04", "A05", "A06", "A07", "A08", "A09", "A10", "V-04", "A12", "A13", "A13-EXPORT", "LEASE"),
    *("A20", "LOW-AUTO"),
)
"""The rules of the first rulebook. It is stored, so the list never changes; more rules make another book."""


def _in_force(rule_ids: Iterable[str]) -> tuple[ActiveRule, ...]:
    return tuple(ActiveRule(id=each, parameters=CATALOGUE[each].defaults) for each in rule_ids)


DEFAULT_RULEBOOK = Rulebook(
    id="lakewarden-default",
    version="1",
    rules=_in_force(DEFAULT_RULES),
    default_route=DefaultRoute(roles=("data_owner",), personal_roles=("compliance_officer",)),
)

LAWFUL_RULEBOOK = replace(DEFAULT_RULEBOOK, version="5", rules=_in_force(CATALOGUE), packs=ALL_PACKS)
"""Every rule of the catalogue, and all acts. To be adopted where the records behind its facts are kept."""
