"""Every command of the workflow, in every state, by everybody: as specified, and as docs/ shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction

from apps.access import commands
from apps.access.commands import grants
from apps.accounts.authorization import NOT_PERMITTED
from apps.audit.command import COMMANDS
from apps.audit.models import AuditEvent, Outcome
from apps.kernel.actor import Actor
from apps.kernel.errors import LakewardenError, NotFound, NotPermitted
from apps.kernel.models import HouseQuerySet
from apps.policy.reason import Reason
from portal import env
from tests.access.elsewhere import ELSEWHERE, OF_OTHERS
from tests.access.situations import Situation, Stage, set_up
from tests.access.workflow import GROUPS, ROWS, Row, machine_of, roles_of, states_of
from tests.factories.access import AccessWorld

DOCUMENT = env.ROOT / "docs" / "workflow.md"
LOCKED = ("request_id", "grant_id", "condition_id", "break_glass_id")
YES, NOTHING_DONE, HIDDEN = "**yes**", "·", "hidden"
HEADER = """\
# Who may do what in the workflow

Generated from the tests: each cell was tried. `python3 manage.py test tests/access/test_workflow_table.py
--write-docs` writes this page; an ordinary run fails where the portal, this page or the specification's guard
says something else.

- {yes}: it is done. *{hidden}*: the answer is the same as for something that does not exist.
  {nothing}: allowed, and nothing is to be done. A `CODE` is the reason of the refusal; its sentence and its
  remedy are in `apps/*/errors.py` and on the screen.
- The request asks for pay data, which an owner and then a compliance officer decide. It is made by a member
  of a project (*requester*) for that project, whose lead is the *beneficiary*. Nobody else holds more than
  the role the row names; *stranger* holds none; *system* is the machine's own clock
  and stands where the command is one of its own.
- Roles that fare alike share a row.
"""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What came of a command, and all that who asked was told if it was refused."""

    shown: str
    said: tuple[Any, ...] = ()


Cells = Mapping[tuple[str, str, str], Cell]


