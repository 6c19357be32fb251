"""Rules in force, and a house that changes what its records say."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from apps.access.commands import publish_rulebook
from apps.access.models import Rulebook
from apps.compliance import commands
from apps.compliance.facts import activity_content
from apps.compliance.lifecycle import ActivityContent
from apps.compliance.models import ProcessingActivity, Purpose
from apps.kernel.actor import SYSTEM
from apps.policy.rulebook import DEFAULT_RULEBOOK
from tests.factories.access import AccessWorld

WITHOUT_PARTICULARS = {each.name for each in fields(ActivityContent)} - {"particulars"}


def first_rulebook() -> Rulebook:
    """The rules of a house that has not adopted the law yet."""
    document = {**DEFAULT_RULEBOOK.as_dict(), "version": "1.1"}
    made: Rulebook = publish_rulebook(actor=SYSTEM, document=document)
    return made


def activity_of(purpose: Purpose) -> ProcessingActivity:
    found: ProcessingActivity = ProcessingActivity.objects.get(
        versions__purposes=purpose, versions__record_status="approved"
    )
    return found


def says(world: AccessWorld, purpose: Purpose, **given: Any) -> None:
    """The activity of the purpose is described anew, approved by another officer: it takes place already, and
    is recorded as it is."""
    activity = activity_of(purpose)
    described = activity_content(activity.versions.get(record_status="approved"))
    of_activity = {name: given.pop(name) for name in set(given) & WITHOUT_PARTICULARS}
    content = replace(
        described,
        is_running=True,
        **of_activity,
        particulars=replace(described.particulars, **given),
    )
    named = {"processing_activity_id": activity.uid}
    commands.edit_activity(actor=world["officer"], content=content, **named)
    commands.submit_activity(actor=world["officer"], **named)
    commands.approve_activity(actor=world["second_officer"], **named)
