"""An impact assessment is outdated by what changes materially about its activity after it was decided."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from apps.accounts.roles import Role
from apps.compliance import commands
from apps.compliance.events import ActivityApproved
from apps.compliance.facts import activity_content
from apps.compliance.lifecycle.activity.particulars import DataPlace
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import LegalRecord, Occurrence, ProcessingActivity
from apps.compliance.subscribers import assess_anew
from apps.compliance.tasks import follow_record, outdate_assessments
from apps.kernel.actor import Actor
from apps.kernel.events import subscribers_of
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories import compliance as records

pytestmark = pytest.mark.django_db
ABROAD = (DataPlace(country="DE"), DataPlace(country="IN"))


@dataclass
class House:
    """An activity with an assessment that was described, and not yet decided."""

    world: people.World = field(default_factory=people.world)
    activity: ProcessingActivity = field(init=False)
    assessment: LegalRecord = field(init=False)

    def __post_init__(self) -> None:
        purpose = records.approved_purpose(self.world.organization, self.approver, self.writer)
        asset = things.published_asset(self.world.domain)
        self.activity = records.approved_activity(
            purpose, asset, approver=self.approver, writer=self.writer, is_running=True
        )
        self.assessment = records.assessed(
            self.world.organization, self.approver, self.writer, asset, proportionality="Few read it."
        )

    @property
    def writer(self) -> Actor:
        return self.world[Role.COMPLIANCE_OFFICER].actor

    @property
    def approver(self) -> Actor:
        if not hasattr(self, "_approver"):
            self._approver = people.player(self.world.organization, Role.COMPLIANCE_OFFICER)
        return self._approver.actor

    def decided(self) -> None:
        dpo, owner = self.world[Role.DPO].actor, self.world[Role.OWNER].actor
        advice = {"opinion": "favourable", "text": "As written."}
        for actor, step, said in (
            (self.writer, "begin", {}),
            (self.writer, "consult", {}),
            (dpo, "advise", advice),
            (owner, "decide", {"decision": "approve"}),
        ):
            commands.take_step(actor=actor, legal_record_id=self.assessment.uid, step=step, said=said)

    def redrafted(self, **particulars: object) -> None:
        said = activity_content(self.activity.versions.get(record_status="approved"))
        changed = replace(said, particulars=replace(said.particulars, **particulars))
        commands.edit_activity(actor=self.writer, processing_activity_id=self.activity.uid, content=changed)

    def signed(self) -> None:
        commands.submit_activity(actor=self.writer, processing_activity_id=self.activity.uid)
        commands.approve_activity(actor=self.approver, processing_activity_id=self.activity.uid)
        for _again in range(2):
            outdate_assessments(str(self.activity.uid))
            follow_record(str(self.assessment.uid))

    @property
    def stage(self) -> str:
        return LegalRecord.objects.get(pk=self.assessment.pk).stage


@pytest.fixture
def house() -> House:
    return House()


def test_another_country_outdates_it_and_holds_up_what_rests_on_it(house: House) -> None:
    house.decided()
    house.redrafted(places=ABROAD)
    assert house.stage == "approved"
    house.signed()
    assert house.stage == "outdated"
    step = house.assessment.steps.latest("number")
    assert (step.step, step.said["change"]) == ("outdate", f"{house.activity.ref} v2: countries")
    assert [each.happening for each in Occurrence.objects.all()] == [Happening.DPIA_OUTDATED]


def test_other_words_do_not(house: House) -> None:
    house.decided()
    house.redrafted(privacy_notice="Notice for employees, version 4")
    house.signed()
    assert house.stage == "approved"


def test_one_that_was_decided_with_the_change_before_it_stands(house: House) -> None:
    house.redrafted(places=ABROAD)
    house.decided()
    house.signed()
    assert house.stage == "approved"


def test_it_is_looked_at_whenever_a_version_is_signed_off() -> None:
    assert assess_anew in subscribers_of(ActivityApproved.name).values()
