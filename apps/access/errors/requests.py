"""What can be wrong with what is asked."""

from apps.policy.reason import declare

ACTION_UNKNOWN = declare("ACTION_UNKNOWN", "«%(action)s» is not an action.", "Choose among: %(known)s.")
ACTIONS_MISSING = declare(
    "ACTIONS_MISSING", "The request names no action.", "Say what you want to do, such as read or train."
)
ASSETS_MISSING = declare("ASSETS_MISSING", "The request names no asset.", "Name the asset you need.")
ASSET_UNKNOWN = declare(
    "ASSET_UNKNOWN",
    "There is no asset with this id among those you may see.",
    "Choose an asset from the catalog.",
)
ASSET_NOT_REQUESTABLE = declare(
    "ASSET_NOT_REQUESTABLE",
    "The asset is %(state)s; only published assets can be asked for.",
    "Ask its data steward to publish it.",
)
ASSET_TWICE = declare("ASSET_TWICE", "The request names an asset twice.", "Name each asset once.")
VERSION_UNKNOWN = declare(
    "VERSION_UNKNOWN", "The asset has no such version.", "Choose one of the asset's versions."
)
COLUMN_UNKNOWN = declare(
    "REQUESTED_COLUMN_UNKNOWN",
    "The version has no column «%(column)s».",
    "Choose among: %(known)s.",
)
PURPOSE_UNKNOWN = declare(
    "PURPOSE_UNKNOWN",
    "There is no purpose with this id in your organization.",
    "Choose one of the registered purposes, or ask a compliance officer to record yours.",
)
SERVICE_ACCOUNT_UNKNOWN = declare(
    "SERVICE_ACCOUNT_UNKNOWN",
    "You do not answer for a service account with this id.",
    "Ask for one of your own service accounts, or for yourself.",
)
END_BEFORE_START = declare(
    "END_BEFORE_START",
    "The end, %(ends_on)s, lies before the start, %(starts_on)s.",
    "Choose a later end.",
)
END_IN_THE_PAST = declare(
    "END_IN_THE_PAST", "The end, %(ends_on)s, is over already.", "Choose a day to come."
)
TOO_MANY_OPEN = declare(
    "TOO_MANY_OPEN",
    "You have %(number)s requests that are drafts or not closed; %(most)s are the most one may have.",
    "Withdraw those that you do not need, or wait until some are answered.",
)
NO_DECIDER_IN_COMMON = declare(
    "NO_DECIDER_IN_COMMON",
    "Nobody is %(role)s for all of these: %(names)s. A stage is decided for the whole request at once.",
    "Send them as separate requests.",
)
LONGER_THAN_GIVEN = declare(
    "LONGER_THAN_GIVEN",
    "You ask until %(asked)s; access would end on %(capped)s, because of: %(factor)s %(about)s.",
    "Ask until %(capped)s, accept the shorter access when you send, or have the limit extended first.",
)
END_TOO_FAR = declare(
    "END_TOO_FAR",
    "The end, %(ends_on)s, lies more than %(years)s years ahead.",
    "Choose an earlier end; access that is still needed then is asked for again.",
)
MODE_UNKNOWN = declare("MODE_UNKNOWN", "«%(mode)s» is not a mode of grants.", "Choose among: %(known)s.")
COUNTRY_CODE = declare(
    "PLACE_UNKNOWN",
    "«%(country)s» is not a country code of two capital letters.",
    "Use ISO 3166-1 alpha-2, such as DE or NO.",
)
ONLY_PEOPLE_ASK = declare(
    "ONLY_PEOPLE_ASK",
    "A service account cannot ask for access.",
    "The person who answers for it asks in its name.",
)
NOT_EDITABLE = declare(
    "REQUEST_NOT_EDITABLE",
    "A request that is %(state)s cannot be edited.",
    "Withdraw it and send a new one, or wait until it is returned to you.",
)
SENT_UNCHANGED = declare(
    "REQUEST_SENT_UNCHANGED",
    "This revision has been sent before, and was returned to you.",
    "Change what was found fault with, and send the changed request.",
)
TICKET_TOO_LONG = declare(
    "TICKET_TOO_LONG",
    "The ticket is longer than %(most)s characters.",
    "Name the reference alone, such as OPS-123.",
)
LABELING_PART_OF_NO_LIST = declare(
    "LABELING_PART_OF_NO_LIST",
    "«%(part)s» is no part in which somebody labels.",
    "Name one of: %(known)s.",
)
LABELING_PART_WITHOUT_LABELING = declare(
    "LABELING_PART_WITHOUT_LABELING",
    "A part in labeling is named, and the request does not ask to label.",
    "Ask for the action label as well, or leave the part out.",
)
NOT_AMENDABLE = declare(
    "REQUEST_NOT_AMENDABLE",
    "Only a request in review can be amended; this one is %(state)s.",
    "Change it and send it, or write a new request.",
)
REQUEST_CLOSED = declare(
    "REQUEST_CLOSED", "The request is %(state)s; nothing is added to it.", "Write a new request."
)
PROJECT_UNKNOWN = declare(
    "PROJECT_UNKNOWN",
    "There is no running project with this id that you belong to.",
    "Ask for one of your own projects, or for yourself.",
)
PROJECT_PURPOSE = declare(
    "PROJECT_PURPOSE",
    "The project «%(project)s» does not have this purpose.",
    "Choose one of its purposes, or have the purpose added to the project.",
)
PROJECT_ENDS = declare(
    "PROJECT_ENDS",
    "The project «%(project)s» ends before that, at %(ends_at)s.",
    "Choose an earlier last day, or have the project extended.",
)
PROJECT_OVER = declare(
    "PROJECT_OVER", "The project that received the grant has ended.", "Have the project extended."
)
SUBJECT_TWICE = declare(
    "SUBJECT_TWICE",
    "The request names a service account and a project.",
    "Name one of them; a service account belongs to a person, and a project to its members.",
)
EVIDENCE_NOTHING_DECIDED = declare(
    "EVIDENCE_NOTHING_DECIDED",
    "The request is %(state)s: there is no decision yet to show evidence of.",
    "Export it once the request is decided; until then its page shows how it stands.",
)
