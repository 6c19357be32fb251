"""Whoever labels unsteadily is paused by the portal itself, until somebody else lifts that with a reason."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import Person
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetVersion
from apps.compliance.models import LegalRecord
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted
from apps.kernel.events import subscribers_of
from apps.labeling.commands import (
    change_annotator,
    end_annotator,
    lift_pause,
    pause_unsteady,
    review_label_set,
)
from apps.labeling.events import LabelsBrought
from apps.labeling.models import Annotator, AnnotatorPause, LabelSet
from apps.labeling.roster.asked import labeling_of
from apps.labeling.tasks import pause_after_labels
from tests.access.refusals import refused
from tests.factories import accounts, labels, roster
from tests.factories.accounts import World

pytestmark = pytest.mark.django_db
WHY = "They were trained anew."


@pytest.fixture
def world() -> World:
    return accounts.world()


@pytest.fixture
def version(world: World) -> AssetVersion:
    return labels.labeled_version(world.domain, are_raw_kept=True)


@pytest.fixture
def policy(version: AssetVersion) -> LegalRecord:
    return roster.policy_about(version)


def found_in(version: AssetVersion, content: bytes = b"") -> tuple[LabelSet, list[AnnotatorPause]]:
    made = labels.brought(version, content or labels.unsteady())
    pause_after_labels(made.uid)
    return made, list(AnnotatorPause.objects.filter(label_set=made))


def lifted(row: Annotator, by: Any = SYSTEM, why: str = WHY) -> AnnotatorPause:
    made: AnnotatorPause = lift_pause(actor=by, annotator_id=row.uid, why=why)
    return made


def test_it_hears_of_labels_that_were_brought() -> None:
    assert pause_after_labels in subscribers_of(LabelsBrought.name).values()


def test_who_gives_one_label_throughout_is_paused_and_the_answers_stay(
    version: AssetVersion, policy: LegalRecord
) -> None:
    made, (pause,) = found_in(version)
    row = Annotator.objects.get(policy=policy, code="7")
    assert (pause.code, pause.annotator, pause.policy, pause.lifted_at) == ("7", row, policy, None)
    assert "LABELS_ALWAYS_THE_SAME" in [reason["code"] for reason in pause.findings]
    event = AuditEvent.objects.get(name="labeling.annotator.paused")
    assert (event.subject_uid, event.actor_kind) == (row.uid, "system")
    assert event.data["label_set_id"] == str(made.uid)
    assert made.labels.filter(annotator="7").count() == 120
    assert ("L10", "noted") in {(each["check"], each["outcome"]) for each in made.findings}
    assert Annotator.objects.with_pause().get(pk=row.pk).paused_by == made.uid


def test_who_is_steady_or_not_on_the_roster_is_not_paused(version: AssetVersion) -> None:
    assert found_in(version, labels.sound())[1] == []
    assert found_in(version, labels.unsteady(by="99"))[1] == []


def test_where_names_are_not_kept_nobody_is_paused(world: World) -> None:
    made, pauses = found_in(labels.labeled_version(world.domain))
    assert pauses == []
    assert ("L10", "noted") in {(each["check"], each["outcome"]) for each in made.findings}


def of_the_house(
    world: World, policy: LegalRecord, code: str = "21", role: Role = Role.SCIENTIST
) -> Annotator:
    person = world[role].person
    Person.objects.filter(pk=person.pk).update(cleared_rank=roster.HIGHEST_RANK)
    return roster.entered(policy, code, person_id=person.uid)


def gaps(world: World, version: AssetVersion) -> frozenset[str]:
    people = [world[Role.SCIENTIST].person]
    (told,) = labeling_of([(version.asset, version)], people, on=database_now().date())
    return told.gaps


def test_a_pause_stands_in_the_way_of_an_ask_until_it_is_lifted(
    world: World, version: AssetVersion, policy: LegalRecord
) -> None:
    row = of_the_house(world, policy)
    assert gaps(world, version) == frozenset()
    found_in(version, labels.unsteady(by="21"))
    assert gaps(world, version) == {"PAUSED"}
    row = change_annotator(actor=SYSTEM, annotator_id=row.uid, draft=roster.somebody("21"))
    assert gaps(world, version) == {"PAUSED"}
    lifted(row, world[Role.OWNER].actor)
    assert gaps(world, version) == frozenset()


def test_another_number_of_the_same_person_is_paused_as_well(
    world: World, version: AssetVersion, policy: LegalRecord
) -> None:
    row = of_the_house(world, policy)
    found_in(version, labels.unsteady(by="21"))
    end_annotator(actor=SYSTEM, annotator_id=row.uid)
    other = of_the_house(world, policy, "22")
    assert gaps(world, version) == {"PAUSED"}
    lifted(other)
    assert gaps(world, version) == frozenset()


def test_what_was_lifted_is_not_paused_again_for_the_same_answers(
    version: AssetVersion, policy: LegalRecord
) -> None:
    content = labels.unsteady()
    made, (pause,) = found_in(version, content)
    for _ in range(2):
        pause_unsteady(actor=SYSTEM, label_set_id=made.uid)
    assert AnnotatorPause.objects.count() == 1
    lifted(pause.annotator)
    review_label_set(actor=SYSTEM, label_set_id=made.uid)
    pause_after_labels(made.uid)
    assert found_in(version, content + b"\n")[1] == []
    assert len(found_in(version, labels.unsteady(140))[1]) == 1
    assert list(AnnotatorPause.objects.order_by("pk").values_list("why", flat=True)) == [WHY, ""]


def test_nor_where_others_answered_more(version: AssetVersion) -> None:
    """The bound of the worst run is wider where more runs were looked at, which is nothing they did."""
    content = labels.unsteady()
    _made, (pause,) = found_in(version, content)
    lifted(pause.annotator)
    items = [line.partition(b",")[0] for line in content.splitlines() if b",second," in line]
    more = (item + b",third,shale,0" for item in items[:30])
    again, pauses = found_in(version, b"\n".join([content, *more]))
    told = {reason["code"]: reason["facts"] for reason in pause.findings}
    found = {each["reason"]["code"]: each["reason"]["facts"] for each in again.findings}
    assert found["LABELS_ANNOTATOR_DRIFTED"] != told["LABELS_ANNOTATOR_DRIFTED"]
    assert pauses == []


@pytest.mark.parametrize("role", [Role.STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER])
def test_who_keeps_the_roster_lifts_it_with_a_reason(world: World, version: AssetVersion, role: Role) -> None:
    _made, (pause,) = found_in(version)
    with refused(InvalidInput, "ANNOTATOR_PAUSE_LIFTED_WITHOUT_REASON", field="why"):
        lifted(pause.annotator, world[role].actor, " ")
    lifted(pause.annotator, world[role].actor)
    pause.refresh_from_db()
    assert (pause.lifted_by, pause.why) == (world[role].person, WHY)
    assert AuditEvent.objects.get(name="labeling.annotator.pause_lifted").data["why"] == WHY
    with refused(InvalidState, "ANNOTATOR_NOT_PAUSED"):
        lifted(pause.annotator, world[role].actor)


@pytest.mark.parametrize(("role", "family"), [(Role.SCIENTIST, NotFound), (Role.AUDITOR, NotPermitted)])
def test_nobody_else_lifts_it(
    world: World, version: AssetVersion, role: Role, family: type[NotFound | NotPermitted]
) -> None:
    _made, (pause,) = found_in(version)
    with refused(family):
        lifted(pause.annotator, world[role].actor)


def test_nobody_lifts_their_own_pause(world: World, version: AssetVersion, policy: LegalRecord) -> None:
    steward = world[Role.STEWARD]
    row = of_the_house(world, policy, role=Role.STEWARD)
    found_in(version, labels.unsteady(by="21"))
    with refused(NotPermitted, "ANNOTATOR_PAUSE_OWN"):
        lifted(row, steward.actor)
    assert lifted(row, world[Role.OWNER].actor).lifted_at is not None


def test_the_database_lets_a_pause_be_lifted_and_nothing_else(version: AssetVersion) -> None:
    _made, (pause,) = found_in(version)
    for change in ({"code": "8"}, {"findings": []}):
        with pytest.raises(DatabaseError), transaction.atomic():
            AnnotatorPause.objects.filter(pk=pause.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        pause.delete()
    lifted(pause.annotator)
    with pytest.raises(DatabaseError), transaction.atomic():
        AnnotatorPause.objects.filter(pk=pause.pk).update(lifted_at=None)


@pytest.mark.django_db(transaction=True)
def test_two_workers_pause_once(world: World) -> None:
    version = labels.labeled_version(world.domain, are_raw_kept=True)
    sets = [labels.brought(version, labels.unsteady(items)) for items in (120, 140)]
    begin, faults = Barrier(2), []

    def run(uid: Any) -> None:
        try:
            begin.wait(10)
            pause_unsteady(actor=SYSTEM, label_set_id=uid)
        except Exception as fault:  # noqa: BLE001
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(each.uid,)) for each in sets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert AnnotatorPause.objects.standing().filter(code="7").count() == 1
