"""The organization's own rules: written by one, replayed, published by another, true of everything."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.access import errors
from apps.access.commands import (
    change_policy_set,
    draft_policy_set,
    publish_rulebook,
    return_policy_set,
    start_replay,
    submit_policy_set,
)
from apps.access.lifecycle import POLICY_SET_NOT_POSSIBLE
from apps.access.models import PolicyReplay, PolicySet, Rulebook
from apps.access.queries import coverage_of, current_rulebook, lint
from apps.access.tasks import reevaluate, reevaluate_under_new_rulebooks, run_replay
from apps.accounts.authorization import NOT_PERMITTED
from apps.accounts.commands import end_role
from apps.accounts.models import RoleAssignment
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import (
    InvalidInput,
    InvalidState,
    NotFound,
    NotPermitted,
    RuleBroken,
    StaleVersion,
)
from apps.policy.comparison import Change
from apps.policy.house.faults import POLICY_WOULD_LOOSEN
from apps.policy.rulebook import DEFAULT_RULEBOOK, LAWFUL_RULEBOOK
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories.access import AccessWorld, asked, decision_of, draft, in_days
from tests.factories.policies import put_in_force

ASKS_SECURITY = """\
format: 1
name: House rules
rules:
  - id: PAY-1
    about: Personal data are looked at by the head of compliance.
    when: {personal: true}
    then: {require: {stage: legal, of: compliance_officer}}
