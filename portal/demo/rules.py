"""The demo's own rules: one set in force, and a stricter draft that a second person may publish."""

from __future__ import annotations

from apps.access import commands
from apps.access.models import PolicySet, Rulebook
from apps.access.tasks import run_replay
from apps.kernel.actor import SYSTEM, Actor
from apps.policy.rulebook import LAWFUL_RULEBOOK
from portal.demo.people import Company

IN_FORCE = """\
# What the organization adds to the law.
format: 1
name: House rules
rules:
  - id: EXPORT-1
    about: What leaves the house is looked at by a compliance officer.
    when: {actions_any: [export, share]}
    then:
      require: {stage: export, of: compliance_officer}
      cap: {days: 90}
  - id: JOINT-1
    about: Who would hold data about people from three places at once is looked at by the security officer.
    when: {joint_personal_assets: ">=3"}
    then: {require: {stage: security, of: ciso}}
"""
DRAFTED = f"""\
{IN_FORCE}\
  - id: ABROAD-1
    about: Data about people stay in the European Economic Area.
    when: {{outside_eea: true, personal: true}}
    then: {{deny: PERSONAL_DATA_ABROAD}}
    fix: Process the data in the European Economic Area.
  - id: SHORT-1
    about: Keys to data about people live for an hour.
    when: {{personal: true}}
    then:
      cap: {{ttl_minutes: 60}}
"""


def publish_rules(company: Company) -> None:
    """All rules of the law are in force; what the house adds, one officer writes, the other publishes."""
    if not Rulebook.objects.filter(sha256=LAWFUL_RULEBOOK.sha256).exists():
        commands.publish_rulebook(actor=SYSTEM, document=LAWFUL_RULEBOOK.as_dict())
    sent = _sent(company["officer"], IN_FORCE)
    reader = company["officer2"]
    seen = commands.impact_of_publishing(actor=reader, policy_set_id=sent.uid).digest
    commands.publish_policy_set(actor=reader, policy_set_id=sent.uid, sha256=sent.sha256, seen_impact=seen)


def draft_rules(company: Company) -> None:
    """Replayed over what was asked for, and waiting for the first officer."""
    _sent(company["officer2"], DRAFTED)


def _sent(author: Actor, text: str) -> PolicySet:
    drafted = commands.draft_policy_set(actor=author, text=text)
    replay = commands.start_replay(actor=author, policy_set_id=drafted.uid)
    run_replay(str(replay.uid))
    sent: PolicySet = commands.submit_policy_set(actor=author, policy_set_id=drafted.uid)
    return sent
