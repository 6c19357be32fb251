"""Who may perform what in the portal: one table, read by `authorize` and by those who check it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from apps.accounts.roles import ASKED_BY_ROUTES, ObjectPermission, Role, TokenScope


class Operation(StrEnum):
    MANAGE_ORGANIZATION = "manage_organization"
    MANAGE_DOMAIN = "manage_domain"
    MANAGE_PERSON = "manage_person"
    MANAGE_TEAM = "manage_team"
    MANAGE_SERVICE_ACCOUNT = "manage_service_account"
    ASSIGN_ROLE = "assign_role"
    GIVE_PERMISSION = "give_permission"
    CREATE_TOKEN = "create_token"  # noqa: S105
    REVOKE_TOKEN = "revoke_token"  # noqa: S105
    REGISTER_WORKLOAD = "register_workload"
    REMOVE_WORKLOAD = "remove_workload"
    SIGN_IN_WORKLOAD = "sign_in_workload"
    CHANGE_PASSWORD = "change_password"  # noqa: S105
    DELEGATE = "delegate"
    END_DELEGATION = "end_delegation"
    DECLARE_CONFLICT = "declare_conflict"
    END_CONFLICT = "end_conflict"
    CREATE_PROJECT = "create_project"
    MANAGE_PROJECT = "manage_project"
    READ_TRAIL = "read_trail"
    EXPORT_EVIDENCE = "export_evidence"
    EXPORT_RECORD = "export_record"
    MANAGE_LAKE = "manage_lake"
    VERIFY_LAKE = "verify_lake"
    HALT_LAKE = "halt_lake"
    REGISTER_ASSET = "register_asset"
    REGISTER_LOCATION = "register_location"
    EDIT_ASSET = "edit_asset"
    PUBLISH_ASSET = "publish_asset"
    MANAGE_CLASSES = "manage_classes"
    CLASSIFY = "classify"
    CONFIRM_LOWERING = "confirm_lowering"
    EDIT_RECORD = "edit_record"
    APPROVE_RECORD = "approve_record"
    ADVISE_RECORD = "advise_record"
    DECIDE_RECORD = "decide_record"
    PERMIT_PURPOSE = "permit_purpose"
    EXPORT_REGISTER = "export_register"
    RESTORE_REGISTER = "restore_register"
    FINISH_STEWARDS_DUTY = "finish_stewards_duty"
    FINISH_OWNERS_DUTY = "finish_owners_duty"
    FINISH_OFFICERS_DUTY = "finish_officers_duty"
    EXCLUDE_ROWS = "exclude_rows"
    ASSESS_MODEL = "assess_model"
    READ_POLICY = "read_policy"
    WRITE_POLICY = "write_policy"
    PUBLISH_POLICY = "publish_policy"
    REQUEST_ACCESS = "request_access"
    DECIDE_REQUEST = "decide_request"
    GIVE_OPINION = "give_opinion"
    COMMENT_REQUEST = "comment_request"
    ASK_REQUESTER = "ask_requester"
    WRITE_AGREEMENT = "write_agreement"
    ACCEPT_AGREEMENT = "accept_agreement"
    REASSIGN_SLOT = "reassign_slot"
    REVOKE_GRANT = "revoke_grant"
    GIVE_BACK_GRANT = "give_back_grant"
    BREAK_GLASS = "break_glass"
    NAME_INCIDENT = "name_incident"
    REVIEW_BREAK_GLASS = "review_break_glass"
    SHOW_EVIDENCE = "show_evidence"
    SATISFY_CONDITION = "satisfy_condition"
    SUSPEND_GRANT = "suspend_grant"
    RESUME_GRANT = "resume_grant"
    EXTEND_GRANT = "extend_grant"
    ATTEST_RECALL = "attest_recall"
    TAKE_CREDENTIAL = "take_credential"
    REVOKE_LEASE = "revoke_lease"
    BRING_LABELS = "bring_labels"
    EXPORT_LABEL_REPORT = "export_label_report"
    KEEP_ROSTER = "keep_roster"
    MEASURE_PILOT = "measure_pilot"
    BRING_ITEMS = "bring_items"
    CHECK_REDACTION = "check_redaction"
    ERASE_ITEMS = "erase_items"
    RELEASE_MODEL = "release_model"
    PREPARE_VIEW = "prepare_view"
    CONFIRM_VIEW = "confirm_view"
    MANAGE_CAMPAIGN = "manage_campaign"
    ANSWER_REVIEW = "answer_review"
    CHOOSE_MAIL = "choose_mail"
    MANAGE_WEBHOOK = "manage_webhook"
    MANAGE_TICKET_SYSTEM = "manage_ticket_system"
    ASK_TICKET_SYSTEM = "ask_ticket_system"
    KEEP_IN_STEP = "keep_in_step"


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Any one of these is enough: a role whose scope covers the resource, an object permission on it, or
    being one of those the resource belongs to. A token needs `scope` besides."""

    scope: TokenScope
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[ObjectPermission] = frozenset()
    is_for_own: bool = False


