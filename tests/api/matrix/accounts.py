from __future__ import annotations

from datetime import timedelta

from apps.accounts.commands import create_service_account, disable_account, give_domain_permission
from apps.accounts.models import ApiToken, RoleAssignment
from apps.accounts.roles import ObjectPermission, Role
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories import accounts as make
from tests.factories.accounts import World
from tests.factories.impacts import LEAVING, looked_at

ADMIN, SCIENTIST = Role.ADMINISTRATOR, Role.SCIENTIST


def organization(world: World) -> Call:
    return Call(path={"id": world.organization.uid})


def calendar(world: World) -> Call:
    return Call(path={"id": world.organization.uid}, body={"calendar": "NO"}, etag=etag(world.organization))


def leaving(world: World) -> Call:
    leaver = make.person(world.organization).uid
    body = {"reason": "Left the company.", "seen_impact": looked_at(LEAVING, leaver)}
    return Call(path={"id": leaver}, body=body)


def one_account(world: World) -> Call:
    someone = make.player(world.organization)
    return Call(path={"person_id": someone.person.uid, "id": someone.account.uid})


def disabled_account(world: World) -> Call:
    someone = make.player(world.organization)
    disable_account(actor=SYSTEM, account_id=someone.account.uid)
    return Call(path={"person_id": someone.person.uid, "id": someone.account.uid})


def handing_over(world: World) -> Call:
    heir = make.person(world.organization)
    program = make.service_account(make.person(world.organization))
    return Call(path={"id": program.uid}, body={"person_id": str(heir.uid)})


def domain(world: World) -> Call:
    return Call(path={"id": world.domain.uid}, body={"description": "new"}, etag=etag(world.domain))


def new_domain(world: World) -> Call:
    return Call(
        body={"organization_id": str(world.organization.uid), "name": "New", "audience": "organization"}
    )


def person(world: World) -> Call:
    someone = make.person(world.organization)
    return Call(path={"id": someone.uid}, body={"cleared_rank": 2}, etag=etag(someone))


def new_person(world: World) -> Call:
    place = str(world.organization.uid)
    return Call(body={"organization_id": place, "name": "New", "username": "new", "relation": "employee"})


def person_accounts(world: World) -> Call:
    return Call(path={"person_id": make.person(world.organization).uid}, body={"username": "second"})


def service_account(world: World) -> Call:
    owner = make.person(world.organization)
    account = create_service_account(
        actor=SYSTEM, person_id=owner.uid, username="robot", description="nightly"
    )
    return Call(path={"id": account.uid})


def new_service_account(world: World) -> Call:
    owner = make.person(world.organization)
    return Call(body={"person_id": str(owner.uid), "username": "robot", "description": "nightly"})


def team(world: World) -> Call:
    made = make.team(world.organization)
    return Call(path={"id": made.uid}, body={"name": "Renamed"}, etag=etag(made))


def new_team(world: World) -> Call:
    return Call(body={"organization_id": str(world.organization.uid), "name": "New"})


def members(world: World) -> Call:
    someone = make.player(world.organization)
    return Call(path={"team_id": make.team(world.organization).uid}, body={"add": [str(someone.account.uid)]})


def role_assignment(world: World) -> Call:
    someone = make.player(world.organization, Role.STEWARD)
    return Call(path={"id": RoleAssignment.objects.get(person=someone.person).uid})


def new_role_assignment(world: World) -> Call:
    someone = make.person(world.organization)
    place = str(world.organization.uid)
    return Call(body={"person_id": str(someone.uid), "role": "steward", "organization_id": place})


def token(world: World) -> Call:
    someone = make.player(world.organization)
    return Call(path={"id": ApiToken.objects.get(account=someone.account).uid})


def new_token(world: World) -> Call:
    someone = make.player(world.organization)
    ends = (database_now() + timedelta(days=1)).isoformat()
    return Call(
        body={"account_id": str(someone.account.uid), "name": "x", "scopes": ["read"], "expires_at": ends}
    )


def workload(world: World) -> Call:
    program = make.service_account(make.person(world.organization))
    return Call(path={"id": make.workload(program).uid})


def new_workload(world: World) -> Call:
    program = make.service_account(make.person(world.organization))
    given = {"name": "Nightly", "issuer": "https://ci.example.org", "subject": "x", "scopes": ["read"]}
    return Call(body={"account_id": str(program.uid), **given})


def new_permission(world: World) -> Call:
    someone = make.player(world.organization)
    return Call(
        query={},
        body={
            "domain_id": str(world.domain.uid),
            "holder_id": str(someone.account.uid),
            "permission": "edit",
        },
    )


def held_permission(world: World) -> Call:
    someone = make.player(world.organization)
    give_domain_permission(
        actor=SYSTEM,
        domain_id=world.domain.uid,
        permission=ObjectPermission.EDIT,
        holder_id=someone.account.uid,
    )
    return Call(
        body={
            "domain_id": str(world.domain.uid),
            "holder_id": str(someone.account.uid),
            "permission": "edit",
        }
    )


def permissions(world: World) -> Call:
    return Call(query={"domain": world.domain.uid})


SEES_PEOPLE = tuple(role for role in Role if role is not SCIENTIST)
HIDDEN = (SCIENTIST,)
GIVERS = (ADMIN, Role.OWNER)

