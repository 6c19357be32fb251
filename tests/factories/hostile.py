"""A house in which everything that people may type is hostile: every command gets such text in its place.

The texts are put in at the door of the commands, by the name of the argument, so that a new command or a new
field of an old one is spoiled with the rest.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from apps.accounts.commands import change_organization, declare_conflict
from apps.accounts.models import ConflictKind
from apps.audit import command as door
from apps.catalog.commands import change_asset
from apps.catalog.models import AssetKind
from apps.compliance.lifecycle.activity import Particulars, Recipient, RecipientKind, Transfer
from apps.console.forms.house import LONGEST_TEXT
from apps.kernel.actor import SYSTEM
from tests.console.pages import Scene, scene
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories import compliance
from tests.factories.access import AccessWorld, world

LONGEST: dict[str, int] = {
    "address": 300,
    "agreement_ref": 200,
    "anonymity_assessment": 300,
    "anonymity_ref": 200,
    "answered_by": 200,
    "art22_safeguards": LONGEST_TEXT,
    "art26_arrangement": 300,
    "art9_law_ref": 300,
    "assessment_ref": 200,
    "attestation": LONGEST_TEXT,
    "business_function": 300,
    "categories": 300,
    "column": 200,
    "columns": 200,
    "comment": LONGEST_TEXT,
    "consent_ref": 300,
    "contact": 200,
    "contract_ref": 300,
    "data_type": 100,
    "definition": LONGEST_TEXT,
    "description": 500,
    "dpo": 300,
    "duration": 300,
    "framework": 100,
    "group": 80,
    "geography": 300,
    "human_review_contact": 300,
    "importer": 300,
    "incident_ref": 100,
    "instrument_ref": 300,
    "justification": LONGEST_TEXT,
    "keep_as": 100,
    "label": 100,
    "legal_provision": 300,
    "name": 200,
    "no_measures_reason": LONGEST_TEXT,
    "no_time_limits_reason": LONGEST_TEXT,
    "note": 2000,
    "other_ground": LONGEST_TEXT,
    "party": 300,
    "privacy_notice": 300,
    "reason": 2000,
    "remedy_owner": 300,
    "remedy_plan": LONGEST_TEXT,
    "representative": LONGEST_TEXT,
    "retained_why": LONGEST_TEXT,
    "room": 120,
    "run_by": 300,
    "source": 300,
    "source_party": 300,
    "task": 100,
    "text": LONGEST_TEXT,
    "ticket": 100,
    "title": 200,
    "vital_interest_note": LONGEST_TEXT,
    "volume": 300,
    "what": 300,
    "where": 300,
    "why": LONGEST_TEXT,
}
"""Arguments that hold what people write in words of their own, and how much of it."""
SHORT_NAMES = {
    "connect_lake": 120,
    "connect_ticket_system": 60,
    "create_team": 120,
    "create_token": 120,
    "create_webhook": 120,
    "register_workload": 120,
}
GRAMMAR = frozenset(
    {
        "actions",
        "art10_law_ref",
        "audience",
        "bucket",
        "calendar",
        "carried",
        "category",
        "category_codes",
        "claims",
        "code",
        "concept_code",
        "content_sha256",
        "country",
        "current",
        "digest",
        "document",
        "email",
        "employer_ref",
        "endpoint",
        "events",
        "evidence",
        "external_id",
        "fault",
        "flavor",
        "iam_endpoint",
        "idempotency_key",
        "issuer",
        "items",
        "keys",
        "kind",
        "labeled_by",
        "labeling_part",
        "language",
        "lia_ref",
        "mark",
        "mode",
        "of_event",
        "of_outcome",
        "of_who",
        "operator_ref",
        "options",
        "original_purpose_code",
        "parent_codes",
        "password",
        "place_of_processing",
        "policy",
        "prefix",
        "region",
        "rejection_code",
        "replaced_by_code",
        "report",
        "research_area_code",
        "revision_sha256",
        "role_arn",
        "roots",
        "rows",
        "said",
        "scope_hash",
        "scopes",
        "secret_ref",
        "seen",
        "seen_impact",
        "sensitivity_class_code",
        "sensitivity_class_codes",
        "sha256",
        "stages",
        "step",
        "sts_endpoint",
        "subject",
        "subjects",
        "time_zone",
        "token",
        "url",
        "username",
        "width",
        "words",
        "works_from",
    }
)
"""Arguments that are codes, digests, addresses or secrets: whoever takes them checks them."""
PARTS_OF_THE_MACHINE = (
    "credentials.",
    "lakes.finish_lake_verification",
    "lakes.finish_role_set_up",
    "access.finish_replay",
    *("preparing.finish_view", "preparing.fail_view", "labeling.refuse_import"),
)
"""Commands whose texts no person writes."""
RULES = frozenset({"draft_policy_set", "change_policy_set"})
"""Their text has a grammar, in which some lines are words of people."""
LINES_OF_RULES = re.compile(r"^( *)(name|about|fix): (.+)$", re.MULTILINE)
LONGEST_LINES = {"name": 100, "about": 300, "fix": 300}

SCRIPT = "<script>alert(1)</script>"
MARKUP = "\"'><img src=x onerror=alert(2)><svg onload=alert(3)>"
TEMPLATE = "{{ 777777|add:1 }}{% load x %}{{7*7}}%(x)s %s {0}${7*7}"
COMPUTED = "777778"
"""What stands on a page that took text for a template."""
CORE = "\"'><img src=x onerror=alert(2)>{{777777|add:1}}{%load x%}%(x)s"
PILE = "Z" + "\u0351\u0357\u0300\u0316\u0489" * 8
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\U0001f3f3\ufe0f\u200d\U0001f308"
HEBREW, ARABIC = "\u05e9\u05dc\u05d5\u05dd", "\u0639\u0627\u0644\u0645"
ENDLESS = "\u202eABC\u2067"
"""Turns the direction of what follows and never turns back."""

IN_NAMES = (
    SCRIPT,
    "=1+1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    f"{HEBREW} 123 {ARABIC}",
    f"\u2067{HEBREW} (a) {ARABIC}!\u2069",
    f"\u202b{ARABIC} a\u202c",
    "a\u200b\u200c\u2060\ufeffb\u00ad",
    PILE,
    FAMILY,
)
IN_PROSE = (*IN_NAMES, ENDLESS, "\u2069\u202c\u202e)", "\x01\x07\x1b[31m\x7f\x85\u2028\r\n\t.")
"""Free text may hold whatever can be stored."""
OF_COLUMNS = frozenset({"name", "column", "columns"})
NAMES = OF_COLUMNS | {"label", "data_type", "title"}

Spoil = Callable[[str, str], str]


def nasty(argument: str, text: str) -> str:
    """Markup and template syntax in every text, and by turns something else before it."""
    kinds = IN_NAMES if argument in NAMES else IN_PROSE
    kind = kinds[zlib.crc32(text.encode()) % len(kinds)]
    return f"{kind}{CORE}{text}"[: LONGEST[argument]].strip()


def endless(argument: str, text: str) -> str:
    """One word, as long as the command takes it; of free text, longer than a page is wide."""
    return f"{text}".replace(" ", "").ljust(min(LONGEST[argument], 500), "W")


def right_to_left(argument: str, text: str) -> str:
    """Begins and ends in Hebrew, around digits; free text never turns back."""
    turned = f"{HEBREW} {text} {ARABIC}"[: LONGEST[argument]]
    return turned if argument in NAMES else f"{turned} {ENDLESS}"


@contextlib.contextmanager
def hostile_people(spoil: Spoil) -> Iterator[None]:
    """Within it, whatever a command is told in words is spoiled; the same text always in the same way."""
    carry_out = door._perform
    spoiled: dict[str, str] = {}
    made: set[str] = set()

    def one(argument: str, text: str) -> str:
        if argument not in LONGEST or not text or text in made:
            return text
        # A column is named by its version, its classification and those who ask for it: always alike.
        key = text if argument in OF_COLUMNS else f"{argument}: {text}"
        if key not in spoiled:
            spoiled[key] = spoil(argument, text)
            made.add(spoiled[key])
        return spoiled[key]

    def each(argument: str, value: Any) -> Any:
        if type(value) is str:
            return one(argument, value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            told = {field.name: each(field.name, getattr(value, field.name)) for field in fields_of(value)}
            return dataclasses.replace(value, **told)
        if isinstance(value, list | tuple):
            return type(value)(each(argument, member) for member in value)
        return value

    def carry_out_spoiled(*given: Any) -> Any:
        function, *rest, told = given
        if function.__name__ in RULES:
            told = {**told, "text": spoiled_rules(told["text"], spoil)}
            made.add(told["text"])
        told = {name: each(name, text) for name, text in told.items()}
        if function.__name__ in SHORT_NAMES:
            told["name"] = told["name"][: SHORT_NAMES[function.__name__]]
        return carry_out(function, *rest, told)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "_perform", carry_out_spoiled)
        yield


def spoiled_rules(text: str, spoil: Spoil) -> str:
    """House rules in which everything that people word is spoiled, as a name is; they take nothing unseen."""

    def line(found: re.Match[str]) -> str:
        indent, key, said = found.groups()
        seen = "".join(letter for letter in spoil("name", said) if unicodedata.category(letter) != "Cf")
        return f"{indent}{key}: {json.dumps(seen[: LONGEST_LINES[key]], ensure_ascii=False)}"

    return LINES_OF_RULES.sub(line, text)


def fields_of(value: Any) -> list[dataclasses.Field[Any]]:
    return [field for field in dataclasses.fields(value) if field.init]


def hostile_scene(spoil: Spoil) -> Scene:
    """The scene of the console, with more of what has a name."""
    with hostile_people(spoil):
        made = world()
        furnish(made)
        return scene(made, ticket="ticket")


def furnish(made: AccessWorld) -> None:
    """A lake with a place in it, a team, a model, parties of an activity, a conflict, and descriptions."""
    people.team(made.organization, made.players["scientist"].account)
    lake = things.lake(made.domain)
    things.location(made.personal.asset, lake)
    things.asset(made.domain, AssetKind.MODEL, description="Model.", task="task", framework="framework")
    change_organization(
        actor=SYSTEM, organization_id=made.organization.uid, address="address", contact="contact"
    )
    declare_conflict(
        actor=made["second_owner"],
        person_id=made.players["second_owner"].person.uid,
        kind=ConflictKind.ASSET,
        target_id=made.harmless.asset.uid,
        note="What the conflict is.",
    )
    for thing in (made.harmless, made.personal, made.restricted):
        change_asset(actor=SYSTEM, asset_id=thing.asset.uid, description="What it holds.")
    compliance.drafted_activity(
        made.purposes["pay"],
        made.personal.asset,
        writer=made["officer"],
        description="What is done.",
        art26_arrangement="arrangement",
        no_recipients_confirmed=False,
        no_transfers_confirmed=False,
        recipients=(Recipient(kind=RecipientKind.PROCESSOR, party="party"),),
        particulars=Particulars(
            business_function="function",
            representative="representative",
            dpo="officer",
            human_review_contact="contact",
            privacy_notice="notice",
            volume="volume",
            duration="duration",
            geography="area",
            no_measures_reason="why",
            remedy_plan="plan",
            remedy_owner="who",
        ),
        transfers=(Transfer(country="US", importer="importer", mechanism=None, instrument_ref="document"),),
    )
