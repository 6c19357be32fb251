"""Versions of activities as entries of the register, chunk by chunk: memory does not grow with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
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
from apps.compliance.facts.art30 import beside, particulars
from apps.compliance.facts.art30.data import Data, data_of, taxonomy
from apps.compliance.lifecycle.activity import RecipientKind, Role, SecurityMeasure
from apps.compliance.lifecycle.activity.particulars import Particulars
from apps.compliance.lifecycle.parties import PartyContent
from apps.compliance.lifecycle.reading import read
from apps.compliance.models import ActivityVersion, held_on
from apps.compliance.taxonomy.terms import Facet, terms
from apps.kernel.texts import sentence
from apps.policy.law_words import TransferMechanism
from apps.policy.reason import Reason, declared_codes

CHUNK = 500
UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """What the activities of a chunk name."""

    on: date
    keeper: Party
    aims: Mapping[int, Aim]
    data: Mapping[int, Data]
    assessments: Mapping[str, list[Assessment]]
    transfers: beside.Transfers
    retentions: beside.Retentions
    parties: Mapping[str, PartyContent]
    """By their name, and by their uid."""
    said: Mapping[int, Particulars]
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
    categories, before = taxonomy(), _Before()
    held = held_activities(organization, on).select_related("activity")
    related = held.prefetch_related("controller", "approved_by")  # few, and each is read once for many
    for versions in in_chunks(related, "activity__ref", size=size):
        with translation.override("en"):  # the register has one language
            found = _beside(versions, organization, on, categories, before)
            entries = [_entry(version, found) for version in versions]
        yield entries


Read = Callable[[Set[Any]], Mapping[Any, Any]]


class _Before:
    """What the chunk before named beside its activities, so that it is not read again. What a chunk does not
    name is let go, so that no more is held than one chunk names."""

    def __init__(self) -> None:
        self.held: dict[str, dict[Any, Any]] = {}

    def of(
        self, what: str, wanted: Set[Any], read: Callable[[Set[Any]], Mapping[Any, Any]]
    ) -> dict[Any, Any]:
        """By their keys; one of which nothing is found is not asked for again either."""
        before = self.held.get(what, {})
        new = wanted - before.keys()
        found = read(new) if new else {}
        self.held[what] = {key: before[key] if key in before else found.get(key) for key in wanted}
        return {key: value for key, value in self.held[what].items() if value is not None}


def _beside(
    versions: Sequence[Any],
    organization: Organization,
    on: date,
    categories: Mapping[str, Category],
    kept: _Before,
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
    said = {version.pk: read(Particulars, version.particulars) for version in versions}
    named = _named_by(versions, said.values())

    def parties_of(new: Set[str]) -> Mapping[str, PartyContent]:
        found = beside.parties_of(new & named["parties"], new & names, organization.pk, on=on)
        by_name = {version.name: read(PartyContent, version.content) for version in found}
        return by_name | {str(version.legal_record.uid): by_name[version.name] for version in found}

    aims = {key for found in purposes.values() for key in found}
    schedules = partial(beside.retentions_of, organization=organization.pk, on=on)
    return _Beside(
        on=on,
        keeper=_party(organization),
        aims=kept.of("aims", aims, lambda new: beside.aims_of(new, organization.pk, on=on)),
        data=kept.of("data", {key for key, _, _ in every}, lambda new: data_of(new, before=before)),
        assessments=beside.assessments_of(activities, organization.pk, on=on, before=before),
        transfers=beside.transfers_of(activities, named["transfers"], organization.pk, on=on),
        retentions=beside.Retentions(
            by_asset=kept.of(
                "schedules", {uid for _, uid, _ in every}, lambda new: schedules(new, ()).by_asset
            ),
            by_uid=kept.of("retentions", named["retentions"], lambda new: schedules((), new).by_uid),
        ),
        parties=kept.of("parties", names | named["parties"], parties_of),
        said=said,
        purposes_of=purposes,
        assets_of=assets,
        categories=categories,
    )


def _named_by(versions: Sequence[Any], said: Iterable[Particulars]) -> dict[str, set[str]]:
    """The uids of the records that activities name, by their kind."""
    parties = {each["party_id"] for version in versions for each in version.recipients if "party_id" in each}
    transfers, retentions = set(), set()
    for each in said:
        parties |= {str(uid) for uid in (*each.joint_controllers, *each.sub_processors)}
        parties |= {str(row.controller) for row in each.on_behalf if row.controller}
        transfers |= {str(uid) for uid in each.transfer_records}
        retentions |= {str(row.retention) for row in each.personal_data if row.retention}
    return {"parties": parties, "transfers": transfers, "retentions": retentions}


def _entry(version: Any, found: _Beside) -> Entry:
    said = found.said[version.pk]
    assets = sorted(found.assets_of.get(version.pk, ()), key=lambda each: (each[2].casefold(), each[0]))
    data = [found.data.get(key) for key, _, _ in assets]
    role = Role(version.role)
    subjects = tuple(version.data_subject_categories)
    return Entry(
        ref=version.activity.ref,
        version=version.number,
        status="approved",
        role=role,
        name=version.name,
        description=version.description,
        business_function=said.business_function,
        keeper=found.keeper,
        controller=_party(version.controller),
        joint_controllers=_joint(version, role, said, found),
        representative=particulars.representative(said, version.controller.country, found.on),
        dpo=particulars.officer(said),
        aims=tuple(found.aims[key] for key in found.purposes_of.get(version.pk, ())),
        subject_codes=subjects,
        subjects=tuple(_labels().get(code, code) for code in subjects),
        categories=tuple(
            particulars.categories(
                said, {code for each in data if each for code in each.categories}, found.categories
            )
        ),
        is_classified=bool(said.personal_data)
        or (bool(data) and all(each is not None and each.is_classified for each in data)),
        recipients=_recipients(version, said, found),
        transfers=_transfers(version, said, found),
        retentions=tuple(_retentions([uid for _, uid, _ in assets], said, found)),
        no_time_limits=said.no_time_limits_reason,
        measures=tuple(SecurityMeasure(word) for word in version.security_measures),
        no_measures=said.no_measures_reason,
        automated_decisions=particulars.automated_decisions(said),
        assessments=tuple(found.assessments.get(str(version.activity.uid), ())),
        sources=particulars.sources(said),
        datasets=tuple(
            Dataset(name=name, version=each.number if each else None)
            for (_, _, name), each in zip(assets, data, strict=True)
        ),
        served=tuple(_served(version, said, found)) if role is Role.PROCESSOR else (),
        locations=tuple(sorted({place.country for place in said.places if place.country})),
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


def _joint(version: Any, role: Role, said: Particulars, found: _Beside) -> tuple[Party, ...] | Absent:
    if role is not Role.JOINT_CONTROLLER and not said.joint_controllers:
        return Absent.NOT_APPLICABLE
    named = [_recorded(str(uid), found) for uid in said.joint_controllers]
    names = [each["party"] for each in version.recipients if each["kind"] == RecipientKind.JOINT_CONTROLLER]
    told = {each.name: each for each in (*(_recorded(name, found) for name in names if name.strip()), *named)}
    return tuple(told.values())


def _recorded(named: str, found: _Beside) -> Party:
    """By uid or by name; one that is not in force is told by its name alone."""
    known = found.parties.get(named)
    if known is None:
        return Party(name="" if UID.fullmatch(named) else named)
    return Party(name=known.name, address=known.address, country=known.country, contact=known.contact)


def _served(version: Any, said: Particulars, found: _Beside) -> Iterator[Served]:
    """Each controller once, with everything that is done for it."""
    done: dict[str, list[str]] = {}
    for row in said.on_behalf:
        done.setdefault(str(row.controller or ""), []).extend(row.categories.split(";"))
    for uid, categories in done.items():
        known = found.parties.get(uid)
        yield Served(
            party=_recorded(uid, found) if uid else Party(name=""),
            representative=particulars.representative_of(known, found.on) if known else "",
            processing=tuple(each.strip() for each in categories if each.strip()),
            contract_ref=known.contract_ref if known else "",
        )
    if not done and version.controller_id != version.activity.organization_id:
        yield Served(
            party=_party(version.controller),
            representative=particulars.within_the_union(version.controller.country, found.on),
        )


def _recipients(version: Any, said: Particulars, found: _Beside) -> tuple[Recipient, ...] | Absent:
    told = [_recipient(each, found) for each in version.recipients]
    for uid in said.sub_processors:
        party = _recorded(str(uid), found)
        sub = Recipient(kind=RecipientKind.SUB_PROCESSOR, party=party.name, country=party.country)
        told += [sub] if sub not in told else []
    if not told:
        return Absent.NONE if version.no_recipients_confirmed else ()
    return tuple(told)


def _recipient(said: Mapping[str, str], found: _Beside) -> Recipient:
    """The record of the party, where there is one; else the words of the activity."""
    known = found.parties.get(said.get("party_id", "")) or found.parties.get(said["party"])
    return Recipient(
        kind=RecipientKind(said["kind"]),
        party=known.name if known else said["party"],
        country=said.get("country", "") or (known.country if known else ""),
    )


def _transfers(version: Any, said: Particulars, found: _Beside) -> tuple[Transfer, ...] | Absent:
    """What the activity says, completed by records of transfers that name it; then what they alone say."""
    records = list(found.transfers.by_activity.get(str(version.activity.uid), ()))
    for uid in said.transfer_records:
        record = found.transfers.by_uid.get(str(uid))
        records += [record] if record and record not in records else []
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


def _retentions(uids: Iterable[str], said: Particulars, found: _Beside) -> Iterator[Retention]:
    """By kind of data where the activity says so; then the schedules of its assets that it does not name."""
    seen = set()
    for row in said.personal_data:
        known = found.retentions.by_uid.get(str(row.retention))
        if known is not None:
            category = found.categories.get(row.category)
            seen.add(known.ref)
            yield replace(known, data=category.label if category else row.category or known.data)
    for uid in uids:
        for each in found.retentions.by_asset.get(uid, ()):
            if each.ref not in seen:
                seen.add(each.ref)
                yield each


def _sentences(kept: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Findings as they were kept; those of codes that are gone are told by their code."""
    known = declared_codes() if kept else frozenset()
    for each in kept:
        if each["code"] in known:
            yield sentence(Reason(**{**each, "articles": tuple(each["articles"])}))
        else:
            yield str(each["code"])
