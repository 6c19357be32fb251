"""Policy sets on their way from a draft to the rules in force. Plain calls of commands."""

from __future__ import annotations

from apps.access.commands import draft_policy_set, publish_policy_set, start_replay, submit_policy_set
from apps.access.models import PolicyReplay, PolicySet
from apps.access.tasks import run_replay
from apps.kernel.actor import Actor
from tests.factories.impacts import PUBLISHING, looked_at

HOUSE_RULES = """\
# What we add to the law.
format: 1
name: House rules
rules:
  - id: PAY-1
    about: Personal data are looked at by a second compliance officer.
    when: {personal: true}
    then:
      require: {stage: legal, of: compliance_officer}
      cap: {days: 90, ttl_minutes: 60}
  - id: REG-1
    about: Data stay in the EEA.
    when: {outside_eea: true, personal: true}
    then: {deny: TRANSFER_NOT_COVERED}
    fix: Process the data in the EEA.
"""


def drafted_policy(author: Actor, text: str = HOUSE_RULES) -> PolicySet:
    made: PolicySet = draft_policy_set(actor=author, text=text)
    return made


def replayed(author: Actor, policy_set: PolicySet, months: int = 3) -> PolicyReplay:
    replay = start_replay(actor=author, policy_set_id=policy_set.uid, months=months)
    run_replay(str(replay.uid))
    replay.refresh_from_db()
    done: PolicyReplay = replay
    return done


def policy_in_review(author: Actor, text: str = HOUSE_RULES) -> PolicySet:
    policy_set = drafted_policy(author, text)
    replayed(author, policy_set)
    sent: PolicySet = submit_policy_set(actor=author, policy_set_id=policy_set.uid)
    return sent


def published_policy(author: Actor, approver: Actor, text: str = HOUSE_RULES, **given: object) -> PolicySet:
    policy_set = policy_in_review(author, text)
    return put_in_force(approver, policy_set, **given)


def put_in_force(approver: Actor, policy_set: PolicySet, **given: object) -> PolicySet:
    """By somebody who has looked at what it would change."""
    said = {"sha256": policy_set.sha256, "seen_impact": looked_at(PUBLISHING, policy_set.uid), **given}
    done: PolicySet = publish_policy_set(actor=approver, policy_set_id=policy_set.uid, **said)
    return done
