"""Every command of the workflow, in every state, by everybody: as specified, and as docs/ shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from apps.access import commands
from apps.accounts.authorization import NOT_PERMITTED
from apps.audit.command import COMMANDS
from apps.audit.models import AuditEvent, Outcome
from apps.kernel.actor import Actor
from apps.kernel.errors import LakewardenError, NotFound, NotPermitted
from apps.kernel.models import HouseQuerySet
from apps.policy.reason import Reason
from portal import env
from tests.access.situations import Situation, Stage, set_up
from tests.access.workflow import ELSEWHERE, GROUPS, ROWS, Row, roles_of, states_of
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

Cells = Mapping[tuple[str, str, str], str]


@pytest.fixture(scope="module")
def stage(house: AccessWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One set-up for all cells; it is rolled back when the last was tried."""
    from django.conf import settings

    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "ATTACHMENTS", tmp_path_factory.mktemp("attachments"))
        yield set_up(house, patch)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def cells(stage: Stage) -> Cells:
    return {
        (row.name, state, role): tried(row, stage.situations[state], stage.actors[role])
        for row in ROWS
        for state in states_of(row)
        for role in roles_of(row)
    }


def tried(row: Row, situation: Situation, actor: Actor) -> str:
    """What came of it; afterwards everything is as before."""
    point = transaction.savepoint()
    done = AuditEvent.objects.filter(outcome=Outcome.DONE)
    before = done.count()
    try:
        getattr(commands, row.name)(actor=actor, at=situation.at, **row.given(situation))
        return YES if done.count() > before else NOTHING_DONE
    except NotFound:
        return HIDDEN
    except LakewardenError as refusal:
        return f"`{refusal.reasons[0].code}`"
    finally:
        transaction.savepoint_rollback(point)


def test_every_command_of_the_app_has_a_row() -> None:
    """A new command is put into the table, or said to be proven elsewhere."""
    known = {name.removeprefix("access.") for name in COMMANDS if name.startswith("access.")}
    rows = {row.name for row in ROWS}
    direct = {"approve_request", "reject_request", "return_request", "give_opinion"}
    assert rows - direct | set(ELSEWHERE) == known
    assert not rows & set(ELSEWHERE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_command_is_performed_by_whom_and_when_the_specification_says(row: Row, cells: Cells) -> None:
    for state in states_of(row):
        may = {role for role in roles_of(row) if cells[row.name, state, role] == YES}
        assert may == row.allowed.get(state, frozenset()), state


def test_the_document_shows_what_was_tried(cells: Cells, pytestconfig: pytest.Config) -> None:
    written = document(cells)
    if pytestconfig.getoption("--write-docs"):
        DOCUMENT.write_text(written, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == written


def test_what_is_hidden_does_not_differ_from_what_does_not_exist(stage: Stage, cells: Cells) -> None:
    """Not in its kind, its reasons, its words or the entry it leaves in the trail."""
    assert differing(stage, cells) == []


def test_a_refusal_that_gives_away_what_is_hidden_is_caught(
    stage: Stage, cells: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who may not see it hears that they may not, and so that it is there."""

    def telling(self: HouseQuerySet[Any], uid: UUID) -> Any:
        found = self.filter(uid=uid).first()
        if found is None and self.model._default_manager.filter(uid=uid).exists():
            raise NotPermitted(Reason(code=NOT_PERMITTED))
        return found or self.one(uid)

    monkeypatch.setattr(HouseQuerySet, "for_update", telling)
    assert differing(stage, cells) != []


def differing(stage: Stage, cells: Cells) -> list[tuple[str, str]]:
    """Commands and roles whose answer tells a hidden thing from none."""
    hidden = {(name, role): state for (name, state, role), cell in cells.items() if cell == HIDDEN}
    assert len(hidden) > 50
    found = []
    for row in ROWS:
        for role in roles_of(row):
            if (row.name, role) in hidden:
                there = stage.situations[hidden[row.name, role]]
                given = dict(row.given(there))
                key = next(each for each in LOCKED if each in given)
                answers = [
                    answer(row, stage.actors[role], there.at, named)
                    for named in (given, {**given, key: uuid4()})
                ]
                if answers[0] != answers[1]:
                    found.append((row.name, role))
    return found


def answer(row: Row, actor: Actor, at: datetime, given: Mapping[str, Any]) -> tuple[Any, ...]:
    point = transaction.savepoint()
    try:
        getattr(commands, row.name)(actor=actor, at=at, **given)
    except LakewardenError as refusal:
        told = AuditEvent.objects.latest("pk")
        return type(refusal), str(refusal), refusal.reasons, told.name, told.outcome
    finally:
        transaction.savepoint_rollback(point)
    raise AssertionError("It was not hidden.")


def document(cells: Cells) -> str:
    parts = [HEADER.format(yes=YES, hidden=HIDDEN, nothing=NOTHING_DONE)]
    for group in GROUPS:
        parts.append(f"\n## {group}\n")
        parts += [section(row, cells) for row in ROWS if row.group == group]
    return "".join(parts)


def section(row: Row, cells: Cells) -> str:
    states = states_of(row)
    alike: dict[tuple[str, ...], list[str]] = {}
    for role in roles_of(row):
        alike.setdefault(tuple(cells[row.name, state, role] for state in states), []).append(role)
    lines = [f"\n### `{row.name}`\n\nSpecification: {row.spec}.\n"]
    if row.note:
        lines.append(f"\n{row.note}\n")
    lines.append(f"\n| | {' | '.join(states)} |\n|---|{'---|' * len(states)}\n")
    lines += [f"| {', '.join(roles)} | {' | '.join(outcome)} |\n" for outcome, roles in alike.items()]
    return "".join(lines)
