from __future__ import annotations

from datetime import timedelta

from apps.accounts.commands import declare_conflict
from apps.accounts.models import ConflictKind, ProjectMember
from apps.accounts.roles import Role
from apps.kernel.clock import database_now
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories import accounts as make
from tests.factories.accounts import World

ADMIN, SCIENTIST, OFFICER = Role.ADMINISTRATOR, Role.SCIENTIST, Role.COMPLIANCE_OFFICER
SEES_PEOPLE = tuple(role for role in Role if role is not SCIENTIST)
WATCHING = (OFFICER, Role.DPO, Role.AUDITOR)
NOT_WATCHING = tuple(role for role in Role if role not in WATCHING)


def in_a_week() -> str:
    return (database_now() + timedelta(days=7)).isoformat()


def delegation(world: World) -> Call:
    two = (make.player(world.organization, OFFICER), make.player(world.organization, OFFICER))
    return Call(path={"id": make.delegation(*two).uid})


def new_delegation(world: World) -> Call:
    away, stands_in = (make.player(world.organization, OFFICER) for _ in range(2))
    return Call(
        body={
            "delegator_id": str(away.person.uid),
            "delegate_id": str(stands_in.person.uid),
            "roles": ["compliance_officer"],
            "ends_at": in_a_week(),
            "reason": "On leave.",
        }
    )


def conflict(world: World) -> Call:
    made = declare_conflict(
        actor=make.player(world.organization, OFFICER).actor,
        person_id=make.person(world.organization).uid,
        kind=ConflictKind.DOMAIN,
        target_id=world.domain.uid,
    )
    return Call(path={"id": made.uid})


def new_conflict(world: World) -> Call:
    someone = make.person(world.organization)
    return Call(body={"person_id": str(someone.uid), "kind": "domain", "target_id": str(world.domain.uid)})


def project(world: World) -> Call:
    made = make.project(world, make.person(world.organization))
    return Call(path={"id": made.uid}, body={"description": "More."}, etag=etag(made))


def to_close(world: World) -> Call:
    return Call(path={"id": make.project(world, make.person(world.organization)).uid})


def new_project(world: World) -> Call:
    return Call(
        body={
            "organization_id": str(world.organization.uid),
            "name": "New",
            "lead_id": str(make.person(world.organization).uid),
            "ends_at": in_a_week(),
        }
    )


def members(world: World) -> Call:
    made = make.project(world, make.person(world.organization))
    return Call(
        path={"project_id": made.uid},
        body={"username": make.player(world.organization).account.username},
    )


def member(world: World) -> Call:
    made = make.project(world, make.person(world.organization), make.player(world.organization).account)
    joined = ProjectMember.objects.filter(project=made).latest("pk")
    return Call(path={"project_id": made.uid, "id": joined.uid})


def seen_by(*roles: Role, url: str, make: object) -> Row:
    return Row(url=url, method="GET", answers=only(*roles, gets=200, others=404), make=make)  # type: ignore[arg-type]


def done_by(
    role: Role, *, url: str, make: object, gets: int, hidden_from: tuple[Role, ...], method: str = "POST"
) -> Row:
    answers = only(role, gets=gets, others=403, hidden_from=hidden_from)
    return Row(url=url, method=method, answers=answers, make=make)  # type: ignore[arg-type]


HIDDEN = (SCIENTIST,)
ROWS = [
    Row(url="delegations-list", method="GET", answers=everybody(200)),
    seen_by(*SEES_PEOPLE, url="delegations-detail", make=delegation),
    done_by(ADMIN, url="delegations-list", make=new_delegation, gets=201, hidden_from=HIDDEN),
    done_by(ADMIN, url="delegations-end", make=delegation, gets=200, hidden_from=HIDDEN),
    Row(url="conflicts-list", method="GET", answers=everybody(200)),
    seen_by(*WATCHING, url="conflicts-detail", make=conflict),
    done_by(OFFICER, url="conflicts-list", make=new_conflict, gets=201, hidden_from=HIDDEN),
    done_by(OFFICER, url="conflicts-end", make=conflict, gets=200, hidden_from=NOT_WATCHING),
    Row(url="projects-list", method="GET", answers=everybody(200)),
    seen_by(*SEES_PEOPLE, url="projects-detail", make=project),
    done_by(ADMIN, url="projects-list", make=new_project, gets=201, hidden_from=()),
    done_by(ADMIN, url="projects-detail", make=project, gets=200, hidden_from=HIDDEN, method="PATCH"),
    done_by(ADMIN, url="projects-close", make=to_close, gets=200, hidden_from=HIDDEN),
    seen_by(*SEES_PEOPLE, url="project-members-list", make=members),
    done_by(ADMIN, url="project-members-list", make=members, gets=201, hidden_from=HIDDEN),
    done_by(ADMIN, url="project-members-end", make=member, gets=200, hidden_from=HIDDEN),
]
