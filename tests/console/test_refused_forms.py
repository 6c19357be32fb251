"""Every form of every page, sent as it stands and emptied: it is carried out, or says soundly why not.

The forms are read from the registered pages, so that a new form is sent here by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from portal.embedded.postgres import Postgres
from tests.clones import name_in_use, point_django_at
from tests.conftest import Recorded
from tests.console.markup import inspected
from tests.console.pages import Scene, scene
from tests.console.readers import ALSO, Look, everybody, looks_at, of_readers, rails_counted_once
from tests.console.sent_forms import Answered, answers_to, forms_of
from tests.factories.access import world as make_world

PASSED = range(200, 400)
DOWN = frozenset({502, 503})
"""The lake of the scene leads nowhere."""


@pytest.fixture(scope="module")
def house(
    recorded_in: Recorded[Scene], postgres: Postgres, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Scene]:
    name, made = recorded_in("refused", lambda: scene(make_world()))
    before = name_in_use()
    with django_db_blocker.unblock(), rails_counted_once():  # type: ignore[attr-defined]
        point_django_at(postgres, name)
        yield made
        point_django_at(postgres, before)


@pytest.fixture(scope="module")
def looks(house: Scene, is_long: bool) -> list[Look]:
    """Each page once by each of its readers; with --long by everybody."""
    return list(looks_at(house, everybody(house) if is_long else ALSO))


@pytest.fixture(scope="module")
def answers(house: Scene, looks: list[Look]) -> list[Answered]:
    return list(answers_to(house, forms_of(looks)))


def faults_of(answered: Answered) -> list[str]:
    status, page = answered.answer.status_code, answered.shown
    if status in PASSED:
        return []
    if not (400 <= status < 500 or status in DOWN):
        return [f"answered {status}"]
    seen = inspected(page)
    faults = [*seen.blocked, *sorted({each for each in seen.ids if seen.ids.count(each) > 1})]
    if "There is a problem" in page:
        faults += [] if "<title>Error:" in page else ["the title does not say so"]
        faults += [f"{each} leads nowhere" for each in links_in_summary(page) if each not in seen.ids]
    elif 'class="reasons"' not in page:
        faults.append(f"answered {status} without a reason")
    return faults


def links_in_summary(page: str) -> list[str]:
    summary = re.search(r'aria-labelledby="error-title".*?</div>\s*(?=<)', page, re.DOTALL)
    return re.findall(r'href="#([^"]+)"', summary[0]) if summary else []


def test_every_form_is_carried_out_or_says_why_not(answers: list[Answered]) -> None:
    assert [f"{each}: {fault}" for each in answers for fault in faults_of(each)] == []


def test_nobody_but_the_readers_of_a_page_is_shown_further_forms(looks: list[Look]) -> None:
    """A control of who the readers are, told by --long, where everybody looks at every page."""
    known = {met.key for met in forms_of(of_readers(looks))}
    assert [f"{met.page}: {met.who}" for met in forms_of(looks) if met.key not in known] == []


def test_forms_are_met_and_many_of_them_refused(answers: list[Answered]) -> None:
    """A control: the sweep finds the forms, and emptying them is noticed."""
    assert len({each.met.key for each in answers}) >= 100
    assert sum("There is a problem" in each.shown for each in answers) >= 20
    assert sum(len(links_in_summary(each.shown)) for each in answers) >= 20
