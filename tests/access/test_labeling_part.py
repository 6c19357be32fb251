"""For which part somebody asks to label: said in the request, kept with it, and held against the roster."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.access import errors
from apps.access.commands import amend_request, change_request, create_request, extend_grant
from apps.access.facts import ask_of, revision_content
from apps.access.models import Grant, Revision
from apps.access.queries import content_of
from apps.access.queries.grants import ask_again
from apps.access.queries.revisions import changes_between
from apps.audit.models import AuditEvent
from apps.compliance.lifecycle.declaration import Content
from apps.compliance.lifecycle.labeling import LABELING_POLICIES, Workforce
from apps.compliance.models import LegalRecord
from apps.console.reasons import told
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, RuleBroken
from apps.kernel.texts import sentence
from apps.labeling.models import Annotator
from apps.labeling.roster.standing import AnnotatorRole
from apps.policy.law_words import LabelerGap, LabelerPart
from apps.policy.reason import Reason, text_of
from apps.policy.rules.labeling import GAPS, PARTS
from portal import env
from portal.catalogs import messages_in
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, asked, decision_of, draft, fresh, in_days, revision_of
from tests.factories.records import kept, labeling_policy, restated
from tests.factories.roster import entered

LABEL = ["label"]


def wanted(world: AccessWorld, **given: Any) -> Any:
    return draft(world.harmless, world.purposes["rock"], **{"actions": LABEL, **given})


def content_of_policy(world: AccessWorld, **given: Any) -> Content:
    return labeling_policy(world.purposes["rock"].uid, datasets=(world.harmless.asset.uid,), **given)


@pytest.fixture
def policy(world: AccessWorld) -> LegalRecord:
    return kept(world.organization, LABELING_POLICIES, content_of_policy(world), stage="active")


def listed(world: AccessWorld, policy: LegalRecord, role: AnnotatorRole) -> Annotator:
    return entered(policy, "s", person_id=world.players["scientist"].person.uid, role=role)


def reasons(world: AccessWorld, **given: Any) -> list[Reason]:
    with pytest.raises(RuleBroken) as found:
        asked(world["scientist"], wanted(world, **given))
    return list(found.value.reasons)


def test_who_does_not_say_asks_as_an_annotator(world: AccessWorld) -> None:
    made = create_request(actor=world["scientist"], draft=wanted(world))
    assert revision_of(made).labeling_part == "annotator"
    told = AuditEvent.objects.get(name="access.request.drafted", subject_uid=made.uid)
    assert told.data["labeling_part"] == "annotator"
    read = create_request(actor=world["scientist"], draft=wanted(world, actions=["read"]))
    assert revision_of(read).labeling_part == ""


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"actions": ["read"], "labeling_part": "reviewer"}, errors.LABELING_PART_WITHOUT_LABELING),
        ({"labeling_part": "boss"}, errors.LABELING_PART_OF_NO_LIST),
    ],
)
def test_a_part_is_of_the_list_and_of_labeling(world: AccessWorld, given: dict[str, Any], code: str) -> None:
    with refused(InvalidInput, code, field="labeling_part"):
        create_request(actor=world["scientist"], draft=wanted(world, **given))


def test_the_database_keeps_no_part_of_what_is_no_labeling(world: AccessWorld) -> None:
    made = create_request(actor=world["scientist"], draft=wanted(world, actions=["read"]))
    with pytest.raises(IntegrityError, match="revision_part_of_labeling"), transaction.atomic():
        Revision.objects.filter(pk=made.revision_id).update(labeling_part="reviewer")


@pytest.mark.parametrize("part", list(LabelerPart))
@pytest.mark.parametrize("role", list(AnnotatorRole))
def test_each_part_takes_a_row_of_that_part(
    world: AccessWorld, policy: LegalRecord, role: AnnotatorRole, part: LabelerPart
) -> None:
    listed(world, policy, role)
    if role.value == part.value:
        request = asked(world["scientist"], wanted(world, labeling_part=part.value))
        found = next(each for each in decision_of(request).trace["findings"] if each["rule"] == "LABELING")
        assert found["facts"] == {"part": part.value}
        assert decision_of(request).facts["labeling_part"] == part.value
        return
    (reason,) = reasons(world, labeling_part=part.value)
    assert (reason.code, reason.rule) == ("LABELER_OF_ANOTHER_PART", "LABELING")
    assert (reason.facts["asked"], reason.facts["listed"]) == (part.value, (role.value,))


@pytest.mark.parametrize(
    ("asks", "gap"),
    [
        ({"test_score": "0.99"}, "test"),
        ({"workforce": Workforce.VENDOR}, "contract"),
        ({"has_hard_content": True}, "consent"),
    ],
)
def test_a_reviewer_lacks_what_an_annotator_would(
    world: AccessWorld, policy: LegalRecord, asks: dict[str, Any], gap: str
) -> None:
    listed(world, policy, AnnotatorRole.REVIEWER)
    restated(policy, content_of_policy(world, **asks))
    (reason,) = reasons(world, labeling_part="reviewer")
    assert (reason.code, reason.facts["missing"]) == ("LABELER_NOT_QUALIFIED", (gap,))
    both = reasons(world, labeling_part="adjudicator")
    assert [each.code for each in both] == ["LABELER_OF_ANOTHER_PART", "LABELER_NOT_QUALIFIED"]


def test_the_part_is_covered_by_the_hash_and_told_as_a_change(world: AccessWorld) -> None:
    actor = world["scientist"]
    request = asked(
        actor,
        draft(world.personal, world.purposes["pay"], actions=["read", "label"], labeling_part="annotator"),
    )
    first = revision_of(request)
    assert revision_content(first)["labeling_part"] == "annotator"
    again = draft(world.personal, world.purposes["pay"], actions=["read", "label"], labeling_part="reviewer")
    amend_request(actor=actor, request_id=request.uid, draft=again)
    changes = {each.field: each for each in changes_between(first, revision_of(request))}
    change = changes["labeling_part"]
    assert (change.before, change.after) == (("annotator",), ("reviewer",))


def test_a_revision_from_before_keeps_its_hash_and_counts_as_an_annotator(world: AccessWorld) -> None:
    made = create_request(actor=world["scientist"], draft=wanted(world))
    Revision.objects.filter(pk=made.revision_id).update(labeling_part="")
    before = revision_of(made)
    assert "labeling_part" not in revision_content(before)
    assert ask_of(before).labeling_part is LabelerPart.ANNOTATOR


def test_a_change_and_an_extension_keep_the_part(world: AccessWorld, policy: LegalRecord) -> None:
    listed(world, policy, AnnotatorRole.REVIEWER)
    actor = world["scientist"]
    request = asked(actor, wanted(world, actions=["read", "label"], labeling_part="reviewer"))
    assert content_of(fresh(request))["labeling_part"] == "reviewer"
    grant = Grant.objects.get(revision=request.revision_id)
    later = ask_again(grant, world.harmless.version, at=database_now())
    assert later.labeling_part is LabelerPart.REVIEWER
    more = extend_grant(actor=actor, grant_id=grant.uid)
    assert revision_of(more).labeling_part == "reviewer"
    change_request(
        actor=actor, request_id=more.uid, draft=wanted(world, actions=["read"], ends_on=in_days(90))
    )
    assert revision_of(more).labeling_part == ""


def test_an_extension_without_labeling_has_no_part(world: AccessWorld, policy: LegalRecord) -> None:
    listed(world, policy, AnnotatorRole.REVIEWER)
    request = asked(world["scientist"], wanted(world, actions=["read", "label"], labeling_part="reviewer"))
    grant = Grant.objects.get(revision=request.revision_id)
    less = extend_grant(actor=world["scientist"], grant_id=grant.uid, actions=["read"])
    assert (revision_of(less).actions, revision_of(less).labeling_part) == (["read"], "")


def test_who_is_refused_reads_words_and_no_codes(world: AccessWorld, policy: LegalRecord) -> None:
    (reason,) = reasons(world)
    assert reason.facts["missing"] == ("roster",)
    for said in (sentence(reason), told(text_of(reason.code).sentence, reason, {})):
        assert said.endswith("who lacks: a place on its roster.")
    listed(world, policy, AnnotatorRole.ADJUDICATOR)
    (other,) = reasons(world)
    assert sentence(other).endswith("as annotator whom its roster names as adjudicator.")


@pytest.mark.parametrize("language", sorted(path.name for path in (env.ROOT / "locale").iterdir()))
def test_every_gap_but_those_with_a_reason_of_their_own_has_words_in_each_language(language: str) -> None:
    apart = {LabelerGap.PAUSE.value, LabelerGap.PLACE.value}
    assert set(GAPS) == {gap.value for gap in LabelerGap} - apart
    assert set(PARTS) == {part.value for part in LabelerPart}
    catalog = (env.ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    translated = {message.id for message in messages_in(catalog) if message.is_translated}
    assert {*GAPS.values(), *PARTS.values()} <= translated
