from apps.accounts.commands.accounts import (
    add_account,
    create_service_account,
    disable_account,
    enable_account,
    hand_over_service_account,
)
from apps.accounts.commands.conflicts import declare_conflict, end_conflict
from apps.accounts.commands.delegations import create_delegation, end_delegation
from apps.accounts.commands.organizations import (
    change_domain,
    change_organization,
    create_domain,
    create_organization,
)
from apps.accounts.commands.passwords import change_password
from apps.accounts.commands.people import (
    LEAVING,
    change_person,
    impact_of_leaving,
    off_board_person,
    register_person,
)
from apps.accounts.commands.permissions import give_domain_permission, take_domain_permission
from apps.accounts.commands.projects import (
    JOINING,
    add_member,
    change_project,
    close_project,
    create_project,
    end_membership,
)
from apps.accounts.commands.pseudonyms import pseudonymize_person
from apps.accounts.commands.roles import assign_role, end_role
from apps.accounts.commands.teams import change_team_members, create_team, rename_team
from apps.accounts.commands.tokens import create_token, revoke_token
from apps.accounts.commands.unanswered import follow_unanswered
from apps.accounts.commands.workloads import register_workload, remove_workload, sign_in_workload

__all__ = [
    "JOINING",
    "LEAVING",
    "add_account",
    "add_member",
    "assign_role",
    "change_domain",
    "change_organization",
    "change_password",
    "change_person",
    "change_project",
    "change_team_members",
    "close_project",
    "create_delegation",
    "create_domain",
    "create_organization",
    "create_project",
    "create_service_account",
    "create_team",
    "create_token",
    "declare_conflict",
    "disable_account",
    "enable_account",
    "end_conflict",
    "end_delegation",
    "end_membership",
    "end_role",
    "follow_unanswered",
    "give_domain_permission",
    "hand_over_service_account",
    "impact_of_leaving",
    "off_board_person",
    "pseudonymize_person",
    "register_person",
    "register_workload",
    "remove_workload",
    "rename_team",
    "revoke_token",
    "sign_in_workload",
    "take_domain_permission",
]
