"""A register restored from its document: everything as it was signed, in an organization that has none yet.

Signatures are taken over, not given anew, so nobody may do this through the portal: the operator does, with
the document of another installation at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError

from apps.accounts.authorization import authorize
from apps.accounts.models import Audience, Domain, Organization, Person, PersonStatus, Relation
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.models import Asset, AssetVersion, ModelDetails
from apps.classification.commands.categories import LOCAL
from apps.compliance import events
from apps.compliance.commands import review
from apps.compliance.commands.contents import activity_content_of, purpose_content_of
from apps.compliance.commands.entries import read_entry
from apps.compliance.commands.legal import legal_values
from apps.compliance.commands.purposes import purpose_values
from apps.compliance.errors import DOCUMENT_UNREADABLE, REGISTER_NOT_EMPTY
from apps.compliance.exports.document import FORMAT, FORMAT_VERSION, SECTIONS
from apps.compliance.facts.above import ABOVE
from apps.compliance.facts.art30.document import (
    ABOUT_ENTITIES,
    ABOUT_KINDS_OF_DATA,
    ABOUT_TERMS,
    OWN_TERMS,
)
from apps.compliance.lifecycle import (
    ActivityContent,
    PurposeContent,
    RecordStatus,
)
from apps.compliance.lifecycle.kinds import KINDS
from apps.compliance.lifecycle.reading import read_kept
from apps.compliance.models import (
    ActivityVersion,
    LegalRecord,
    LegalRecordVersion,
    ProcessingActivity,
    Purpose,
    PurposeVersion,
    RecordStep,
)
from apps.compliance.taxonomy.terms import Facet
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, invalid_state

ROOT_CONCEPT = "Purpose"
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, ObjectDoesNotExist, IntegrityError)
"""What a document is answered with that says something twice, wrongly, or not at all."""
Names = dict[str, dict[str, UUID]]


@command(lock=Organization)
def restore_register(
    *, actor: Actor, organization_id: UUID, document: Mapping[str, Any], sha256: str, at: datetime
) -> int:
    """Write everything the document holds, and answer with the number of activities.

    Assets that are not there are registered, with a version and without columns; those who signed are
    recorded as people who have left. What is only named becomes a draft without content.

    Raises: NotFound, NotPermitted, InvalidState (there is a register already), InvalidInput (unreadable).
    """
    organization = Organization.objects.visible_to(actor).one(organization_id)
    resource = review.record_resource("organization", _Whose(organization))
    authorize(actor=actor, operation=Operation.RESTORE_REGISTER, resource=resource)
    for table in (Purpose, LegalRecord, ProcessingActivity):
        if table._default_manager.filter(organization=organization).exists():
            raise invalid_state(REGISTER_NOT_EMPTY, organization=organization.name)
    try:
        restored = _Restored(actor, organization, _read(document), at)
        restored.write()
    except UNREADABLE as fault:
        raise invalid("document", DOCUMENT_UNREADABLE, place=_place(fault)) from fault
    event = events.RegisterRestored(
        organization_id=organization.uid, activities=len(document["activities"]), sha256=sha256
    )
    record(event, actor=actor, at=at)
    return len(document["activities"])


class _Whose:
    def __init__(self, organization: Organization) -> None:
        self.uid, self.organization_id = organization.uid, organization.pk


def _place(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:200]


def _read(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises: InvalidInput where it is no document of this kind."""
    told = {"format": FORMAT, "format_version": FORMAT_VERSION}
    if not isinstance(document, Mapping) or any(document.get(name) != value for name, value in told.items()):
        raise invalid("document", DOCUMENT_UNREADABLE, place="format, format_version")
    if missing := [name for name in SECTIONS if not isinstance(document.get(name), list)]:
        raise invalid("document", DOCUMENT_UNREADABLE, place=", ".join(missing))
    return document


