"""The register as JSON-LD in the terms of the Data Privacy Vocabulary, and in no others.

Terms are asked of the lists that ship (`taxonomy`), so that none is written which is not there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from apps.compliance.exports.entry import Absent, Entry, Party, Retention, Transfer
from apps.compliance.exports.provenance import Order
from apps.compliance.exports.words import MEASURES, RECIPIENTS, period
from apps.compliance.lifecycle.activity import RecipientKind, Role, SecurityMeasure
from apps.compliance.taxonomy.terms import every_term, shipped_iris, statements
from apps.kernel.separated import Writable

PREFIXES = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
}
RECIPIENT = {
    RecipientKind.INTERNAL_TEAM: "OrganisationalUnit",
    RecipientKind.PROCESSOR: "DataProcessor",
    RecipientKind.SUB_PROCESSOR: "DataSubProcessor",
    RecipientKind.JOINT_CONTROLLER: "JointDataControllers",
    RecipientKind.INDEPENDENT_CONTROLLER: "DataController",
    RecipientKind.PUBLIC_AUTHORITY: "Authority",
    RecipientKind.INTERNATIONAL_ORGANIZATION: "InternationalOrganisation",
}
MEASURE = {
    SecurityMeasure.PSEUDONYMISATION: "Pseudonymisation",
    SecurityMeasure.ENCRYPTION: "Encryption",
}


@cache
def _known() -> frozenset[tuple[str, str]]:
    named = {(each.scheme, each.code) for each in every_term()}
    return frozenset(named | {(each.scheme, each.code) for each in statements()})


def term(code: str, scheme: str = "dpv") -> str:
    """Raises: LookupError for what is not on the list."""
    if (scheme, code) not in _known():
        raise LookupError(f"{scheme}:{code} is not among the terms that ship.")
    return f"{scheme}:{code}"


def law(word: str) -> dict[str, str]:
    """`6(1)(f)` as `eu-gdpr:A6-1-f`; the second subparagraph of Art. 49(1) is `A49-2` there."""
    code = "A49-2" if word == "49(1)-2" else f"A{word.replace(')(', '-').replace('(', '-').rstrip(')')}"
    return {"@id": term(code, "eu-gdpr")}


def _node(kind: str, **said: Any) -> dict[str, Any]:
    stated = {term(name): value for name, value in said.items() if value}
    return {"@type": term(kind), **stated}


def _named(kind: str, iri: str, name: str) -> dict[str, Any]:
    """A term of the vocabulary as such; one of our own by its name, for nobody outside knows its address."""
    return {"@id": iri} if iri in shipped_iris() else _node(kind, hasName=name)


def _country(code: str) -> dict[str, str] | None:
    return {"@id": term(code, "loc")} if ("loc", code) in _known() else None


def _party(kind: str, given: Party) -> dict[str, Any]:
    return _node(
        kind,
        hasName=given.name,
        hasAddress=given.address,
        hasCountry=_country(given.country),
        hasContact=given.contact,
    )


def _retention(given: Retention) -> dict[str, Any]:
    length = period(given.duration or given.at_most)
    told = " ".join(part for part in (length, f"after {given.trigger}" if given.trigger else "") if part)
    duration = _node("TemporalDuration" if given.duration else "UntilEventDuration", hasName=told)
    return _node("StorageCondition", hasName=given.data, hasDuration=duration)


def _importer(given: Transfer) -> dict[str, Any]:
    return _node("DataImporter", hasName=given.importer, hasCountry=_country(given.country))


def process(entry: Entry, within: str) -> dict[str, Any]:
    """A node of the graph; it says itself which record it belongs to, so that none has to be kept."""
    recipients = () if isinstance(entry.recipients, Absent) else entry.recipients
    transfers = () if isinstance(entry.transfers, Absent) else entry.transfers
    joint = () if isinstance(entry.joint_controllers, Absent) else entry.joint_controllers
    is_processor = entry.role is Role.PROCESSOR
    controllers = [each.party for each in entry.served] if is_processor else [entry.controller]
    bases = [word for aim in entry.aims for word in (aim.basis, *aim.art9_conditions) if word]
    bases += [each.mechanism for each in transfers if each.mechanism]
    found = {
        "hasIdentifier": f"{entry.ref} v{entry.version}",
        "hasName": entry.name,
        "hasPurpose": [_named("Purpose", aim.iri, aim.name) for aim in entry.aims],
        "hasLegalBasis": [law(word) for word in sorted(set(bases))],
        "hasPersonalData": [
            _named("PersonalData", each.iri, each.label) for each in entry.categories if each.code
        ],
        "hasDataSubject": [{"@id": term(code)} for code in entry.subject_codes],
        "hasDataController": [_party("DataController", each) for each in controllers],
        "hasJointDataControllers": [_party("JointDataControllers", each) for each in joint],
        "hasDataProcessor": [_party("DataProcessor", entry.keeper)] if is_processor else [],
        "hasRecipient": [
            _node(
                RECIPIENT[each.kind],
                hasName=each.party or RECIPIENTS[each.kind],
                hasCountry=_country(each.country),
            )
            for each in recipients
        ],
        "hasDataImporter": [_importer(each) for each in transfers],
        "hasThirdCountry": [
            place for code in sorted({each.country for each in transfers}) if (place := _country(code))
        ],
        "hasStorageCondition": [_retention(each) for each in entry.retentions],
        "hasTechnicalOrganisationalMeasure": [
            {"@id": term(MEASURE[each])}
            if each in MEASURE
            else _node("TechnicalOrganisationalMeasure", hasName=MEASURES[each])
            for each in entry.measures
        ],
        "hasImpactAssessment": [
            _node(
                "DPIA",
                hasIdentifier=f"{each.ref} v{each.version}",
                hasStatus={"@id": term("DPIARequired" if each.is_required else "DPIANotRequired", "eu-gdpr")},
            )
            for each in entry.assessments
        ],
        "hasLocation": [place for code in entry.locations if (place := _country(code[:2]))],
    }
    stated = {term(name): value for name, value in found.items() if value}
    return {
        "@id": f"{within}:{entry.ref}",
        "@type": term("Process"),
        "@reverse": {term("hasProcess"): {"@id": within}},
        **stated,
    }


class Graph:
    """Nodes are written as entries come."""

    def __init__(self, into: Writable, order: Order, register: str) -> None:
        self.into, self.register = into, register
        record = {
            "@id": register,
            "@type": term("ROPA"),
            term("hasName"): f"{order.told(count=0, rows_sha256='')['register']}: {order.organization}",
        }
        self.into.write(b'{"@context":' + _bytes(PREFIXES) + b',"@graph":[\n' + _bytes(record))

    def write(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.into.write(b",\n" + _bytes(process(entry, self.register)))

    def close(self, told: Mapping[str, Any]) -> None:
        """Where it comes from is no statement about the processing: it stands beside the graph."""
        self.into.write(b'\n],"provenance":' + _bytes(told) + b"}\n")


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
