"""A14 and A15: no more columns than the purpose needs, and no names where a pseudonym does."""

from __future__ import annotations

from apps.policy.decision import Effect, Finding, RuleType, StageSpec
from apps.policy.facts import Identifiability, Obligation, ObligationKind
from apps.policy.reason import declare
from apps.policy.route import PHASES
from apps.policy.rules.case import Case, Said, names
from apps.policy.rules.rule import EITHER, Rule, Words

COLUMNS_TO_JUSTIFY = declare(
    "COLUMNS_TO_JUSTIFY",
    "The purpose is not recorded as needing these columns; a steward looks at each: %(columns)s.",
    "Say for each why it is needed, drop it, or have it added to the columns the purpose needs.",
)
COLUMNS_STRIPPED = declare(
    "COLUMNS_STRIPPED",
    "These columns are left out, for nothing says why they are needed: %(columns)s.",
    "Say for each why it is needed.",
)
PSEUDONYMS_SUFFICE = declare(
    "PSEUDONYMS_SUFFICE",
    "These columns name people, and there is a view with pseudonyms that suffices: %(columns)s.",
    "Ask for the view with pseudonyms, drop the columns, or record why the purpose needs names.",
)
IDENTIFIERS_UNKNOWN = declare(
    "IDENTIFIERS_UNKNOWN",
    "Whether these columns name people, and whether pseudonyms would do, is not recorded: %(columns)s.",
    "Record which columns name people, whether the purpose needs names and whether there is a view without.",
)


def necessary(case: Case) -> Finding:
    """A14. Justified columns go to the steward; unjustified ones are left out besides."""
    pairs = [pair for pair in case.personal_columns if pair[1].is_necessary is not True]
    if not pairs:
        return case.clear()
    said = Said(case)
    columns = names(iter(pairs))
    for asset, column in pairs:
        if column.is_necessary is None:
            said.not_known(f"columns.{asset.uid}/{column.name}.is_necessary", "not necessary")
    said.object(Effect.REFER, COLUMNS_TO_JUSTIFY, columns=columns)
    justified = case.facts.justified_columns
    if justified is None:
        said.not_known("justified_columns", "none")
    stripped = tuple(name for name in columns if name not in (justified or frozenset()))
    if stripped:
        said.object(None, COLUMNS_STRIPPED, columns=stripped)
    stage = StageSpec(name="justification", roles=case.words("roles"), phase=PHASES["justification"])
    drop = frozenset(Obligation(kind=ObligationKind.DROP, columns=frozenset({name})) for name in stripped)
    return case.answered(said, stages=(stage,), obligations=drop)


def pseudonymised(case: Case) -> Finding:
    """A15."""
    said = Said(case)
    needs = case.facts.purpose.needs_identifiers
    for asset in case.personal_assets if needs is not True else ():
        view = asset.has_pseudonymised_view
        pairs = [
            (asset, column)
            for owner, column in case.personal_columns
            if owner is asset
            and column.is_direct_identifier is not False
            and column.identifiability in (Identifiability.IDENTIFIED, None)
        ]
        if not pairs or view is False:
            continue
        sure = names((each, column) for each, column in pairs if column.is_direct_identifier)
        unsure = names((each, column) for each, column in pairs if column.is_direct_identifier is None)
        if sure and view and needs is False:
            said.object(Effect.DENY, PSEUDONYMS_SUFFICE, columns=sure)
        if unsure or view is None or needs is None:
            stated = {"has_pseudonymised_view": (view, "there is one"), "needs_identifiers": (needs, "no")}
            for name, (value, counted_as) in stated.items():
                if value is None:
                    said.not_known(f"{asset.uid}.{name}", counted_as)
            for name in unsure:
                said.not_known(f"columns.{name}.is_direct_identifier", "names a person")
            said.object(Effect.BLOCK, IDENTIFIERS_UNKNOWN, columns=names(iter(pairs)))
    return case.answered(said)


RULES = (
    Rule(
        id="A14",
        type=RuleType.LAW,
        articles=("GDPR Art. 5(1)(c)", "GDPR Art. 25(2)"),
        evaluate=necessary,
        parameters={"roles": Words()},
        defaults={"roles": ("steward",)},
        exempted_by=EITHER,
    ),
    Rule(
        id="A15",
        type=RuleType.POLICY,
        articles=("GDPR Art. 4(5)", "GDPR Art. 5(1)(c)", "GDPR Art. 25", "GDPR Art. 89(1)"),
        evaluate=pseudonymised,
        exempted_by=EITHER,
    ),
)
