"""What can be wrong with asking and deciding."""

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
NOT_IN_REVIEW = declare(
    "REQUEST_NOT_IN_REVIEW",
    "The request is %(state)s; there is nothing to decide any more.",
    "Look at its history to see what happened.",
)
REVISION_CHANGED = declare(
    "REVISION_CHANGED",
    "The request has changed since you read it.",
    "Read the present revision and decide on that.",
)
FACTS_CHANGED = declare(
    "FACTS_CHANGED",
    "The facts behind the request have changed since it was evaluated; it has been evaluated anew.",
    "Read the new evaluation and decide on that.",
)
REQUEST_BLOCKED = declare(
    "REQUEST_BLOCKED",
    "The request waits for a missing record and cannot be approved.",
    "Complete the records named; the request is then evaluated anew.",
)
SLOT_FILLED = declare(
    "SLOT_FILLED",
    "Somebody else has just given the verdict this stage was waiting for.",
    "Look at the request again.",
)
SLOT_ASSIGNED = declare(
    "SLOT_ASSIGNED",
    "This verdict was handed to somebody by name.",
    "Leave it to them, or hand it over to somebody else where they cannot answer.",
)
NOT_A_DELEGATE = declare(
    "NOT_A_DELEGATE",
    "No delegation in force lets you answer for this person here.",
    "Decide in your own name, or have the person delegate the role to you.",
)
RECUSAL_REASON_MISSING = declare(
    "RECUSAL_REASON_MISSING",
    "Stepping back needs a reason.",
    "Say why, so that others know what the request lacks.",
)
NOT_STAGE_LEAD = declare(
    "NOT_STAGE_LEAD",
    "Only who holds a role of this stage, a compliance officer or an administrator hands over its verdicts.",
    "Ask one of them.",
)
TARGET_NOT_ELIGIBLE = declare(
    "TARGET_NOT_ELIGIBLE",
    "There is nobody with this id who may give this verdict now.",
    "Choose one of the people offered; each of them may.",
)
REASON_MISSING = declare(
    "VERDICT_REASON_MISSING", "This verdict needs a reason.", "Say why, so that the requester can act on it."
)
STAGE_IS_OPINION = declare(
    "STAGE_IS_OPINION",
    "This stage waits for an opinion, which does not decide.",
    "The data protection officer gives the opinion; the next stage then decides.",
)
STAGE_IS_NOT_OPINION = declare(
    "STAGE_IS_NOT_OPINION",
    "This stage waits for a verdict, not for an opinion.",
    "Leave it to the approvers.",
)
GRANT_WOULD_BE_EMPTY = declare(
    "GRANT_WOULD_BE_EMPTY",
    "The grant would end before it begins: %(limiting_factor)s ends it at %(not_after)s.",
    "Send a new request with a later end, or have the limiting record extended.",
)
GRANT_NOT_STARTED = declare("GRANT_NOT_STARTED", "The grant begins at %(not_before)s.", "Come back then.")
GRANT_OVER = declare("GRANT_OVER", "The grant ended at %(not_after)s.", "Send a new request.")
GRANT_NEEDS_REVIEW = declare(
    "GRANT_NEEDS_REVIEW",
    "The rules now ask for stages that this grant has not gone through: %(stages)s.",
    "Send a new request, so that they can decide.",
)
GRANT_ENDED = declare("GRANT_ENDED", "The grant is %(state)s.", "Send a new request.")
SUBJECT_INACTIVE = declare(
    "SUBJECT_INACTIVE",
    "Who received the grant is not active any more.",
    "Ask an administrator of your organization.",
)
ASSET_NOT_IN_USE = declare(
    "ASSET_NOT_IN_USE", "The asset is retired.", "Look for its successor in the catalog."
)
RULEBOOK_TAKEN = declare(
    "RULEBOOK_TAKEN",
    "«%(name)s» has been published in version %(version)s, or with the same content, before.",
    "Give the changed rulebook a version of its own.",
)
POLICY_NOT_EDITABLE = declare(
    "POLICY_NOT_EDITABLE",
    "A policy set that is %(state)s cannot be edited.",
    "Start a new draft from its text.",
)
POLICY_NOT_YOURS = declare(
    "POLICY_NOT_YOURS",
    "The draft is somebody else's, who answers for what is in it.",
    "Start a draft of your own from its text.",
)
POLICY_OWN_APPROVAL = declare(
    "POLICY_OWN_APPROVAL",
    "You wrote this policy set, so another person has to publish it.",
    "Ask another compliance officer or administrator.",
)
POLICY_NOT_REPLAYED = declare(
    "POLICY_NOT_REPLAYED",
    "There is no finished replay of exactly this draft against the rules now in force.",
    "Replay the draft over past requests, and read the report.",
)
POLICY_TEXT_CHANGED = declare(
    "POLICY_TEXT_CHANGED",
    "The policy set is not the one you read any more.",
    "Read it again, with its replay, and publish that.",
)
POLICY_STARTS_IN_THE_PAST = declare(
    "POLICY_STARTS_IN_THE_PAST",
    "The rules cannot have been in force since %(effective_from)s.",
    "Choose a moment to come, or leave it out: the rules then begin at once.",
)
POLICY_NOTHING_NEW = declare(
    "POLICY_NOTHING_NEW",
    "These are the rules in force already.",
    "Change a rule first.",
)
REPLAY_MONTHS = declare(
    "REPLAY_MONTHS",
    "A replay over %(months)s months is not possible.",
    "Choose 1 to %(most)s months.",
)
TICKET_TOO_LONG = declare(
    "TICKET_TOO_LONG",
    "The ticket is longer than %(most)s characters.",
    "Name the reference alone, such as OPS-123.",
)
RULEBOOK_MISSING = declare(
    "RULEBOOK_MISSING",
    "No rulebook is in force, so nothing can be decided.",
    "Ask an administrator to publish one.",
)
NOT_AMENDABLE = declare(
    "REQUEST_NOT_AMENDABLE",
    "Only a request in review can be amended; this one is %(state)s.",
    "Change it and send it, or write a new request.",
)
ONLY_PEOPLE_SPEAK = declare(
    "ONLY_PEOPLE_SPEAK",
    "A service account says nothing about a request.",
    "The person who answers for it speaks.",
)
COMMENT_MISSING = declare("COMMENT_MISSING", "Nothing was written.", "Write what you want to say.")
AUDIENCE_UNKNOWN = declare(
    "COMMENT_AUDIENCE_UNKNOWN",
    "«%(audience)s» is nobody a comment can be for.",
    "Choose among: %(known)s.",
)
AUDIENCE_NOT_YOURS = declare(
    "COMMENT_AUDIENCE_NOT_YOURS",
    "You are not among those a comment for «%(audience)s» is for.",
    "Write it for everyone, or for those you are one of.",
)
QUESTION_UNKNOWN = declare(
    "QUESTION_UNKNOWN",
    "No question with this id was asked about this request.",
    "Choose one of the questions that are open.",
)
QUESTION_ANSWERED = declare(
    "QUESTION_ANSWERED",
    "The question has been answered before.",
    "Add what is missing as a comment.",
)
NOT_IN_REVIEW_TO_ASK = declare(
    "REQUEST_NOT_IN_REVIEW_TO_ASK",
    "The request is %(state)s; questions are asked and answered while it is in review.",
    "Leave a comment instead.",
)
ATTACHMENT_EMPTY = declare(
    "ATTACHMENT_EMPTY", "«%(name)s» has no content.", "Choose the file again, and look whether it opens."
)
ATTACHMENT_TOO_LARGE = declare(
    "ATTACHMENT_TOO_LARGE",
    "«%(name)s» has %(size)s bytes; a file may have %(limit)s.",
    "Attach a smaller file, or say in the text where the large one lies.",
)
ATTACHMENT_TYPE = declare(
    "ATTACHMENT_TYPE_NOT_TAKEN",
    "What «%(name)s» holds is none of: %(known)s.",
    "Export it as PDF, or attach its text.",
)
ATTACHMENT_NAME = declare(
    "ATTACHMENT_NAME_DISAGREES",
    "«%(name)s» holds %(found)s, and its name ends otherwise.",
    "Give it a name that ends in %(endings)s.",
)
ATTACHMENT_NAME_PATH = declare(
    "ATTACHMENT_NAME_NOT_TAKEN",
    "«%(name)s» is no plain name of a file.",
    "Use a name of at most %(limit)s characters, without slashes and not beginning with a dot.",
)
ATTACHMENTS_MANY = declare(
    "ATTACHMENTS_MANY",
    "A request holds at most %(limit)s files, and this one holds as many.",
    "Remove one of them first.",
)
ATTACHMENT_NOT_BASE64 = declare(
    "ATTACHMENT_NOT_BASE64", "The content is not base64.", "Encode the bytes of the file as in RFC 4648, 4."
)
ATTACHMENT_REMOVED = declare(
    "ATTACHMENT_REMOVED", "The file was removed before.", "Look at the request again."
)
ATTACHMENT_GONE = declare(
    "ATTACHMENT_GONE",
    "The file is recorded, but its bytes are not where they were put.",
    "Ask an administrator to bring it back from the backup.",
)
REQUEST_CLOSED = declare(
    "REQUEST_CLOSED", "The request is %(state)s; nothing is added to it.", "Write a new request."
)
AGREEMENT_NOT_ACCEPTED = declare(
    "AGREEMENT_NOT_ACCEPTED",
    "«%(agreement)s» has to be accepted before these data are used; not accepted it has: %(people)s.",
    "Read its text where you ask for access, or at your grant, and accept it.",
)
AGREEMENT_TARGET = declare(
    "AGREEMENT_TARGET",
    "An agreement stands on one asset, one domain or one sensitivity class.",
    "Name exactly one of them.",
)
AGREEMENT_TARGET_UNKNOWN = declare(
    "AGREEMENT_TARGET_UNKNOWN",
    "There is nothing with this id or code among what you may see.",
    "Choose from the catalog, or from the classes.",
)
AGREEMENT_CODE = declare(
    "AGREEMENT_CODE",
    "«%(word)s» is not a code of small letters, digits and hyphens.",
    "Write it like research-data-2027.",
)
AGREEMENT_MOVED = declare(
    "AGREEMENT_MOVED",
    "«%(word)s» stands on something else in its present version.",
    "Retire that version first, or use another code.",
)
AGREEMENT_TEXT_MISSING = declare(
    "AGREEMENT_TEXT_MISSING", "An agreement needs a title and a text.", "Write both."
)
AGREEMENT_RETIRED = declare(
    "AGREEMENT_RETIRED",
    "This version of the agreement is not in force any more.",
    "Read the version that is in force.",
)
AGREEMENT_READ_OTHER = declare(
    "AGREEMENT_READ_OTHER",
    "The text you accept is not the one that is in force.",
    "Read the present text, and accept that.",
)
GRANT_NOT_EXTENDABLE = declare(
    "GRANT_NOT_EXTENDABLE",
    "A grant is extended while it is active or %(days)s days after its end at most; this one is %(state)s.",
    "Ask for the asset anew.",
)
EXTENSION_OPEN = declare(
    "EXTENSION_OPEN",
    "An extension of this grant is open already: %(ref)s.",
    "Follow that request, or withdraw it.",
)
EXTENSION_OF_ANOTHER = declare(
    "EXTENSION_OF_ANOTHER",
    "An extension asks for the same asset, purpose and subject as the grant it extends.",
    "Ask for anything else in a new request.",
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
NOT_A_MEMBER = declare(
    "NOT_A_MEMBER",
    "You are not a member of the project that received the grant now.",
    "Ask the lead of the project to make you a member.",
)