class _Restored:
    def __init__(
        self, actor: Actor, organization: Organization, document: Mapping[str, Any], at: datetime
    ) -> None:
        self.actor, self.organization, self.document, self.at = actor, organization, document, at
        self.begun = datetime.combine(date.fromisoformat(document["as_of"]), time(), UTC)
        self.people: dict[str, Person] = {}
        self.uids: Names = {"asset": {}, "version": {}, "purpose": {}, "record": {}, "activity": {}}
        self.rows: dict[str, dict[str, Any]] = {"purpose": {}, "record": {}, "activity": {}}

    def write(self) -> None:
        own = self._own_terms()
        for row in self.document["assets"]:
            self._asset(row["kind"], row["name"], row["domain"], row["version"], row.get("content_sha256"))
        self._identities()
        for row in self.document["purposes"]:
            self._purpose(row)
        for row in self.document["records"]:
            self._record(row)
        for row in self.document["activities"]:
            self._activity(row)
        for row in self.document["named"]:
            self._placeholder(row)
        for term, row in own:
            self._end(term, row)

    def _own_terms(self) -> list[tuple[Any, Mapping[str, Any]]]:
        """Those that were not there. A word that is there stays as it is: it is the installation's. Older
        documents tell of none."""
        made = []
        for row in self.document.get("terms", ()):
            facet = Facet(row["facet"])
            words = OWN_TERMS[facet]._default_manager
            if words.filter(code__iexact=row["code"]).exists():
                continue
            names = (*ABOUT_TERMS, *(ABOUT_KINDS_OF_DATA if facet is Facet.CATEGORIES else ()))
            said = {name: row[name] for name in names}
            since = date.fromisoformat(row["since"])
            term = words.create(scheme=LOCAL, since=since, created_at=self.begun, **said)
            made.append((term, row))
        for term, row in made:
            found = [type(term)._default_manager.get(code=code) for code in row["parents"]]
            term.parents.set(found)
        return made

    def _end(self, term: Any, row: Mapping[str, Any]) -> None:
        """Only now: records name it, and no new one may."""
        if row["deprecated_on"]:
            term.deprecated_on = date.fromisoformat(row["deprecated_on"])
            if row["replaced_by"]:
                term.replaced_by = type(term)._default_manager.get(code=row["replaced_by"])
            term.write("deprecated_on", "replaced_by")

    def _identities(self) -> None:
        """Before any content, for they name each other. In the order of their numbers, as they were begun."""
        found = [("purpose", row["ref"], row) for row in self.document["purposes"]]
        found += [("record", row["ref"], row) for row in self.document["records"]]
        found += [("activity", row["ref"], row) for row in self.document["activities"]]
        for row in self.document["named"]:
            if "asset" in row:
                kind, name = row["asset"]
                self._asset(kind, name, row["domain"], None)
            elif "organization" in row:
                self._entity(row)
            elif "version" in row:
                kind, name, number = row["version"]
                self._asset(kind, name, row["domain"], number, row["content_sha256"])
            else:
                found += [(name, row[name], row) for name in self.rows if name in row]
        for name, ref, row in sorted(found, key=lambda each: each[:2]):
            made = _IDENTITIES[name](self.organization, ref, row, self.at)
            self.rows[name][ref] = made
            self.uids[name][ref] = made.uid

    def _entity(self, row: Mapping[str, Any]) -> None:
        """Another legal entity, for which something is done. One that is there stays as it is."""
        if not Organization.objects.filter(code__iexact=row["organization"]).exists():
            said = {name: row[name] for name in ABOUT_ENTITIES}
            Organization.objects.create(code=row["organization"], created_at=self.at, **said)

    def _asset(
        self, kind: str, name: str, domain: str, number: int | None, content_sha256: str | None = None
    ) -> None:
        """With that version, and the hash of what it holds, which older documents do not tell."""
        asset = Asset.objects.filter(organization=self.organization, kind=kind, name__iexact=name).first()
        if asset is None:
            area = Domain.objects.filter(organization=self.organization, name__iexact=domain).first()
            area = area or Domain.objects.create(
                organization=self.organization, name=domain, audience=Audience.TEAMS, created_at=self.at
            )
            asset = Asset.objects.create(
                organization=self.organization, domain=area, kind=kind, name=name, created_at=self.begun
            )
            if kind == "model":
                ModelDetails.objects.create(asset=asset)
        self.uids["asset"][f"{kind} {name}"] = asset.uid
        if number is not None:
            version = asset.versions.filter(number=number).first()
            version = version or AssetVersion.objects.create(
                asset=asset, number=number, content_sha256=content_sha256 or "", created_at=self.begun
            )
            self.uids["version"][f"{kind} {name} {number}"] = version.uid

    def _purpose(self, row: Mapping[str, Any]) -> None:
        purpose = self.rows["purpose"][row["ref"]]
        content = purpose_content_of(row["content"])
        values = purpose_values(content, at=self.at)
        version = PurposeVersion.objects.create(
            purpose=purpose, number=row["version"], created_at=self.at, **values
        )
        self._sign(version, row)

    def _record(self, row: Mapping[str, Any]) -> None:
        record = self.rows["record"][row["ref"]]
        kind = KINDS[row["kind"]]
        content = read_kept(kind.content, self._with_uids(row["content"], str))
        values = legal_values(kind, content, self.organization, actor=self.actor, at=self.at, elsewhere=ABOVE)
        version = LegalRecordVersion.objects.create(
            legal_record=record, number=row["version"], created_at=self.at, **values
        )
        self._sign(version, row)
        for number, step in enumerate(row["steps"], start=1):
            RecordStep.objects.create(
                legal_record=record,
                number=number,
                step=step["step"],
                stage_before=step["before"],
                stage_after=step["after"],
                said=step["said"],
                version=version,
                taken_by=self._person(step["taken_by"]),
                created_at=datetime.fromisoformat(step["taken_at"]),
            )
            record.stage = step["after"]
            record.write("stage")

    def _activity(self, row: Mapping[str, Any]) -> None:
        activity = self.rows["activity"][row["ref"]]
        content = activity_content_of(self._with_uids(row["content"], str))
        entry = read_entry(content, self.organization, actor=self.actor, at=self.at)
        version = ActivityVersion.objects.create(
            activity=activity, number=row["version"], created_at=self.at, **entry.values
        )
        version.purposes.set(entry.purposes)
        version.assets.set(entry.assets)
        self._sign(version, row, clearance=row["clearance"], clearance_reasons=row["clearance_reasons"])

    def _placeholder(self, row: Mapping[str, Any]) -> None:
        """A draft that says nothing, for somebody to write."""
        at = self.at
        if "purpose" in row:
            blank = PurposeContent(name=row["purpose"], concept_code=ROOT_CONCEPT)
            purpose = self.rows["purpose"][row["purpose"]]
            PurposeVersion.objects.create(
                purpose=purpose, number=1, created_at=at, **purpose_values(blank, at=at)
            )
        elif "record" in row:
            kind = KINDS[row["kind"]]
            values = legal_values(
                kind, kind.content(name=row["record"]), self.organization, actor=self.actor, at=at
            )
            record = self.rows["record"][row["record"]]
            LegalRecordVersion.objects.create(legal_record=record, number=1, created_at=at, **values)
        elif "activity" in row:
            entry = read_entry(
                ActivityContent(name=row["activity"]), self.organization, actor=self.actor, at=at
            )
            activity = self.rows["activity"][row["activity"]]
            ActivityVersion.objects.create(activity=activity, number=1, created_at=at, **entry.values)

    def _sign(self, version: Any, row: Mapping[str, Any], **also: Any) -> None:
        """By those who signed it then, at that moment."""
        submitter = self._person(row["submitted_by"])
        signer = self._person(row["approved_by"])
        rows = type(version)._default_manager.filter(pk=version.pk)
        rows.update(
            record_status=RecordStatus.IN_REVIEW,
            submitted_by=None if submitter == signer else submitter,
            submitted_at=_moment(row["submitted_at"]),
        )
        rows.update(
            record_status=RecordStatus.APPROVED,
            approved_by=signer,
            approved_at=_moment(row["approved_at"]),
            **also,
        )

    def _person(self, name: str | None) -> Person | None:
        if name is None:
            return None
        if name not in self.people:
            known = Person.objects.filter(organization=self.organization, name=name).order_by("pk").first()
            self.people[name] = known or Person.objects.create(
                organization=self.organization,
                name=name,
                relation=Relation.EMPLOYEE,
                status=PersonStatus.DEPARTED,
                created_at=self.at,
            )
        return self.people[name]

    def _with_uids(self, value: Any, made: Callable[[UUID], Any]) -> Any:
        """Names back into uids.  Raises: KeyError for what is not in the document."""
        match value:
            case {"organization": code, **rest} if not rest:
                named = self.organization if code is None else Organization.objects.get(code__iexact=code)
                return made(named.uid)
            case {"asset": [kind, name], **rest} if not rest:
                return made(self.uids["asset"][f"{kind} {name}"])
            case {"version": [kind, name, number], **rest} if not rest:
                return made(self.uids["version"][f"{kind} {name} {number}"])
            case dict() if len(value) == 1 and next(iter(value)) in self.rows:
                (name, ref), *_ = value.items()
                return made(self.uids[name][ref])
            case dict():
                return {name: self._with_uids(member, made) for name, member in value.items()}
            case list():
                return [self._with_uids(member, made) for member in value]
        return value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _purpose_of(organization: Organization, ref: str, row: Mapping[str, Any], at: datetime) -> Purpose:
    standing = {name: row[name] for name in ("standing", "standing_reason") if name in row}
    return Purpose.objects.create(organization=organization, ref=ref, created_at=at, **standing)


def _record_of(organization: Organization, ref: str, row: Mapping[str, Any], at: datetime) -> LegalRecord:
    cycle = KINDS[row["kind"]].cycle
    stage = cycle.begins if cycle else ""
    return LegalRecord.objects.create(
        organization=organization, kind=row["kind"], ref=ref, stage=stage, created_at=at
    )


def _activity_of(
    organization: Organization, ref: str, row: Mapping[str, Any], at: datetime
) -> ProcessingActivity:
    return ProcessingActivity.objects.create(organization=organization, ref=ref, created_at=at)


_IDENTITIES: Mapping[str, Callable[[Organization, str, Mapping[str, Any], datetime], Any]] = {
    "purpose": _purpose_of,
    "record": _record_of,
    "activity": _activity_of,
}
