"""The trail in plain words: what happened, what was tried and refused, and the facts of each entry.

Names of events and commands are for machines and never change; here is what people read instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.access.queries import grants_visible_to, requests_visible_to
from apps.accounts.queries import domains_visible_to, people_visible_to, teams_visible_to
from apps.catalog.queries import assets_visible_to, versions_visible_to
from apps.compliance.queries import activities, purposes
from apps.console import wording
from apps.console.probes import question_of
from apps.credentials.queries import leases_visible_to
from apps.kernel.actor import Actor
from apps.kernel.events import declared_events
from apps.lakes.queries import lakes_visible_to

AREAS = {
    "access": _("Access"),
    "credentials": _("Keys"),
    "catalog": _("Catalog"),
    "classification": _("Classification"),
    "compliance": _("Records"),
    "accounts": _("People and permissions"),
    "lakes": _("Lakes"),
}
EVENTS = {
    "access.request.drafted": _("Request drafted"),
    "access.request.submitted": _("Request sent"),
    "access.request.reevaluated": _("Request evaluated again"),
    "access.request.decided": _("Verdict given on a request"),
    "access.request.approved": _("Request approved"),
    "access.request.rejected": _("Request rejected"),
    "access.request.returned": _("Request returned for changes"),
    "access.request.withdrawn": _("Request withdrawn"),
    "access.grant.created": _("Grant made"),
    "access.grant.activated": _("Grant begun"),
    "access.grant.revoked": _("Grant revoked"),
    "access.grant.given_back": _("Grant given back"),
    "access.grant.expired": _("Grant ended"),
    "access.rulebook.published": _("Rulebook put in force"),
    "credentials.lease.reserved": _("Key about to be issued"),
    "credentials.lease.issued": _("Key issued"),
    "credentials.lease.failed": _("Key not issued: the lake failed"),
    "credentials.lease.revoke_requested": _("Key to be revoked"),
    "credentials.lease.revoked": _("Key revoked; the lake confirmed it"),
    "credentials.lease.outlives": _("Key cannot be revoked and works until its end"),
    "credentials.lease.expired": _("Key ended"),
    "catalog.asset.registered": _("Asset registered"),
    "catalog.asset.changed": _("Asset changed"),
    "catalog.asset.published": _("Asset published"),
    "catalog.asset.retired": _("Asset retired"),
    "catalog.location.registered": _("Storage location registered"),
    "catalog.version.registered": _("Version of an asset registered"),
    "classification.class.added": _("Sensitivity class added"),
    "classification.class.handling_changed": _("Handling of a sensitivity class changed"),
    "classification.columns.classified": _("Columns classified"),
    "classification.lowering.proposed": _("Lower class proposed"),
    "classification.lowering.confirmed": _("Lower class confirmed"),
    "classification.lowering.rejected": _("Lower class rejected"),
    "compliance.purpose.drafted": _("Purpose drafted"),
    "compliance.purpose.edited": _("Purpose edited"),
    "compliance.purpose.submitted": _("Purpose sent for review"),
    "compliance.purpose.returned": _("Purpose returned for changes"),
    "compliance.purpose.approved": _("Purpose approved"),
    "compliance.purpose.retired": _("Purpose retired"),
    "compliance.purpose.suspended": _("Purpose suspended"),
    "compliance.purpose.resumed": _("Purpose resumed"),
    "compliance.purpose.withdrawn": _("Purpose withdrawn for good"),
    "compliance.activity.drafted": _("Processing activity drafted"),
    "compliance.activity.edited": _("Processing activity edited"),
    "compliance.activity.submitted": _("Processing activity sent for review"),
    "compliance.activity.returned": _("Processing activity returned for changes"),
    "compliance.activity.approved": _("Processing activity approved"),
    "compliance.activity.retired": _("Processing activity retired"),
    "compliance.activity.clearance_changed": _("Clearance of a processing activity changed"),
    "compliance.version.purpose_permitted": _("Purpose permitted for data"),
    "compliance.version.purpose_forbidden": _("Purpose no longer permitted for data"),
    "compliance.version.origin_stated": _("Origin of data stated"),
    "compliance.version.permissions_inherited": _("Permitted purposes carried over to a new version"),
    "accounts.organization.created": _("Organization created"),
    "accounts.domain.created": _("Domain created"),
    "accounts.domain.changed": _("Domain changed"),
    "accounts.person.registered": _("Person registered"),
    "accounts.person.changed": _("Person changed"),
    "accounts.account.added": _("Account added"),
    "accounts.team.created": _("Team created"),
    "accounts.team.members_changed": _("Members of a team changed"),
    "accounts.role.assigned": _("Role assigned"),
    "accounts.role.ended": _("Role ended"),
    "accounts.permission.given": _("Object permission given"),
    "accounts.permission.taken": _("Object permission taken"),
    "accounts.token.created": _("Token created"),
    "accounts.token.revoked": _("Token revoked"),
    "lakes.lake.connected": _("Lake connected"),
    "lakes.lake.changed": _("Lake connection changed"),
    "lakes.lake.verified": _("Lake connection tested"),
}
ATTEMPTS = {
    "access.activate_grant": _("Begin a grant"),
    "access.ask_for_access": _("Ask for access"),
    "access.change_request": _("Change a request"),
    "access.create_request": _("Draft a request"),
    "access.expire_grant": _("End a grant"),
    "access.give_back_grant": _("Give back a grant"),
    "access.give_verdict": _("Give a verdict on a request"),
    "access.publish_rulebook": _("Put a rulebook in force"),
    "access.reevaluate_request": _("Evaluate a request again"),
    "access.revoke_grant": _("Revoke a grant"),
    "access.submit_request": _("Send a request"),
    "access.withdraw_request": _("Withdraw a request"),
    "accounts.add_account": _("Add an account"),
    "accounts.assign_role": _("Assign a role"),
    "accounts.change_domain": _("Change a domain"),
    "accounts.change_person": _("Change a person"),
    "accounts.change_team_members": _("Change the members of a team"),
    "accounts.create_domain": _("Create a domain"),
    "accounts.create_organization": _("Create an organization"),
    "accounts.create_service_account": _("Create a service account"),
    "accounts.create_team": _("Create a team"),
    "accounts.create_token": _("Create a token"),
    "accounts.end_role": _("End a role"),
    "accounts.give_domain_permission": _("Give an object permission on a domain"),
    "accounts.register_person": _("Register a person"),
    "accounts.revoke_token": _("Revoke a token"),
    "accounts.take_domain_permission": _("Take an object permission on a domain"),
    "catalog.change_asset": _("Change an asset"),
    "catalog.give_asset_permission": _("Give an object permission on an asset"),
    "catalog.publish_asset": _("Publish an asset"),
    "catalog.register_asset": _("Register an asset"),
    "catalog.register_location": _("Register a storage location"),
    "catalog.register_version": _("Register a version of an asset"),
    "catalog.retire_asset": _("Retire an asset"),
    "catalog.take_asset_permission": _("Take an object permission on an asset"),
    "classification.add_class": _("Add a sensitivity class"),
    "classification.change_handling": _("Change the handling of a sensitivity class"),
    "classification.classify": _("Classify columns"),
    "classification.confirm_lowering": _("Confirm a lower class"),
    "classification.inherit_classification": _("Carry the classification over to a new version"),
    "classification.lapse_not_personal": _("Let «not about people» lapse"),
    "classification.reject_lowering": _("Reject a lower class"),
    "compliance.approve_activity": _("Approve a processing activity"),
    "compliance.approve_purpose": _("Approve a purpose"),
    "compliance.draft_activity": _("Draft a processing activity"),
    "compliance.draft_purpose": _("Draft a purpose"),
    "compliance.edit_activity": _("Edit a processing activity"),
    "compliance.edit_purpose": _("Edit a purpose"),
    "compliance.forbid_purpose": _("Forbid a purpose for data"),
    "compliance.inherit_permissions": _("Carry permitted purposes over to a new version"),
    "compliance.permit_purpose": _("Permit a purpose for data"),
    "compliance.reassess_activity": _("Assess a processing activity again"),
    "compliance.resume_purpose": _("Resume a purpose"),
    "compliance.retire_activity": _("Retire a processing activity"),
    "compliance.retire_purpose": _("Retire a purpose"),
    "compliance.return_activity": _("Return a processing activity for changes"),
    "compliance.return_purpose": _("Return a purpose for changes"),
    "compliance.state_origin": _("State the origin of data"),
    "compliance.submit_activity": _("Send a processing activity for review"),
    "compliance.submit_purpose": _("Send a purpose for review"),
    "compliance.suspend_purpose": _("Suspend a purpose"),
    "compliance.withdraw_purpose": _("Withdraw a purpose for good"),
    "credentials.confirm_lease": _("Confirm an issued key"),
    "credentials.expire_lease": _("Note that a key ended"),
    "credentials.fail_lease": _("Note that a key was not issued"),
    "credentials.request_revocation": _("Revoke a key"),
    "credentials.request_revocations_of_grant": _("Revoke the keys of a grant"),
    "credentials.reserve_lease": _("Take a key"),
    "credentials.settle_revocation": _("Note what became of a revocation"),
    "lakes.begin_lake_verification": _("Test a lake connection"),
    "lakes.change_lake": _("Change a lake connection"),
    "lakes.connect_lake": _("Connect a lake"),
    "lakes.finish_lake_verification": _("Note what the test of a lake saw"),
}
FIELDS = {
    "account_id": _("Account"),
    "actions": _("Actions"),
    "activity_id": _("Processing activity"),
    "added": _("Added"),
    "after": _("After"),
    "agreement_ends_on": _("Agreement ends"),
    "agreement_ref": _("Agreement"),
    "asset_id": _("Asset"),
    "assets": _("Assets"),
    "audience": _("Audience"),
    "before": _("Before"),
    "bucket": _("Bucket"),
    "changed": _("What was changed"),
    "clearance": _("Clearance"),
    "clearance_reasons": _("Why this clearance"),
    "code": _("Code"),
    "columns": _("Columns"),
    "comment": _("Reason given"),
    "concept": _("Kind of purpose"),
    "content_sha256": _("Hash of the content"),
    "decision_id": _("Decision"),
    "decision_substance": _("Hash of what was decided"),
    "domain_id": _("Domain"),
    "domain_name": _("Name of the domain"),
    "effect": _("Decision of the rules"),
    "endpoint": _("Endpoint"),
    "ends_at": _("Ends"),
    "expires_at": _("Ends"),
    "exposure_seconds": _("Worked on after the revocation, in seconds"),
    "failed_probes": _("Failed questions"),
    "fault": _("Fault"),
    "flavor": _("What stands there"),
    "from_version_id": _("Version before"),
    "grant_id": _("Grant"),
    "has_origin": _("Origin carried over"),
    "holder_id": _("Holder"),
    "holder_kind": _("Kind of holder"),
    "inputs": _("Made from"),
    "kind": _("Kind"),
    "lake_id": _("Lake"),
    "lease_id": _("Key"),
    "limiting_factor": _("Why it ends then"),
    "location_id": _("Storage location"),
    "mode": _("Versions it covers"),
    "not_after": _("Ends"),
    "not_before": _("Begins"),
    "number": _("Version number"),
    "organization_id": _("Organization"),
    "original_basis": _("Lawful basis of the collection"),
    "original_purpose": _("Purpose of the collection"),
    "passed": _("Passed"),
    "permission": _("Object permission"),
    "permissions": _("Permitted purposes carried over"),
    "person_id": _("Person"),
    "person_name": _("Name"),
    "prefix": _("Prefix"),
    "proposals": _("Proposals"),
    "purpose_id": _("Purpose"),
    "rank": _("Rank"),
    "reason": _("Reason given"),
    "reasons": _("Reasons given"),
    "ref": _("Reference"),
    "relation": _("Relation to the organization"),
    "removed": _("Removed"),
    "reopened": _("Stages opened again"),
    "request_id": _("Request"),
    "research_area": _("Area of research"),
    "retention_ends_on": _("Kept until"),
    "revision_number": _("Revision"),
    "revision_sha256": _("Hash of the revision"),
    "role": _("Role"),
    "role_arn": _("Role in the lake"),
    "role_assignment_id": _("Role assignment"),
    "roots": _("Places it may reach"),
    "route": _("Route"),
    "rulebook_id": _("Rulebook"),
    "rulebook_sha256": _("Hash of the rulebook"),
    "sayings": _("What was said of each column"),
    "scope_hash": _("Hash of what the key opens"),
    "scopes": _("Scopes"),
    "sensitivity_class_id": _("Sensitivity class"),
    "sha256": _("Hash"),
    "source": _("Where it comes from"),
    "stage": _("Stage"),
    "starts_at": _("Begins"),
    "status": _("State"),
    "supersedes": _("Replaces version number"),
    "target_id": _("On"),
    "target_kind": _("Kind of thing"),
    "team_id": _("Team"),
    "team_name": _("Name of the team"),
    "token_id": _("Token"),
    "until": _("Until"),
    "username": _("User name"),
    "verdict_id": _("Verdict"),
    "version": _("Version"),
    "version_id": _("Version"),
    "versions": _("Versions"),
}
CODES: dict[str, Mapping[str, Any]] = {
    "actions": wording.ACTIONS,
    "flavor": wording.FLAVORS,
    "mode": {"pinned": _("this version only"), "following": _("also later versions that are no stricter")},
    "role": wording.ROLES,
    "route": wording.STAGES,
    "reopened": wording.STAGES,
    "stage": wording.STAGES,
    "relation": wording.RELATIONS,
    "effect": {code: word.text for code, word in wording.ANSWERS.items()},
}
"""Fields that hold codes of a closed list."""
WHOLE = "*"
"""Stands for all columns of a version."""
OUTCOMES = {
    "done": wording.Word(text=_("Done"), tone="success", icon="check"),
    "refused": wording.Word(text=_("Refused"), tone="danger", icon="cross"),
}


def text_of(name: str) -> str:
    """What happened, or what was tried; a name that nobody worded stands as it is."""
    return str(EVENTS.get(name) or ATTEMPTS.get(name) or name)


def name_choices() -> list[tuple[Any, Any]]:
    """By area: what can happen, then what can be refused."""

    def among(names: Mapping[str, Any], area: str) -> list[tuple[str, Any]]:
        found = [(name, text) for name, text in names.items() if name.startswith(f"{area}.")]
        return sorted(found, key=lambda choice: str(choice[1]))

    done = [(title, among(EVENTS, area)) for area, title in AREAS.items()]
    refused = [
        (gettext("%(area)s: refused") % {"area": title}, among(ATTEMPTS, area))
        for area, title in AREAS.items()
    ]
    return [("", _("Everything")), *done, *refused]


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """A thing the reader may see, by the name they know it under; `url` where it has a page."""

    text: str
    url: str = ""


def pointers(actor: Actor, uids: Iterable[UUID]) -> dict[UUID, Pointer]:
    """Of these things, those the actor may see. One query; what is hidden is missing, as if it were not."""
    wanted = frozenset(uids)
    if not wanted:
        return {}
    sources: tuple[tuple[str, Any, str, str], ...] = (
        ("asset", assets_visible_to(actor), "name", "uid"),
        ("version", versions_visible_to(actor), "asset__name", "asset__uid"),
        ("request", requests_visible_to(actor), "number", "uid"),
        ("grant", grants_visible_to(actor), "asset__name", "uid"),
        ("lease", leases_visible_to(actor), "grant__asset__name", "grant__uid"),
        ("lake", lakes_visible_to(actor), "name", "uid"),
        ("purpose", purposes(actor), "ref", "uid"),
        ("activity", activities(actor), "ref", "uid"),
        ("person", people_visible_to(actor), "name", "uid"),
        ("domain", domains_visible_to(actor), "name", "uid"),
        ("team", teams_visible_to(actor), "group__name", "uid"),
    )
    rows = [
        found.prefetch_related(None)
        .order_by()
        .filter(uid__in=wanted)
        .annotate(
            told_kind=Value(kind, TextField()),
            told_text=Cast(F(text), TextField()),
            told_page=F(page),
        )
        .values_list("uid", "told_kind", "told_text", "told_page")
        for kind, found, text, page in sources
    ]
    return {uid: _pointer(kind, text, page) for uid, kind, text, page in rows[0].union(*rows[1:], all=True)}


def _pointer(kind: str, text: str, page: UUID) -> Pointer:
    if kind == "request":
        text = f"AR-{int(text):05d}"
    told = {
        "version": _("version of %(name)s"),
        "grant": _("access to %(name)s"),
        "lease": _("key to %(name)s"),
    }
    addresses = {
        "asset": ("asset",),
        "version": ("asset",),
        "request": ("request",),
        "grant": ("grant",),
        "lease": ("grant",),
        "lake": ("lake",),
        "purpose": ("record", "purposes"),
        "activity": ("record", "processing-activities"),
    }
    address = addresses.get(kind)
    return Pointer(
        text=str(told[kind]) % {"name": text} if kind in told else text,
        url=reverse(f"console:{address[0]}", args=[*address[1:], page]) if address else "",
    )


@dataclass(frozen=True, kw_only=True)
class Said:
    """One value: a text, a moment, or a thing the reader may see; `is_code` where it is for machines."""

    text: Any = ""
    at: datetime | None = None
    url: str = ""
    is_code: bool = False


@dataclass(frozen=True, kw_only=True)
class Fact:
    label: Any
    lines: list[Said]


@dataclass(frozen=True, kw_only=True)
class Difference:
    label: Any
    before: list[Said]
    after: list[Said]


def uids_in(value: Any) -> set[UUID]:
    """Every id that stands somewhere in what was recorded."""
    if isinstance(value, Mapping):
        return {uid for member in value.values() for uid in uids_in(member)}
    if isinstance(value, list):
        return {uid for member in value for uid in uids_in(member)}
    uid = _uid(value)
    return {uid} if uid else set()


def facts(event: str, data: Mapping[str, Any], known: Mapping[UUID, Pointer]) -> list[Fact]:
    """What was recorded, in the order in which the event states it; what stands before and after is told by
    `differences`, and what is empty not at all.
    """
    stated = declared_events().get(event)
    order = [field.name for field in fields(stated)] if stated else []
    told_apart = {"before", "after"} if _has_both(data) else set()
    names = [name for name in dict.fromkeys([*order, *data]) if name in data and name not in told_apart]
    told = ((name, _lines(name, data[name], known)) for name in names)
    return [Fact(label=FIELDS.get(name, _plain(name)), lines=lines) for name, lines in told if lines]


def differences(data: Mapping[str, Any], known: Mapping[UUID, Pointer]) -> list[Difference]:
    if not _has_both(data):
        return []
    before, after = data["before"], data["after"]
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        before, after = {"clearance": before}, {"clearance": after}
    return [
        Difference(
            label=FIELDS.get(name, _plain(name)),
            before=_lines(name, before.get(name), known),
            after=_lines(name, after.get(name), known),
        )
        for name in dict.fromkeys([*before, *after])
    ]


def _has_both(data: Mapping[str, Any]) -> bool:
    return "before" in data and "after" in data


def _lines(name: str, value: Any, known: Mapping[UUID, Pointer]) -> list[Said]:
    if isinstance(value, Mapping):
        return [
            Said(text=f"{gettext('all columns') if key == WHOLE else key}: {member}")
            for key, member in value.items()
        ]
    members = value if isinstance(value, list) else [value]
    return [_said(name, member, known) for member in members if member not in (None, "")]


def _said(name: str, value: Any, known: Mapping[UUID, Pointer]) -> Said:
    if isinstance(value, bool):
        return Said(text=gettext("yes") if value else gettext("no"))
    uid = _uid(value)
    if uid:
        found = known.get(uid)
        return Said(text=found.text, url=found.url) if found else Said(text=value, is_code=True)
    if name in CODES:
        return Said(text=wording.text_of(dict(CODES[name]), value))
    if name == "limiting_factor":
        return Said(text=wording.text_of(wording.LIMITS, str(value).partition(":")[0]))
    if name == "failed_probes":
        return Said(text=question_of(value))
    if name == "changed":
        return Said(text=FIELDS.get(value, _plain(value)))
    if isinstance(value, str):
        return _written(name, value)
    return Said(text=value)


def _written(name: str, value: str) -> Said:
    try:
        at, day = parse_datetime(value), parse_date(value)
    except ValueError:
        at, day = None, None
    if isinstance(at, datetime) and at.utcoffset() is not None:
        return Said(at=at)
    if isinstance(day, date):
        return Said(text=date_format(day, "j M Y"))
    is_code = "sha256" in name or "hash" in name or name in {"decision_substance", "role_arn", "endpoint"}
    return Said(text=value, is_code=is_code)


def _uid(value: Any) -> UUID | None:
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


def _plain(name: str) -> str:
    return name.replace("_", " ")
