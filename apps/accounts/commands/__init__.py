from apps.accounts.commands.organizations import change_domain, create_domain, create_organization
from apps.accounts.commands.people import add_account, change_person, create_service_account, register_person
from apps.accounts.commands.permissions import give_domain_permission, take_domain_permission
from apps.accounts.commands.roles import assign_role, end_role
from apps.accounts.commands.teams import change_team_members, create_team
from apps.accounts.commands.tokens import create_token, revoke_token

__all__ = [
    "add_account",
    "assign_role",
    "change_domain",
    "change_person",
    "change_team_members",
    "create_domain",
    "create_organization",
    "create_service_account",
    "create_team",
    "create_token",
    "end_role",
    "give_domain_permission",
    "register_person",
    "revoke_token",
    "take_domain_permission",
]