"""


def drafted(world: AccessWorld, text: str = ASKS_SECURITY, who: str = "officer") -> PolicySet:
    made: PolicySet = draft_policy_set(actor=world[who], text=text)
    return made


def replayed(world: AccessWorld, policy_set: PolicySet, who: str = "officer") -> PolicyReplay:
    replay = start_replay(actor=world[who], policy_set_id=policy_set.uid, months=3)
    run_replay(str(replay.uid))
    replay.refresh_from_db()
    return replay


def in_review(world: AccessWorld, text: str = ASKS_SECURITY) -> PolicySet:
    policy_set = drafted(world, text)
    replayed(world, policy_set)
    submitted: PolicySet = submit_policy_set(actor=world["officer"], policy_set_id=policy_set.uid)
    return submitted


def published(world: AccessWorld, text: str = ASKS_SECURITY, **given: Any) -> PolicySet:
    policy_set = in_review(world, text)
    return put_in_force(world["second_officer"], policy_set, **given)


def test_what_two_people_published_decides_from_then_on_beside_the_law(world: AccessWorld) -> None:
    policy_set = published(world)
    book = current_rulebook(world.organization, at=database_now())
    assert (book.policy_set, book.version) == (
        policy_set,
        f"{LAWFUL_RULEBOOK.version}+{world.organization.code}-{policy_set.number}",
    )
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    assert decision_of(request).rulebook == book
    assert "legal" in decision_of(request).stages.values_list("name", flat=True)


def test_a_stage_that_nobody_can_fill_is_warned_of_and_neither_sent_nor_published(world: AccessWorld) -> None:
    text = ASKS_SECURITY.replace("of: compliance_officer", "of: legal")
    policy_set = drafted(world, text)
    (warning,) = lint(world["officer"], text).warnings
    assert (warning.rule, warning.facts["stage"], warning.facts["held"]) == ("PAY-1", "legal", 0)
    with refused(RuleBroken, errors.POLICY_POOL_TOO_SMALL):
        submit_policy_set(actor=world["officer"], policy_set_id=policy_set.uid)
    counsel = people.player(world.organization, Role.LEGAL)
    assert not lint(world["officer"], text).warnings
    sent = in_review(world, text)
    end_roles_of(counsel)
    with refused(RuleBroken, errors.POLICY_POOL_TOO_SMALL):
        put_in_force(world["second_officer"], sent)


def end_roles_of(player: people.Player) -> None:
    for held in RoleAssignment.objects.filter(person=player.person):
        end_role(actor=SYSTEM, role_assignment_id=held.uid)


def test_the_coverage_map_counts_the_stages_of_the_house(world: AccessWorld) -> None:
    people.player(world.organization, Role.LEGAL)
    published(world, ASKS_SECURITY.replace("of: compliance_officer", "of: legal"))
    gaps = coverage_of(world["auditor"], at=database_now()).gaps
    found = {(gap.role, gap.now, gap.class_code) for gap in gaps}
    assert found == {("legal", 1, "confidential"), ("legal", 1, "restricted")}


def test_rules_of_one_organization_decide_for_no_other(world: AccessWorld) -> None:
    published(world)
    elsewhere = people.organization()
    assert current_rulebook(elsewhere, at=database_now()).organization is None
    officer = people.player(elsewhere, Role.COMPLIANCE_OFFICER).actor
    assert not PolicySet.objects.visible_to(officer).exists()


def test_a_text_with_faults_changes_nothing_and_names_line_rule_and_remedy(world: AccessWorld) -> None:
    policy_set = drafted(world)
    bad = ASKS_SECURITY.replace("personal: true", "personal: false")
    with refused(InvalidInput, POLICY_WOULD_LOOSEN, field="text"):
        change_policy_set(actor=world["officer"], policy_set_id=policy_set.uid, text=bad)
    policy_set.refresh_from_db()
    assert policy_set.text == ASKS_SECURITY


def test_the_author_cannot_publish_nor_can_the_database_be_told_so(world: AccessWorld) -> None:
    policy_set = in_review(world)
    with refused(RuleBroken, errors.POLICY_OWN_APPROVAL):
        put_in_force(world["officer"], policy_set)
    now = database_now()
    with pytest.raises(IntegrityError, match="policy_set_two_people"), transaction.atomic():
        PolicySet.objects.filter(pk=policy_set.pk).update(
            state="published", approver=policy_set.author, published_at=now, effective_from=now
        )


def test_without_a_replay_of_exactly_these_rules_nothing_is_sent_or_published(world: AccessWorld) -> None:
    policy_set = drafted(world)
    with refused(InvalidState, errors.POLICY_NOT_REPLAYED):
        submit_policy_set(actor=world["officer"], policy_set_id=policy_set.uid)
    replayed(world, policy_set)
    changed = ASKS_SECURITY.replace("stage: legal", "stage: security")
    change_policy_set(actor=world["officer"], policy_set_id=policy_set.uid, text=changed)
    with refused(InvalidState, errors.POLICY_NOT_REPLAYED):
        submit_policy_set(actor=world["officer"], policy_set_id=policy_set.uid)


def test_a_replay_against_rules_no_longer_in_force_does_not_count(world: AccessWorld) -> None:
    policy_set = in_review(world)
    publish_rulebook(actor=SYSTEM, document={**DEFAULT_RULEBOOK.as_dict(), "version": "next"})
    with refused(InvalidState, errors.POLICY_NOT_REPLAYED):
        put_in_force(world["second_officer"], policy_set)


def test_what_was_not_read_is_not_published(world: AccessWorld) -> None:
    policy_set = in_review(world)
    with refused(StaleVersion, errors.POLICY_TEXT_CHANGED):
        put_in_force(world["second_officer"], policy_set, sha256="0" * 64)


def test_only_the_author_edits_a_draft_and_nobody_what_is_published(world: AccessWorld) -> None:
    policy_set = drafted(world)
    with refused(RuleBroken, errors.POLICY_NOT_YOURS):
        change_policy_set(actor=world["administrator"], policy_set_id=policy_set.uid, text=ASKS_SECURITY)
    with refused(NotPermitted, NOT_PERMITTED):
        change_policy_set(actor=world["auditor"], policy_set_id=policy_set.uid, text=ASKS_SECURITY)
    with refused(NotFound):
        change_policy_set(actor=world["scientist"], policy_set_id=policy_set.uid, text=ASKS_SECURITY)
    done = published(world, ASKS_SECURITY + "# again\n")
    with refused(InvalidState, errors.POLICY_NOT_EDITABLE):
        change_policy_set(actor=world["officer"], policy_set_id=done.uid, text=ASKS_SECURITY)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        PolicySet.objects.filter(pk=done.pk).update(text="")


def test_what_is_given_back_can_be_edited_again(world: AccessWorld) -> None:
    policy_set = in_review(world)
    with refused(InvalidInput, errors.REASON_MISSING):
        return_policy_set(actor=world["second_officer"], policy_set_id=policy_set.uid, reason=" ")
    return_policy_set(actor=world["second_officer"], policy_set_id=policy_set.uid, reason="Too much.")
    change_policy_set(actor=world["officer"], policy_set_id=policy_set.uid, text=ASKS_SECURITY)
    with refused(InvalidState, POLICY_SET_NOT_POSSIBLE):
        put_in_force(world["second_officer"], policy_set)


def test_a_replay_tells_what_would_have_been_otherwise_and_decides_nothing(world: AccessWorld) -> None:
    routed = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    asked(world["scientist"], draft(world.harmless, world.purposes["rock"]))
    before = decision_of(routed)
    replay = replayed(world, drafted(world))
    assert (replay.total, replay.counts) == (2, {Change.MORE_STAGES.value: 1})
    (told,) = replay.changed
    assert told["request_id"] == str(routed.uid)
    assert told["added"] == ["legal: compliance_officer × 1"] and told["rules"] == ["PAY-1"]
    assert decision_of(routed) == before


def test_open_requests_are_answered_anew_as_a_whole_under_the_newest_rules(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reevaluate, "delay", reevaluate)  # here and now, without a worker
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    older = decision_of(request)
    published(world)
    reevaluate_under_new_rulebooks()
    newer = decision_of(request)
    assert newer != older and newer.rulebook.policy_set is not None
    reevaluate_under_new_rulebooks()
    assert decision_of(request) == newer


def test_rules_that_begin_later_decide_from_their_day_on(world: AccessWorld) -> None:
    begins_at = database_now() + (in_days(3) - in_days(0))
    published(world, effective_from=begins_at)
    assert current_rulebook(world.organization, at=database_now()).policy_set is None
    assert current_rulebook(world.organization, at=begins_at).policy_set is not None
    with refused(InvalidInput, errors.POLICY_STARTS_IN_THE_PAST):
        published(
            world, ASKS_SECURITY.replace("legal", "security"), effective_from=begins_at.replace(year=2020)
        )


def test_a_new_law_part_is_joined_with_the_rules_of_each_house(world: AccessWorld) -> None:
    policy_set = published(world)
    publish_rulebook(actor=SYSTEM, document={**DEFAULT_RULEBOOK.as_dict(), "version": "next"})
    book = current_rulebook(world.organization, at=database_now())
    assert book.policy_set == policy_set and book.version.startswith("next+")


def test_going_back_is_a_new_version_of_the_old_text(world: AccessWorld) -> None:
    first = published(world)
    second = published(world, ASKS_SECURITY.replace("legal", "security"))
    third = published(world, first.text)
    assert (third.sha256, third.number) == (first.sha256, second.number + 1)
    assert Rulebook.objects.filter(organization=world.organization).count() == 3


def test_publishing_what_is_in_force_already_is_no_change(world: AccessWorld) -> None:
    published(world)
    again = drafted(world, ASKS_SECURITY + "# a comment\n")
    replayed(world, again)
    with refused(InvalidState, errors.POLICY_NOTHING_NEW):
        submit_policy_set(actor=world["officer"], policy_set_id=again.uid)


def test_a_replay_goes_back_some_months_and_no_further(world: AccessWorld) -> None:
    policy_set = drafted(world)
    for months in (0, 37):
        with refused(InvalidInput, errors.REPLAY_MONTHS):
            start_replay(actor=world["officer"], policy_set_id=policy_set.uid, months=months)


def test_a_ticket_that_a_rule_asks_for_is_kept_with_the_revision(world: AccessWorld) -> None:
    published(world, TICKETS)
    purpose = world.purposes["pay"]
    blocked = asked(world["scientist"], draft(world.personal, purpose))
    named = asked(world["scientist"], draft(world.personal, purpose, ticket=" OPS-7 "))
    assert (decision_of(blocked).effect, decision_of(named).effect) == ("block", "refer")
    assert decision_of(named).facts["ticket_reference"] == "OPS-7"
    with refused(InvalidInput, errors.TICKET_TOO_LONG, field="ticket"):
        asked(world["scientist"], draft(world.personal, purpose, ticket="x" * 101))


TICKETS = """\
format: 1
name: Tickets
rules:
  - id: OPS-1
    about: What is about people goes with a ticket.
    when: {personal: true}
    then: {require_ticket: {system: JIRA, pattern: "OPS-[0-9]{1,6}"}}
"""
