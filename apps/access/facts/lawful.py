"""What the records say about an ask and its purpose: assets, parties, transfers, systems, uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from apps.access.facts.asks import Ask
from apps.access.facts.subjects import employers
from apps.accounts.models import Person
from apps.classification.facts import ColumnStanding
from apps.compliance.facts import (
    Beside,
    Party,
    assessed_assets,
    controller_facts,
    corrects_bias,
    national_facts,
    party_facts,
    purpose_in_use,
    purpose_parents,
    read_register,
    system_facts,
    transfer_facts,
    use_facts,
)
from apps.policy import facts as policy
from apps.policy.facts import Action
from apps.policy.law_words import PartyPart

Refs = Callable[[str], str]
NO_PROJECT = "none"
"""Asked without a project: that is an answer, too."""


@dataclass(frozen=True, kw_only=True)
class Lawful:
    purpose: policy.PurposeFacts
    parents: Mapping[str, frozenset[str]]
    assets: tuple[policy.AssetFacts, ...]
    assessments: tuple[policy.CompatibilityFacts, ...]
    controller: policy.ControllerFacts
    parties: tuple[policy.PartyFacts, ...]
    transfers: tuple[policy.TransferFacts, ...]
    use: policy.UseFacts
    ai_system: policy.AiSystemFacts | None
    national_conditions: tuple[policy.NationalConditionFacts, ...]
    revealed: frozenset[str] | None


def lawful_facts(
    ask: Ask,
    purpose: policy.PurposeFacts,
    members: Iterable[Person],
    *,
    at: datetime,
    standings: Mapping[tuple[int, str], ColumnStanding] | None = None,
) -> Lawful:
    """Three queries; four where the standings of the columns were not read yet."""
    people = list(members)
    wanted = [(item.version, item.columns) for item in ask.items]
    parents = purpose_parents(purpose.code)
    assets, assessments, beside = assessed_assets(
        wanted, ask.purpose, concept=purpose.code, parents=parents, at=at, standings=standings
    )
    parties = _parties(ask, people, beside)
    organization = ask.requester.organization
    named = {party.named for party in parties} | beside.allowed
    register = read_register(organization, ask.purpose, named, on=at.date())
    return Lawful(
        purpose=purpose_in_use(purpose, parents, beside.use, corrects_bias(register)),
        parents=parents,
        assets=tuple(_named(asset, register.ref_of, ask, people) for asset in assets),
        assessments=assessments,
        controller=controller_facts(organization),
        parties=party_facts(register, parties, beside.agreed),
        transfers=transfer_facts(register),
        use=use_facts(
            register,
            institution=organization.name,
            project=ask.project.name if ask.project else NO_PROJECT,
            place=ask.place_of_processing or None,
        ),
        ai_system=system_facts(register),
        national_conditions=national_facts(register),
        revealed=beside.revealed,
    )


def _parties(ask: Ask, people: list[Person], beside: Beside) -> list[Party]:
    """For whom people work, who runs the places, and who is given the data where passing on is asked for."""
    operators = [Party(part=PartyPart.OPERATOR, named=ref) for ref in sorted(beside.operators)]
    recipients = beside.recipients if Action.SHARE in ask.actions else ()
    return [*employers(ask, people), *operators, *recipients]


def _named(asset: policy.AssetFacts, ref_of: Refs, ask: Ask, people: list[Person]) -> policy.AssetFacts:
    """Operators by the numbers of their records, and users of agreements by what the subject is known by."""
    pin, agreements = asset.pin, asset.agreements
    if pin is not None and isinstance(pin.operators, frozenset):
        pin = replace(pin, operators=frozenset(map(ref_of, pin.operators)))
    if agreements is not None:
        agreements = tuple(_with_users(each, ask, people) for each in agreements)
    return replace(asset, pin=pin, agreements=agreements)


def _with_users(agreement: policy.AgreementFacts, ask: Ask, people: list[Person]) -> policy.AgreementFacts:
    """Users are named by their name or e-mail; a project is one where all of its members are."""
    known = {user.casefold() for user in agreement.users}
    if not known or not people:
        return agreement
    if not all({person.name.casefold(), person.email.casefold()} & known for person in people):
        return agreement
    subject = ask.service_account or ask.project or ask.person
    return replace(agreement, users=agreement.users | {str(subject.uid)})


def justified_columns(ask: Ask, assets: Iterable[policy.AssetFacts]) -> frozenset[str]:
    """Columns that the justification of the request names, so that a steward reads why they are needed."""
    words = {word.casefold() for word in re.findall(r"\w+", ask.justification)}
    return frozenset(
        f"{asset.uid}/{column.name}"
        for asset in assets
        for column in asset.columns
        if set(re.findall(r"\w+", column.name.casefold())) <= words
    )
