"""Versions of activities as entries of the register, chunk by chunk: memory does not grow with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.utils import translation

from apps.accounts.models import Organization
from apps.compliance.exports.entry import (
    Absent,
    Aim,
    Assessment,
    Category,
    Dataset,
    Entry,
    Party,
    Recipient,
    Retention,
    Served,
    Transfer,
)
from apps.compliance.exports.words import RECIPIENTS
from apps.compliance.facts.register import beside
from apps.compliance.facts.register.data import Data, data_of, taxonomy
from apps.compliance.lifecycle.activity import RecipientKind, Role, SecurityMeasure
from apps.compliance.lifecycle.parties import PartyContent
from apps.compliance.lifecycle.reading import read
from apps.compliance.lifecycle.transfers import REGIME
from apps.compliance.models import ActivityVersion, held_on
from apps.compliance.taxonomy.terms import Facet, terms
from apps.kernel.texts import sentence
from apps.policy.law_words import TransferMechanism
from apps.policy.packs import ALL_PACKS, law_on
from apps.policy.reason import Reason, declared_codes

CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """What the activities of a chunk name."""

    on: date
    keeper: Party
    aims: Mapping[int, Aim]
    data: Mapping[int, Data]
    assessments: Mapping[str, list[Assessment]]
    transfers: Mapping[str, list[beside.Sent]]
    retentions: Mapping[str, list[Retention]]
    parties: Mapping[str, PartyContent]
    purposes_of: Mapping[int, list[int]]
    assets_of: Mapping[int, list[tuple[int, str, str]]]
    categories: Mapping[str, Category]


def held_activities(organization: Organization, on: date) -> Any:
    """Versions of the activities that held on the day, whether or not the processing may run."""
    versions = ActivityVersion.objects.filter(activity__organization=organization)
    return held_on(versions, "activity", "effective_from", on)


def in_chunks(rows: Any, key: str, *, size: int = CHUNK) -> Iterator[list[Any]]:
    """By a key that is unique and in the order of the database: each chunk is found by its index."""
    ordered = rows.order_by(key)
    found = list(ordered[:size])
    while found:
        yield found
        last = found[-1]
        for name in key.split("__"):
            last = getattr(last, name)
        found = list(ordered.filter(**{f"{key}__gt": last})[:size]) if len(found) == size else []


def register_entries(organization: Organization, on: date, *, size: int = CHUNK) -> Iterator[list[Entry]]:
    """Chunks of entries by their number; a dozen queries for each, however many entries it has."""
    categories = taxonomy()
    related = held_activities(organization, on).select_related("activity", "controller", "approved_by")
    for versions in in_chunks(related, "activity__ref", size=size):
        with translation.override("en"):  # the register has one language
            found = _beside(versions, organization, on, categories)
            entries = [_entry(version, found) for version in versions]
        yield entries


def _beside(
    versions: Sequence[Any], organization: Organization, on: date, categories: Mapping[str, Category]
) -> _Beside:
    keys = [version.pk for version in versions]
    before = datetime.combine(on + timedelta(days=1), time(), UTC)
    purposes: dict[int, list[int]] = {}
    through = ActivityVersion.purposes.through.objects.filter(activityversion__in=keys)
    for version, purpose in through.values_list("activityversion_id", "purpose_id"):
        purposes.setdefault(version, []).append(purpose)
    assets: dict[int, list[tuple[int, str, str]]] = {}
    covered = ActivityVersion.assets.through.objects.filter(activityversion__in=keys)
    columns = ("activityversion_id", "asset_id", "asset__uid", "asset__name")
    for version, asset, uid, name in covered.values_list(*columns):
        assets.setdefault(version, []).append((asset, str(uid), name))
    activities = [str(version.activity.uid) for version in versions]
    every = {each for found in assets.values() for each in found}
    names = {each["party"] for version in versions for each in version.recipients if each["party"]}
    names |= {each["importer"] for version in versions for each in version.transfers}
    return _Beside(
        on=on,
        keeper=_party(organization),
        aims=beside.aims_of({key for found in purposes.values() for key in found}, organization.pk, on=on),
        data=data_of({key for key, _, _ in every}, before=before),
        assessments=beside.assessments_of(activities, organization.pk, on=on, before=before),
        transfers=beside.transfers_of(activities, organization.pk, on=on),
        retentions=beside.retentions_of({uid for _, uid, _ in every}, organization.pk, on=on),
        parties={
            version.name: read(PartyContent, version.content)
            for version in beside.parties_of((), names, organization.pk, on=on)
        },
        purposes_of=purposes,
        assets_of=assets,
        categories=categories,
    )


def _entry(version: Any, found: _Beside) -> Entry:
    assets = sorted(found.assets_of.get(version.pk, ()), key=lambda each: (each[2].casefold(), each[0]))
    data = [found.data.get(key) for key, _, _ in assets]
    codes = sorted({code for each in data if each for code in each.categories})
    role = Role(version.role)
    subjects = tuple(version.data_subject_categories)
    return Entry(
        ref=version.activity.ref,
        version=version.number,
        status="approved",
        role=role,
        name=version.name,
        description=version.description,
        keeper=found.keeper,
        controller=_party(version.controller),
        joint_controllers=_joint(version, role, found),
        representative=_representative(version.controller.country, found.on),
        aims=tuple(found.aims[key] for key in found.purposes_of.get(version.pk, ())),
        subject_codes=subjects,
        subjects=tuple(_labels().get(code, code) for code in subjects),
        categories=tuple(found.categories[code] for code in codes if code in found.categories),
        is_classified=bool(data) and all(each is not None and each.is_classified for each in data),
        recipients=_recipients(version, found),
        transfers=_transfers(version, found),
        retentions=tuple(_retentions([uid for _, uid, _ in assets], found)),
        measures=tuple(SecurityMeasure(word) for word in version.security_measures),
        assessments=tuple(found.assessments.get(str(version.activity.uid), ())),
        datasets=tuple(
            Dataset(name=name, version=each.number if each else None)
            for (_, _, name), each in zip(assets, data, strict=True)
        ),
        served=(Served(party=_party(version.controller)),) if role is Role.PROCESSOR else (),
        last_reviewed=version.approved_at.date() if version.approved_at else None,
        approved_by=version.approved_by.name if version.approved_by else "",
        clearance=version.clearance,
        blocked_by=tuple(_sentences(version.clearance_reasons)),
    )


def _party(organization: Organization) -> Party:
    return Party(
        name=organization.name,
        address=organization.address,
        country=organization.country,
        contact=organization.contact,
    )


@cache
def _labels() -> Mapping[str, str]:
    return {code: term.label for code, term in terms(Facet.DATA_SUBJECTS).items()}


def _representative(country: str, on: date) -> str | Absent:
    """Art. 27 asks for one outside the European Economic Area alone."""
    inside = law_on(on, ALL_PACKS).countries(REGIME, "eea") or frozenset()
    return Absent.NOT_APPLICABLE if country in inside else ""


def _joint(version: Any, role: Role, found: _Beside) -> tuple[Party, ...] | Absent:
    if role is not Role.JOINT_CONTROLLER:
        return Absent.NOT_APPLICABLE
    named = [each["party"] for each in version.recipients if each["kind"] == RecipientKind.JOINT_CONTROLLER]
    return tuple(_named_party(name, found) for name in named if name.strip())


def _named_party(name: str, found: _Beside) -> Party:
    known = found.parties.get(name)
    if known is None:
        return Party(name=name)
    return Party(name=name, address=known.address, country=known.country, contact=known.contact)


def _recipients(version: Any, found: _Beside) -> tuple[Recipient, ...] | Absent:
    if not version.recipients:
        return Absent.NONE if version.no_recipients_confirmed else ()
    return tuple(
        Recipient(
            kind=RecipientKind(each["kind"]),
            party=each["party"],
            country=known.country if (known := found.parties.get(each["party"])) else "",
        )
        for each in version.recipients
    )


def _transfers(version: Any, found: _Beside) -> tuple[Transfer, ...] | Absent:
    """What the activity says, completed by records of transfers that name it; then what they alone say."""
    records = list(found.transfers.get(str(version.activity.uid), ()))
    told = []
    for each in version.transfers:
        record = next((sent for sent in records if _is_same(each, sent)), None)
        if record is not None:
            records.remove(record)
        told.append(_transfer(each, record, version, found))
    told += [
        _transfer({"country": sent.importer.country, "importer": sent.importer.name}, sent, version, found)
        for sent in records
        if sent.importer is not None
    ]
    if not told:
        return Absent.NONE if version.no_transfers_confirmed else ()
    return tuple(told)


def _is_same(said: Mapping[str, Any], sent: beside.Sent) -> bool:
    importer = sent.importer
    return (
        importer is not None
        and said["country"] == importer.country
        and said["importer"].casefold() == importer.name.casefold()
    )


def _transfer(said: Mapping[str, Any], sent: beside.Sent | None, version: Any, found: _Beside) -> Transfer:
    """The activity's own words win; the record tells what they leave open."""
    content = sent.content if sent else None
    mechanism = said.get("mechanism") or (content.mechanism if content else None) or ""
    party = (sent.importer if sent else None) or found.parties.get(said["importer"])
    role = str(party.role.label) if party is not None and party.role else ""
    if not role:
        kinds = [each["kind"] for each in version.recipients if each["party"] == said["importer"]]
        role = RECIPIENTS[RecipientKind(kinds[0])] if kinds else ""
    return Transfer(
        country=said["country"],
        importer=said["importer"],
        role=role,
        mechanism=TransferMechanism(mechanism).value if mechanism else "",
        instrument_ref=said.get("instrument_ref") or (content.instrument_ref if content else ""),
        tia=(content.tia_ref.strip() or f"TIA of {sent.ref}") if sent and content and content.tia else "",
        tia_valid_to=content.tia_review_on if content else None,
    )


def _retentions(uids: Iterable[str], found: _Beside) -> Iterator[Retention]:
    seen = set()
    for uid in uids:
        for each in found.retentions.get(uid, ()):
            if each.ref not in seen:
                seen.add(each.ref)
                yield each


def _sentences(kept: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Findings as they were kept; those of codes that are gone are told by their code."""
    known = declared_codes()
    for each in kept:
        if each["code"] in known:
            yield sentence(Reason(**{**each, "articles": tuple(each["articles"])}))
        else:
            yield str(each["code"])
