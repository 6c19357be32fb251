"""For what a version of a dataset may be used, in terms of DUO, ODRL and DPV, as `usageInfo` takes them.

Croissant 1.1, "Data Use Conditions". Each of them holds: what one allows, another may forbid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import override

from apps.catalog.models import AssetVersion
from apps.compliance.facts.agreements import where_it_stands
from apps.compliance.lifecycle.data_sheets import listed
from apps.compliance.lifecycle.use_agreements import (
    USE_AGREEMENTS,
    AgreementStage,
    Modifier,
    Permission,
    UseAgreementContent,
    ends_on,
)
from apps.compliance.models import LegalRecordVersion, PermittedPurpose, PurposeConcept
from apps.compliance.taxonomy.mapping import Match, use_terms
from apps.kernel.actor import Actor

PREFIXES = {
    "duo": "http://purl.obolibrary.org/obo/DUO_",
    "mondo": "http://purl.obolibrary.org/obo/MONDO_",
    "odrl": "http://www.w3.org/ns/odrl/2/",
}
HOLDING = (AgreementStage.ACTIVE, AgreementStage.EXPIRING)
UNTOLD = "An agreement on the use of these data is on record that is not in force, or may not be read by all."
Told = dict[str, Any]


def usage_of(
    actor: Actor, version: AssetVersion, permitted: Iterable[PermittedPurpose], on: date
) -> tuple[Told, ...]:
    """A purpose is told in terms of DUO only where no agreement names the data: those may be narrower."""
    agreements = LegalRecordVersion.objects.filter(
        legal_record__organization=version.asset.organization_id,
        legal_record__kind=USE_AGREEMENTS.slug,
        record_status__in=("approved", "retired"),
        content__assets__contains=[str(version.asset.uid)],
    )
    rows = agreements.select_related("legal_record").order_by("legal_record__ref", "number")
    last = {each.legal_record_id: each for each in rows}
    named = [each for each in last.values() if _is_about(each.said, version)]
    seen = set(agreements.visible_to(actor).in_force(on).values_list("pk", flat=True)) if named else set()
    concepts = dict.fromkeys(each.concept for each in permitted if not each.column_name)
    with override("en"):
        told = [
            _offer(each)
            for each in named
            if each.pk in seen and where_it_stands(each.legal_record, each, on=on) in HOLDING
        ]
        if len(told) < len(named):
            told.append({"@type": "CreativeWork", "name": UNTOLD})
        return (*told, *_terms(concepts, is_agreed=bool(named)))


def _is_about(said: UseAgreementContent, version: AssetVersion) -> bool:
    return not said.versions or version.uid in said.versions


def _terms(concepts: Iterable[PurposeConcept], *, is_agreed: bool) -> Iterator[Told]:
    exact = {each.purpose: each for each in use_terms() if each.is_permission and each.match is Match.EXACT}
    for concept in concepts:
        yield _term(concept.label, concept.code, concept.iri)
        if not is_agreed and (duo := exact.get(concept.code)):
            label = str(Permission(duo.code).label)
            yield _term(label, duo.id.replace(":", "_"), duo.iri)


def _term(name: str, code: str, address: str) -> Told:
    return {"@type": "DefinedTerm", "name": name, "termCode": code, "url": address}


def _offer(agreed: LegalRecordVersion) -> Told:
    said: UseAgreementContent = agreed.said
    told: Told = {
        "@type": ["CreativeWork", "odrl:Offer"],
        "name": f"Data-use agreement {agreed.legal_record.ref}, version {agreed.number}",
    }
    if said.permission:
        told["odrl:permission"] = {
            "@type": "odrl:Permission",
            "odrl:action": {**_duo(said.permission), "name": str(said.permission.label)},
            "odrl:constraint": list(_constraints(said, ends_on(said, agreed.effective_to))),
        }
    if said.forbids_sharing:
        told["odrl:prohibition"] = {
            "@type": "odrl:Prohibition",
            "odrl:action": {"@id": "odrl:distribute", "name": "Passing them on"},
        }
    return told


def _constraints(said: UseAgreementContent, end: date | None) -> Iterator[Told]:
    if said.permission is Permission.DS:
        for code in listed(said.diseases):
            disease = {"@id": code.lower()} if code.upper().startswith("MONDO:") else code
            yield _constraint(str(Permission.DS.label), disease, of=_duo(Permission.DS))
    given = _given(said)
    for each in sorted(said.modifiers):
        if value := given.get(each):
            yield _constraint(str(each.label), value, of=_duo(each))
        else:
            yield _constraint(str(each.label), _duo(each))
    if end is not None:
        day = {"@id": "odrl:dateTime"}
        yield _constraint("The agreement ends", end.isoformat(), of=day, operator="odrl:lt")


def _given(said: UseAgreementContent) -> Mapping[Modifier, Any]:
    """What stands beside a term. Not the users: they are people."""
    moratorium = said.moratorium_until
    return {
        Modifier.MOR: moratorium.isoformat() if moratorium else "",
        Modifier.IS: list(listed(said.institutions)),
        Modifier.PS: said.project,
        Modifier.GS: list(listed(said.regions)),
        Modifier.TS: said.months,
        Modifier.RS: said.topic,
    }


def _constraint(name: str, value: Any, *, of: Told | None = None, operator: str = "odrl:eq") -> Told:
    is_one_of = operator == "odrl:eq" and isinstance(value, list)
    return {
        "@type": "odrl:Constraint",
        "name": name,
        **({"odrl:leftOperand": of} if of else {}),
        "odrl:operator": {"@id": "odrl:isAnyOf" if is_one_of else operator},
        "odrl:rightOperand": value,
    }


def _duo(term: Permission | Modifier) -> Told:
    return {"@id": term.article.lower()}
