"""Words of the closed lists as people read them: a text, a tone and an icon for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Word:
    """`tone` is one of neutral, info, success, warning, danger; color alone never says anything."""

    text: Any
    tone: str = "neutral"
    icon: str = "info"


REQUEST_STATES = {
    "draft": Word(text=_("Draft"), icon="draft"),
    "in_review": Word(text=_("In review"), tone="info", icon="clock"),
    "returned": Word(text=_("Returned for changes"), tone="warning", icon="return"),
    "approved": Word(text=_("Approved"), tone="success", icon="check"),
    "rejected": Word(text=_("Rejected"), tone="danger", icon="cross"),
    "withdrawn": Word(text=_("Withdrawn"), icon="return"),
    "lapsed": Word(text=_("Lapsed"), tone="warning", icon="clock"),
}
QUESTION_STATES = {
    "open": Word(text=_("Waits for an answer"), tone="warning", icon="question"),
    "answered": Word(text=_("Answered"), tone="success", icon="check"),
}
COMMENT_AUDIENCES = {
    "everyone": _("everybody who sees the request"),
    "deciders": _("those who decide, and not the requester"),
    "requester_side": _("the requester's side, and not those who decide"),
}
DRAFT_FIELDS = {
    "items": _("Assets"),
    "purpose": _("Purpose"),
    "subject": _("For whom"),
    "actions": _("Actions"),
    "starts_at": _("Begins"),
    "ends_at": _("Ends"),
    "place_of_processing": _("Place"),
    "justification": _("What you will do"),
    "mode": _("Versions"),
    "attachments": _("Files"),
}
GRANT_STATES = {
    "scheduled": Word(text=_("Begins later"), tone="info", icon="clock"),
    "active": Word(text=_("Active"), tone="success", icon="check"),
    "expired": Word(text=_("Ended"), icon="ending"),
    "revoked": Word(text=_("Revoked"), tone="danger", icon="cross"),
    "given_back": Word(text=_("Given back"), icon="return"),
}
LEASE_STATES = {
    "intent": Word(text=_("Being issued"), tone="info", icon="clock"),
    "issued": Word(text=_("Works"), tone="success", icon="key"),
    "failed": Word(text=_("Not issued"), tone="warning", icon="alert"),
    "expired": Word(text=_("Ended"), icon="ending"),
    "revoke_requested": Word(text=_("Being revoked; may still work"), tone="warning", icon="alert"),
    "revoked": Word(text=_("Revoked; the lake confirmed it"), icon="cross"),
    "outlives": Word(text=_("May still work until its end"), tone="danger", icon="alert"),
}
ASSET_STATES = {
    "draft": Word(text=_("Draft"), icon="draft"),
    "published": Word(text=_("Published"), tone="success", icon="check"),
    "retired": Word(text=_("Retired"), icon="ending"),
}
KINDS = {
    "dataset": Word(text=_("Dataset"), icon="dataset"),
    "model": Word(text=_("Model"), icon="model"),
}
EFFECTS = {
    "permit": Word(text=_("Would be approved at once"), tone="success", icon="check"),
    "refer": Word(text=_("Needs approval"), tone="info", icon="people"),
    "block": Word(text=_("Would wait for a missing record"), tone="warning", icon="alert"),
    "deny": Word(text=_("Not possible as it stands"), tone="danger", icon="cross"),
}
CHANGES = {
    "now_denied": Word(text=_("Now refused"), tone="danger", icon="cross"),
    "now_blocked": Word(text=_("Now waits for a record"), tone="warning", icon="alert"),
    "no_longer_at_once": Word(text=_("No longer at once"), tone="warning", icon="people"),
    "more_stages": Word(text=_("More or other people decide"), tone="warning", icon="people"),
    "other_terms": Word(text=_("Other terms"), tone="info", icon="info"),
    "fewer_stages": Word(text=_("Fewer people decide"), tone="info", icon="people"),
    "now_at_once": Word(text=_("Now granted at once"), tone="info", icon="check"),
    "no_longer_blocked": Word(text=_("No longer waits for a record"), tone="info", icon="check"),
    "no_longer_denied": Word(text=_("No longer refused"), tone="info", icon="check"),
}
CONDITION_KINDS = {
    "before": _("before access begins"),
    "during": _("while access lasts"),
    "after": _("once access has ended"),
}
POLICY_SET_STATES = {
    "draft": Word(text=_("Draft"), icon="draft"),
    "in_review": Word(text=_("Waits for a second person"), tone="info", icon="clock"),
    "published": Word(text=_("Published"), tone="success", icon="check"),
}
EDITS = {
    "shorten": _("Ask for %(what)s days"),
    "other_action": _("Ask for another action: %(what)s"),
    "drop_action": _("Leave out the action %(what)s"),
    "drop_columns": _("Leave out the columns %(what)s"),
    "drop_asset": _("Leave out %(what)s"),
    "other_place": _("Process the data in %(what)s"),
    "other_purpose": _("Ask for the purpose %(what)s"),
}
ANSWERS = {
    "permit": Word(text=_("Permits"), tone="success", icon="check"),
    "refer": Word(text=_("Refers to people"), tone="info", icon="people"),
    "block": Word(text=_("Blocked: a record is missing"), tone="warning", icon="alert"),
    "deny": Word(text=_("Denies"), tone="danger", icon="cross"),
}
VERDICTS = {
    "approve": Word(text=_("Approved"), tone="success", icon="check"),
    "reject": Word(text=_("Rejected"), tone="danger", icon="cross"),
    "return": Word(text=_("Returned for changes"), tone="warning", icon="return"),
    "opinion": Word(text=_("Opinion given"), tone="info", icon="opinion"),
}
STAGES = {
    "owner": _("Data owner"),
    "privacy": _("Privacy"),
    "dpo_opinion": _("Opinion of the data protection officer"),
    "model_risk": _("Model risk"),
    "security": _("Security"),
    "legal": _("Legal"),
    "export": _("Export"),
}
ROLES = {
    "scientist": _("scientist"),
    "steward": _("data steward"),
    "owner": _("data owner"),
    "data_owner": _("data owner"),
    "compliance_officer": _("compliance officer"),
    "dpo": _("data protection officer"),
    "auditor": _("auditor"),
    "administrator": _("administrator"),
    "on_call": _("on-call engineer"),
    "model_risk": _("model risk reviewer"),
    "ciso": _("security officer"),
    "legal": _("legal counsel"),
}
ACTIONS = {
    "read": _("read"),
    "export": _("export"),
    "label": _("label"),
    "train": _("train a model"),
    "write": _("write"),
    "share": _("share"),
    "deploy": _("deploy"),
    "invoke": _("invoke"),
}
LIMITS = {
    "requested_end": _("as asked for"),
    "purpose_end": _("the purpose ends then"),
    "class_longest_grant": _("the longest a grant on this class may last"),
    "contract_end": _("the contract ends then"),
    "retention_end": _("the data are kept until then"),
    "agreement_end": _("the agreement on the data ends then"),
    "house_rule": _("a rule of your organization ends it then"),
}
CLASS_TONES = {0: "success", 1: "info", 2: "warning"}
CLASS_ICONS = {0: "open", 1: "people", 2: "shield"}
IDENTIFIABILITY = {
    "identified": _("identified people"),
    "pseudonymised": _("pseudonymized"),
    "anonymised": _("anonymized"),
    "not_personal": _("not about people"),
}
OBLIGATIONS = {
    "mask": _("mask columns"),
    "drop": _("leave columns out"),
    "generalise": _("coarsen values"),
    "row_filter": _("only some rows"),
    "no_download": _("no download, except where export is granted"),
    "region_pin": _("stay in the region"),
    "watermark": _("mark what is made from it"),
    "log_rows": _("log which rows are read"),
    "k_threshold": _("no result about few people"),
    "delete_attest": _("confirm deletion at the end"),
    "no_reidentify": _("do not try to find out who it is about"),
    "no_join": _("do not join with other data"),
    "ethics_doc": _("keep the ethics vote at hand"),
    "publish_review": _("have publications reviewed"),
}
CONFLICT_KINDS = {
    "person": _("a person"),
    "team": _("a team"),
    "project": _("a project"),
    "organization": _("an organization"),
    "domain": _("a domain"),
    "asset": _("an asset"),
}
RELATIONS = {
    "employee": _("employee"),
    "contractor": _("contractor"),
    "vendor": _("vendor"),
    "service_account": _("service account"),
    "project": _("project"),
    "none": _("none"),
}
CAMPAIGN_STATES = {
    "draft": Word(text=_("Draft"), icon="draft"),
    "open": Word(text=_("Open"), tone="info", icon="clock"),
    "closed": Word(text=_("Closed"), icon="archive"),
    "discarded": Word(text=_("Given up"), icon="cross"),
}
REVIEW_STATES = {
    "open": Word(text=_("Not answered yet"), tone="info", icon="clock"),
    "kept": Word(text=_("Kept"), tone="success", icon="check"),
    "removed": Word(text=_("Removed"), tone="danger", icon="cross"),
    "unanswered": Word(text=_("Nobody answered"), tone="warning", icon="alert"),
    "ended": Word(text=_("Ended by itself"), icon="ending"),
}
ANSWERS_TO_REVIEWS = {
    "keep": Word(text=_("Keep"), tone="success", icon="check"),
    "remove": Word(text=_("Remove"), tone="danger", icon="cross"),
}
SILENCES = {
    "revoke": _("take access away"),
    "keep": _("leave access as it is"),
}
REVIEWERS = {
    "data_owner": _("data owner"),
    "steward": _("data steward"),
    "compliance_officer": _("compliance officer"),
    "nobody": _("nobody may answer"),
}
PERSON_STATES = {
    "active": Word(text=_("Active"), tone="success", icon="check"),
    "suspended": Word(text=_("Suspended"), tone="warning", icon="pause"),
    "departed": Word(text=_("Departed"), icon="leave"),
}
ASSIGNMENT_STATES = {
    "now": Word(text=_("Held now"), tone="success", icon="check"),
    "later": Word(text=_("Begins later"), tone="info", icon="clock"),
    "ended": Word(text=_("Ended"), icon="ending"),
}
TIE_STATES = {
    "now": Word(text=_("In force"), tone="success", icon="check"),
    "later": Word(text=_("Begins later"), tone="info", icon="clock"),
    "ended": Word(text=_("Ended"), icon="ending"),
}
ACCOUNT_STATES = {
    "True": Word(text=_("Can sign in"), tone="success", icon="check"),
    "False": Word(text=_("Closed"), icon="lock"),
}
TOKEN_STATES = {
    "works": Word(text=_("Works"), tone="success", icon="key"),
    "expired": Word(text=_("Ended"), icon="ending"),
    "revoked": Word(text=_("Revoked"), icon="cross"),
}
PERMISSIONS = {
    "view": _("see"),
    "edit": _("edit"),
    "classify": _("classify"),
    "own": _("own"),
    "steward": _("steward"),
    "approve": _("approve"),
}
PERMISSION_MEANINGS = {
    "view": _("See: find it in the catalog and read what is said about it"),
    "edit": _("Edit: change its description and its storage locations"),
    "classify": _("Classify: set the class and categories of its columns"),
    "own": _("Own: be accountable for it, decide on requests, give permissions"),
    "steward": _("Steward: edit, classify and publish it"),
    "approve": _("Approve: be asked to decide on requests for it"),
}
SCOPES = {
    "read": _("read"),
    "write": _("write"),
    "decide": _("decide"),
    "credentials": _("take keys"),
    "administer": _("administer"),
}
SCOPE_MEANINGS = {
    "read": _("Read: look at what you may see"),
    "write": _("Write: register, describe, classify, ask for access"),
    "decide": _("Decide: give verdicts, revoke access"),
    "credentials": _("Take keys to data"),
    "administer": _("Administer: people, teams, lakes, rules"),
}
AUDIENCES = {
    "organization": _("everybody of the organization"),
    "teams": _("the teams named"),
}
PURPOSE_STATES = {
    "draft": _("draft"),
    "in_review": _("in review"),
    "active": _("active"),
    "suspended": _("suspended"),
    "withdrawn": _("withdrawn"),
    "expired": _("ended"),
}
TURNAROUND = (
    _("Within an hour"),
    _("Within a day"),
    _("Within three days"),
    _("Within a week"),
    _("Later"),
)
RISKS = {
    "special_category": Word(text=_("Special category"), tone="danger", icon="risk"),
    "criminal": Word(text=_("Criminal data"), tone="danger", icon="risk"),
    "highest_class": Word(text=_("Highest class"), tone="danger", icon="lock"),
    "outside_eea": Word(text=_("Outside the EEA"), tone="warning", icon="location"),
    "leaves_the_house": Word(text=_("Leaves the house"), tone="warning", icon="send"),
    "not_confirmed": Word(text=_("Class not confirmed"), tone="warning", icon="question"),
    "external": Word(text=_("Not an employee"), tone="warning", icon="person"),
    "personal": Word(text=_("Personal data"), tone="info", icon="people"),
    "first_access": Word(text=_("First access"), tone="info", icon="open"),
}
RECORD_STATES = {
    "draft": Word(text=_("Draft"), icon="draft"),
    "in_review": Word(text=_("In review"), tone="info", icon="clock"),
    "approved": Word(text=_("In force"), tone="success", icon="check"),
    "active": Word(text=_("In force"), tone="success", icon="check"),
    "suspended": Word(text=_("Suspended"), tone="warning", icon="pause"),
    "withdrawn": Word(text=_("Withdrawn for good"), tone="danger", icon="cross"),
    "superseded": Word(text=_("Replaced"), icon="history"),
    "retired": Word(text=_("Retired"), icon="archive"),
    "expired": Word(text=_("Retired"), icon="archive"),
}
CLEARANCES = {
    "cleared": Word(text=_("May run"), tone="success", icon="check"),
    "blocked": Word(text=_("Blocked"), tone="danger", icon="cross"),
    "not_assessed": Word(text=_("Not yet assessed"), icon="question"),
}
FLAVORS = {
    "aws": _("Amazon S3"),
    "ceph": _("Ceph Object Gateway"),
    "minio": _("MinIO"),
    "demo": _("demo lake"),
}
LAKE_STATES = {
    "sound": Word(text=_("Test passed"), tone="success", icon="check"),
    "faulty": Word(text=_("Test failed"), tone="danger", icon="cross"),
    "changed": Word(text=_("Changed since the last test"), tone="warning", icon="alert"),
    "disabled": Word(text=_("Disabled"), tone="danger", icon="pause"),
    "untested": Word(text=_("Never tested"), tone="warning", icon="question"),
}
PROBE_RESULTS = {
    True: Word(text=_("As it should be"), tone="success", icon="check"),
    False: Word(text=_("Not as it should be"), tone="danger", icon="cross"),
}
NOTICE_KINDS = {
    "decisions": Word(text=_("Waits for you"), tone="info", icon="inbox"),
    "requests": Word(text=_("Your request"), icon="request"),
    "access": Word(text=_("Your access"), icon="key"),
    "records": Word(text=_("Records"), icon="activity"),
    "alarms": Word(text=_("Alarm"), tone="danger", icon="alert"),
}
WEBHOOK_STATES = {
    "True": Word(text=_("Is told"), tone="success", icon="check"),
    "False": Word(text=_("Disabled"), tone="warning", icon="pause"),
}
DELIVERY_STATES = {
    "delivered": Word(text=_("Taken"), tone="success", icon="check"),
    "tried": Word(text=_("Not taken; will be tried again"), tone="warning", icon="alert"),
    "waiting": Word(text=_("On its way"), tone="info", icon="clock"),
}
FAULTS = {
    "HOST_UNKNOWN": _("nobody knows the host"),
    "NO_ANSWER": _("the host did not answer as a web server does"),
    "ANSWER_TOO_LATE": _("the answer took too long"),
    "ANSWER_TOO_LONG": _("the answer was too long"),
    "ADDRESS_INSIDE": _("the host is not reached over the public internet"),
    "URL_PORT": _("messages do not go to this port"),
    "SEAL_BROKEN": _("the sealed address cannot be opened; give it anew"),
    "answered": _("the receiver did not take it"),
}
INPUT_ROLES = {
    "source": _("made from"),
    "training": _("trained on"),
    "validation": _("validated with"),
    "base_model": _("fine-tuned from"),
}

ASSET_STEPS = {
    "version": (_("It has a version"), _("Register the first version, with its columns.")),
    "description": (_("It is described"), _("Say in a few sentences what it holds and where it comes from.")),
    "location": (
        _("Its latest version lies in a lake"),
        _("Without a place in a lake nobody can take a key to it. A version never changes: add a new one."),
    ),
    "classified": (_("Every column has a class"), _("Until then every request for it is blocked.")),
    "confirmed": (
        _("A person vouches for every class"),
        _("What was taken over or found by a scan opens nothing until somebody confirms it."),
    ),
    "owner": (_("Somebody answers for it"), _("Without a data owner nobody can decide about requests.")),
}
CLASSIFICATION_SOURCES = {
    "human": _("by a person"),
    "inherited": _("taken over from the version before"),
    "scan": _("found by a scan"),
}
IDENTIFIABILITY_HELP = {
    "identified": _("Names, numbers or anything else by which a person is found at once."),
    "pseudonymised": _("The names are replaced, but somebody keeps the list: still personal data."),
    "anonymised": _("Nobody can be found any more, by anybody. Needs the assessment that found so."),
    "not_personal": _("The data were never about people, such as readings of rock. Needs a reason."),
}


def of(words: dict[str, Word], code: object) -> Word:
    """The word for a code; a code that nobody worded is shown as it stands."""
    return words.get(str(code)) or Word(text=_plain(code))


def text_of(texts: dict[str, Any], code: object) -> str:
    return str(texts.get(str(code)) or _plain(code))


def class_word(sensitivity_class: Any) -> Word:
    if not sensitivity_class:  # nothing, in a template, may be an empty text
        return Word(text=_("Not classified"), tone="warning", icon="question")
    return ranked_word(sensitivity_class.label, sensitivity_class.rank)


def ranked_word(label: object, rank: int) -> Word:
    return Word(text=label, tone=CLASS_TONES.get(rank, "danger"), icon=CLASS_ICONS.get(rank, "lock"))


def listed(texts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(texts) < 2:
        return "".join(texts)
    return gettext("%(first)s and %(last)s") % {"first": ", ".join(texts[:-1]), "last": texts[-1]}


def _plain(code: object) -> str:
    return str(code).replace("_", " ")