ROWS = [
    Row(url="me", method="GET", answers=everybody(200)),
    Row(url="organizations-list", method="GET", answers=everybody(200)),
    Row(url="organizations-detail", method="GET", answers=everybody(200), make=organization),
    Row(url="organizations-detail", method="PATCH", answers=only(ADMIN, gets=200, others=403), make=calendar),
    Row(url="domains-list", method="GET", answers=everybody(200)),
    Row(url="domains-detail", method="GET", answers=everybody(200), make=domain),
    Row(url="domains-list", method="POST", answers=only(ADMIN, gets=201, others=403), make=new_domain),
    Row(url="domains-detail", method="PATCH", answers=only(ADMIN, gets=200, others=403), make=domain),
    Row(url="people-list", method="GET", answers=everybody(200)),
    Row(
        url="people-detail",
        method="GET",
        answers=only(*SEES_PEOPLE, gets=200, others=404),
        make=person,
    ),
    *(
        Row(
            url=url,
            method="GET",
            answers=only(ADMIN, gets=200, others=403, hidden_from=HIDDEN),
            make=person,
        )
        for url in ("person-impact", "sole-holdings")
    ),
    Row(url="unkept", method="GET", answers=only(ADMIN, gets=200, others=403)),
    Row(url="people-list", method="POST", answers=only(ADMIN, gets=201, others=403), make=new_person),
    Row(
        url="people-detail",
        method="PATCH",
        answers=only(ADMIN, gets=200, others=403, hidden_from=HIDDEN),
        make=person,
    ),
    *(
        Row(
            url=url,
            method="POST",
            answers=only(ADMIN, gets=200, others=403, hidden_from=HIDDEN),
            make=needed,
        )
        for url, needed in (
            ("people-off-board", leaving),
            ("person-accounts-disable", one_account),
            ("person-accounts-enable", disabled_account),
            ("service-accounts-hand-over", handing_over),
        )
    ),
    Row(
        url="person-accounts-list",
        method="GET",
        answers=only(*SEES_PEOPLE, gets=200, others=404),
        make=person_accounts,
    ),
    Row(
        url="person-accounts-list",
        method="POST",
        answers=only(ADMIN, gets=201, others=403, hidden_from=HIDDEN),
        make=person_accounts,
    ),
    Row(url="service-accounts-list", method="GET", answers=everybody(200)),
    Row(
        url="service-accounts-detail",
        method="GET",
        answers=only(*SEES_PEOPLE, gets=200, others=404),
        make=service_account,
    ),
    Row(
        url="service-accounts-list",
        method="POST",
        answers=only(ADMIN, gets=201, others=403, hidden_from=HIDDEN),
        make=new_service_account,
    ),
    Row(url="teams-list", method="GET", answers=everybody(200)),
    Row(url="teams-detail", method="GET", answers=everybody(200), make=team),
    Row(url="teams-detail", method="PATCH", answers=only(ADMIN, gets=200, others=403), make=team),
    Row(url="teams-list", method="POST", answers=only(ADMIN, gets=201, others=403), make=new_team),
    Row(url="team-members-list", method="GET", answers=everybody(200), make=members),
    Row(url="team-members-list", method="POST", answers=only(ADMIN, gets=200, others=403), make=members),
    Row(url="role-assignments-list", method="GET", answers=everybody(200)),
    Row(
        url="role-assignments-detail",
        method="GET",
        answers=only(*SEES_PEOPLE, gets=200, others=404),
        make=role_assignment,
    ),
    Row(
        url="role-assignments-list",
        method="POST",
        answers=only(ADMIN, gets=201, others=403, hidden_from=HIDDEN),
        make=new_role_assignment,
    ),
    Row(
        url="role-assignments-end",
        method="POST",
        answers=only(ADMIN, gets=200, others=403, hidden_from=HIDDEN),
        make=role_assignment,
    ),
    Row(url="tokens-list", method="GET", answers=everybody(200)),
    Row(url="tokens-detail", method="GET", answers=only(*SEES_PEOPLE, gets=200, others=404), make=token),
    # Nobody makes a token for another person.
    Row(
        url="tokens-list",
        method="POST",
        answers=only(gets=201, others=403, hidden_from=HIDDEN),
        make=new_token,
    ),
    Row(
        url="tokens-revoke",
        method="POST",
        answers=only(ADMIN, gets=200, others=403, hidden_from=HIDDEN),
        make=token,
    ),
    Row(url="workload-identities-list", method="GET", answers=everybody(200)),
    Row(
        url="workload-identities-detail",
        method="GET",
        answers=only(*SEES_PEOPLE, gets=200, others=404),
        make=workload,
    ),
    # By nobody for another person's program.
    Row(
        url="workload-identities-list",
        method="POST",
        answers=only(gets=201, others=403, hidden_from=HIDDEN),
        make=new_workload,
    ),
    Row(
        url="workload-identities-remove",
        method="POST",
        answers=only(ADMIN, gets=200, others=403, hidden_from=HIDDEN),
        make=workload,
    ),
    Row(
        url="permissions-list",
        method="GET",
        answers=only(*SEES_PEOPLE, gets=200, others=404),
        make=permissions,
    ),
    Row(
        url="permissions-list",
        method="POST",
        answers=only(*GIVERS, gets=201, others=403),
        make=new_permission,
    ),
    Row(
        url="permissions-take",
        method="POST",
        answers=only(*GIVERS, gets=204, others=403),
        make=held_permission,
    ),
    Row(
        url="audit-events-list",
        method="GET",
        answers=only(Role.AUDITOR, Role.COMPLIANCE_OFFICER, Role.DPO, gets=200, others=403),
    ),
]