def _grounds(scope: TokenScope, *by: Role | ObjectPermission, own: bool = False) -> Grounds:
    return Grounds(
        scope=scope,
        roles=frozenset(ground for ground in by if isinstance(ground, Role)),
        permissions=frozenset(ground for ground in by if isinstance(ground, ObjectPermission)),
        is_for_own=own,
    )


_ADMIN, _WRITE, _DECIDE = TokenScope.ADMINISTER, TokenScope.WRITE, TokenScope.DECIDE
_ADMINISTRATOR, _STEWARD, _OWNER, _OFFICER = (
    Role.ADMINISTRATOR,
    Role.STEWARD,
    Role.OWNER,
    Role.COMPLIANCE_OFFICER,
)

OPERATIONS: dict[Operation, Grounds] = {
    Operation.MANAGE_ORGANIZATION: _grounds(_ADMIN, _ADMINISTRATOR),
    Operation.MANAGE_DOMAIN: _grounds(_ADMIN, _ADMINISTRATOR),
    Operation.MANAGE_PERSON: _grounds(_ADMIN, _ADMINISTRATOR),
    Operation.MANAGE_TEAM: _grounds(_ADMIN, _ADMINISTRATOR),
    Operation.MANAGE_SERVICE_ACCOUNT: _grounds(_ADMIN, _ADMINISTRATOR),
    Operation.ASSIGN_ROLE: _grounds(_ADMIN, _ADMINISTRATOR),
    Operation.GIVE_PERMISSION: _grounds(_ADMIN, _ADMINISTRATOR, ObjectPermission.OWN),
    Operation.CREATE_TOKEN: _grounds(_WRITE, own=True),
    Operation.REVOKE_TOKEN: _grounds(_WRITE, _ADMINISTRATOR, own=True),
    Operation.REGISTER_WORKLOAD: _grounds(_WRITE, own=True),
    Operation.REMOVE_WORKLOAD: _grounds(_WRITE, _ADMINISTRATOR, own=True),
    Operation.SIGN_IN_WORKLOAD: _grounds(TokenScope.READ, own=True),  # the service account itself
    Operation.CHANGE_PASSWORD: _grounds(_WRITE, own=True),
    Operation.DELEGATE: _grounds(_WRITE, _ADMINISTRATOR, own=True),
    Operation.END_DELEGATION: _grounds(_WRITE, _ADMINISTRATOR, own=True),
    Operation.DECLARE_CONFLICT: _grounds(_WRITE, _OFFICER, own=True),
    Operation.END_CONFLICT: _grounds(_WRITE, _OFFICER, own=True),
    Operation.CREATE_PROJECT: _grounds(_WRITE, _ADMINISTRATOR),
    Operation.MANAGE_PROJECT: _grounds(_WRITE, _ADMINISTRATOR, own=True),
    Operation.READ_TRAIL: _grounds(TokenScope.READ, Role.AUDITOR, _OFFICER, Role.DPO),
    Operation.EXPORT_EVIDENCE: _grounds(TokenScope.READ, Role.AUDITOR, _OFFICER, Role.DPO),
    Operation.EXPORT_RECORD: _grounds(TokenScope.READ, Role.AUDITOR, _OFFICER, Role.DPO, _OWNER),
    Operation.MANAGE_LAKE: _grounds(_ADMIN, _ADMINISTRATOR),
    Operation.VERIFY_LAKE: _grounds(_ADMIN, _ADMINISTRATOR),
    Operation.HALT_LAKE: _grounds(_ADMIN, _ADMINISTRATOR, _OFFICER),
    Operation.REGISTER_ASSET: _grounds(_WRITE, _STEWARD, ObjectPermission.STEWARD),
    Operation.REGISTER_LOCATION: _grounds(_WRITE, ObjectPermission.EDIT),
    Operation.EDIT_ASSET: _grounds(_WRITE, ObjectPermission.EDIT),
    Operation.PUBLISH_ASSET: _grounds(_WRITE, ObjectPermission.STEWARD, ObjectPermission.OWN),
    Operation.MANAGE_CLASSES: _grounds(_ADMIN, _OFFICER),
    Operation.CLASSIFY: _grounds(_WRITE, ObjectPermission.CLASSIFY),
    Operation.CONFIRM_LOWERING: _grounds(_DECIDE, _OFFICER, ObjectPermission.CLASSIFY, ObjectPermission.OWN),
    Operation.EDIT_RECORD: _grounds(_WRITE, _OFFICER),
    Operation.APPROVE_RECORD: _grounds(_DECIDE, _OFFICER),
    Operation.ADVISE_RECORD: _grounds(_DECIDE, Role.DPO),
    Operation.DECIDE_RECORD: _grounds(_DECIDE, _OWNER),
    Operation.PERMIT_PURPOSE: _grounds(_WRITE, _OFFICER),
    Operation.EXPORT_REGISTER: _grounds(TokenScope.READ, _OFFICER, Role.DPO, Role.AUDITOR),
    Operation.FINISH_STEWARDS_DUTY: _grounds(
        _WRITE, _OFFICER, ObjectPermission.OWN, ObjectPermission.STEWARD, own=True
    ),
    Operation.FINISH_OWNERS_DUTY: _grounds(_WRITE, _OFFICER, ObjectPermission.OWN, own=True),
    Operation.FINISH_OFFICERS_DUTY: _grounds(_WRITE, _OFFICER, own=True),
    Operation.EXCLUDE_ROWS: _grounds(_WRITE, _OFFICER, ObjectPermission.OWN, ObjectPermission.STEWARD),
    Operation.ASSESS_MODEL: _grounds(_DECIDE, _OFFICER, ObjectPermission.OWN),
    Operation.READ_POLICY: _grounds(TokenScope.READ, _OFFICER, _ADMINISTRATOR, Role.AUDITOR, Role.DPO),
    Operation.WRITE_POLICY: _grounds(_WRITE, _OFFICER, _ADMINISTRATOR),
    Operation.PUBLISH_POLICY: _grounds(_DECIDE, _OFFICER, _ADMINISTRATOR),
    Operation.REQUEST_ACCESS: _grounds(_WRITE, own=True),
    Operation.DECIDE_REQUEST: _grounds(
        _DECIDE,
        *ASKED_BY_ROUTES,
        _OFFICER,
        _STEWARD,  # where a route falls back or escalates to them; without an open slot they hold no seat
        _ADMINISTRATOR,
        ObjectPermission.OWN,
        ObjectPermission.APPROVE,
    ),
    Operation.GIVE_OPINION: _grounds(_DECIDE, Role.DPO),
    Operation.COMMENT_REQUEST: _grounds(
        _WRITE,
        *ASKED_BY_ROUTES,
        _OFFICER,
        _STEWARD,  # these two where a route admits them
        _ADMINISTRATOR,
        Role.DPO,
        ObjectPermission.OWN,
        ObjectPermission.APPROVE,
        own=True,
    ),
    Operation.ASK_REQUESTER: _grounds(
        _DECIDE,
        *ASKED_BY_ROUTES,
        _OFFICER,
        _STEWARD,
        _ADMINISTRATOR,
        Role.DPO,
        ObjectPermission.OWN,
        ObjectPermission.APPROVE,
    ),
    Operation.WRITE_AGREEMENT: _grounds(_WRITE, _OFFICER, ObjectPermission.OWN),
    Operation.ACCEPT_AGREEMENT: _grounds(_WRITE, own=True),
    Operation.REASSIGN_SLOT: _grounds(
        _DECIDE,
        *ASKED_BY_ROUTES,
        _OFFICER,
        _ADMINISTRATOR,
        _STEWARD,
        Role.DPO,
        ObjectPermission.OWN,
    ),
    Operation.REVOKE_GRANT: _grounds(_DECIDE, _OFFICER, ObjectPermission.OWN),
    Operation.BREAK_GLASS: _grounds(_WRITE, Role.ON_CALL),
    Operation.NAME_INCIDENT: _grounds(_WRITE, own=True),
    Operation.REVIEW_BREAK_GLASS: _grounds(_DECIDE, _OFFICER),
    Operation.SHOW_EVIDENCE: _grounds(_WRITE, own=True),
    Operation.SATISFY_CONDITION: _grounds(_DECIDE, _OFFICER, ObjectPermission.OWN),
    Operation.SUSPEND_GRANT: _grounds(_DECIDE, _OFFICER, ObjectPermission.OWN, ObjectPermission.STEWARD),
    Operation.RESUME_GRANT: _grounds(_DECIDE, _OFFICER, ObjectPermission.OWN, ObjectPermission.STEWARD),
    Operation.GIVE_BACK_GRANT: _grounds(_WRITE, own=True),
    Operation.EXTEND_GRANT: _grounds(_WRITE, own=True),
    Operation.ATTEST_RECALL: _grounds(_WRITE, own=True),
    Operation.TAKE_CREDENTIAL: _grounds(TokenScope.CREDENTIALS, own=True),
    Operation.REVOKE_LEASE: _grounds(_DECIDE, _OFFICER, ObjectPermission.OWN, own=True),
    Operation.BRING_LABELS: _grounds(_WRITE, ObjectPermission.STEWARD, ObjectPermission.OWN),
    Operation.EXPORT_LABEL_REPORT: _grounds(
        TokenScope.READ,
        Role.AUDITOR,
        _OFFICER,
        Role.DPO,
        ObjectPermission.STEWARD,
        ObjectPermission.OWN,
    ),
    Operation.KEEP_ROSTER: _grounds(_WRITE, _OFFICER, ObjectPermission.STEWARD, ObjectPermission.OWN),
    Operation.MEASURE_PILOT: _grounds(_WRITE, _OFFICER, ObjectPermission.STEWARD, ObjectPermission.OWN),
    Operation.BRING_ITEMS: _grounds(_WRITE, ObjectPermission.STEWARD, ObjectPermission.OWN),
    Operation.CHECK_REDACTION: _grounds(_WRITE, ObjectPermission.STEWARD, ObjectPermission.OWN),
    Operation.ERASE_ITEMS: _grounds(
        _WRITE, _OFFICER, Role.DPO, ObjectPermission.STEWARD, ObjectPermission.OWN
    ),
    Operation.RELEASE_MODEL: _grounds(_DECIDE, _OFFICER, ObjectPermission.OWN),
    Operation.PREPARE_VIEW: _grounds(_WRITE, ObjectPermission.STEWARD, ObjectPermission.OWN),
    Operation.CONFIRM_VIEW: _grounds(
        _DECIDE, _OFFICER, ObjectPermission.CLASSIFY, ObjectPermission.STEWARD, ObjectPermission.OWN
    ),
    Operation.MANAGE_CAMPAIGN: _grounds(_WRITE, _OFFICER),
    Operation.ANSWER_REVIEW: _grounds(_DECIDE, _OFFICER, ObjectPermission.OWN, ObjectPermission.STEWARD),
    Operation.CHOOSE_MAIL: _grounds(_WRITE, own=True),
    Operation.MANAGE_WEBHOOK: _grounds(_ADMIN, _ADMINISTRATOR),
    Operation.MANAGE_TICKET_SYSTEM: _grounds(_ADMIN, _ADMINISTRATOR),
    Operation.ASK_TICKET_SYSTEM: _grounds(
        _WRITE, _OFFICER, ObjectPermission.OWN, ObjectPermission.APPROVE, own=True
    ),
    Operation.RESTORE_REGISTER: _grounds(_ADMIN),  # the operator alone, from the command line
    Operation.KEEP_IN_STEP: _grounds(_ADMIN),  # the machine alone
}