@pytest.fixture(scope="module")
def stage(house: AccessWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One set-up for all cells; it is rolled back when the last was tried."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "ATTACHMENTS", tmp_path_factory.mktemp("attachments"))
        yield set_up(house, patch)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def cells(stage: Stage) -> Cells:
    last = AuditEvent.objects.latest("pk").pk
    return {
        (row.name, state, role): tried(row, actor=stage.actors[role], there=there, last=last)
        for row in ROWS
        for state, there in situations_of(row, stage).items()
        for role in roles_of(row)
    }


def situations_of(row: Row, stage: Stage) -> dict[str, Situation]:
    return {state: stage.situations[machine_of(row)][state] for state in states_of(row)}


def tried(row: Row, *, actor: Actor, there: Situation, last: int, **instead: UUID) -> Cell:
    """What came of it, with the trail read from behind its `last` entry; then everything is as before."""
    point = transaction.savepoint()
    try:
        getattr(commands, row.name)(actor=actor, at=there.at, **{**row.given(there), **instead})
        told = AuditEvent.objects.filter(pk__gt=last, outcome=Outcome.DONE)
        return Cell(shown=YES if told.exists() else NOTHING_DONE)
    except NotFound as refusal:
        entry = AuditEvent.objects.latest("pk")
        return Cell(shown=HIDDEN, said=(str(refusal), refusal.reasons, entry.name, entry.outcome, entry.data))
    except LakewardenError as refusal:
        return Cell(shown=f"`{refusal.reasons[0].code}`", said=(str(refusal), refusal.reasons))
    finally:
        transaction.savepoint_rollback(point)


def test_every_command_of_the_app_has_a_row() -> None:
    """A new command is put into the table, or said to be proven elsewhere."""
    known = {name.removeprefix("access.") for name in COMMANDS if name.startswith("access.")}
    rows = {row.name for row in ROWS}
    direct = {"approve_request", "reject_request", "return_request", "give_opinion"}
    assert rows - direct | set(ELSEWHERE) == known
    assert not rows & set(ELSEWHERE)
    places = {place for named in {**ELSEWHERE, **OF_OTHERS}.values() for place in named.split(", ")}
    assert [place for place in places if place.startswith("tests/") and not (env.ROOT / place).exists()] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_command_is_performed_by_whom_and_when_the_specification_says(row: Row, cells: Cells) -> None:
    for state in states_of(row):
        may = {role for role in roles_of(row) if cells[row.name, state, role].shown == YES}
        assert may == row.allowed.get(state, frozenset()), state


def test_the_document_shows_what_was_tried(cells: Cells, pytestconfig: pytest.Config) -> None:
    written = document(cells)
    if pytestconfig.getoption("--write-docs"):
        DOCUMENT.write_text(written, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == written


def test_a_guard_taken_away_turns_the_table_red(
    stage: Stage, cells: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: where nobody is asked for a role, who may not revoke does, and the cell says so."""
    monkeypatch.setattr(grants, "authorize", lambda **_: None)
    row = next(row for row in ROWS if row.name == "revoke_grant")
    tampered = tried(row, actor=stage.actors["auditor"], there=situations_of(row, stage)["active"], last=0)
    assert cells["revoke_grant", "active", "auditor"].shown == "`NOT_PERMITTED`"
    assert tampered.shown == YES


def test_what_is_hidden_does_not_differ_from_what_does_not_exist(stage: Stage, cells: Cells) -> None:
    """Not in its kind, its reasons, its words or the entry it leaves in the trail, in any state."""
    assert len([cell for cell in cells.values() if cell.shown == HIDDEN]) > 500
    told_apart = [
        (row.name, role, states)
        for row in ROWS
        for role in roles_of(row)
        if (states := hidden_from(role, row, cells)) and differs(row, role, states, stage, cells)
    ]
    assert told_apart == []


def test_a_refusal_that_gives_away_what_is_hidden_is_caught(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who may not see it hears that they may not, and so that it is there."""

    def telling(self: HouseQuerySet[Any], uid: UUID) -> Any:
        found = self.filter(uid=uid).first()
        if found is None and self.model._default_manager.filter(uid=uid).exists():
            raise NotPermitted(Reason(code=NOT_PERMITTED))
        return found or self.one(uid)

    monkeypatch.setattr(HouseQuerySet, "for_update", telling)
    row, role = next(row for row in ROWS if row.name == "withdraw_request"), "stranger"
    cells = {
        (row.name, state, role): tried(row, actor=stage.actors[role], there=there, last=0)
        for state, there in situations_of(row, stage).items()
    }
    assert differs(row, role, list(states_of(row)), stage, cells)


def hidden_from(role: str, row: Row, cells: Cells) -> list[str]:
    """The states in which the role gets to hear that there is nothing."""
    return [state for state in states_of(row) if cells[row.name, state, role].shown == HIDDEN]


def differs(row: Row, role: str, states: list[str], stage: Stage, cells: Cells) -> bool:
    """Whether the answer in one of the states is another than the one about something that does not exist."""
    there = situations_of(row, stage)[states[0]]
    key = next(each for each in LOCKED if each in row.given(there))
    absent = tried(row, actor=stage.actors[role], there=there, last=0, **{key: uuid4()})
    return any(cells[row.name, state, role] != absent for state in states)


def document(cells: Cells) -> str:
    parts = [HEADER.format(yes=YES, hidden=HIDDEN, nothing=NOTHING_DONE)]
    for group in GROUPS:
        parts.append(f"\n## {group}\n")
        parts += [section(row, cells) for row in ROWS if row.group == group]
    return "".join([*parts, elsewhere()])


def elsewhere() -> str:
    """Commands that this table does not try, and where they are proven."""
    by_place: dict[str, list[str]] = {}
    for name, place in (*ELSEWHERE.items(), *OF_OTHERS.items()):
        by_place.setdefault(place, []).append(name)
    lines = [f"| {', '.join(names)} | {place} |\n" for place, names in by_place.items()]
    return "\n## Elsewhere\n\n| command | where |\n|---|---|\n" + "".join(lines)


def section(row: Row, cells: Cells) -> str:
    states = states_of(row)
    alike: dict[tuple[str, ...], list[str]] = {}
    for role in roles_of(row):
        alike.setdefault(tuple(cells[row.name, state, role].shown for state in states), []).append(role)
    lines = [f"\n### `{row.name}`\n\nSpecification: {row.spec}.\n"]
    if row.note:
        lines.append(f"\n{row.note}\n")
    lines.append(f"\n| | {' | '.join(states)} |\n|---|{'---|' * len(states)}\n")
    lines += [f"| {', '.join(roles)} | {' | '.join(outcome)} |\n" for outcome, roles in alike.items()]
    return "".join(lines)
