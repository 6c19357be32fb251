"""What can be wrong with records, permitted purposes and origins. What a record lacks stands in lifecycle."""

from apps.policy.reason import declare

CONCEPT_UNKNOWN = declare(
    "PURPOSE_CONCEPT_UNKNOWN",
    "There is no kind of purpose «%(concept)s», or it is no longer in use.",
    "Choose one of the hierarchy of purposes.",
)
RECORD_IN_REVIEW = declare(
    "RECORD_IN_REVIEW",
    "Version %(number)s of %(ref)s is being reviewed and cannot be edited.",
    "Have it returned first, with a reason.",
)
NO_OPEN_VERSION = declare(
    "RECORD_NOT_OPEN",
    "%(ref)s has no version that is being worked on.",
    "Edit the record: that begins a new version.",
)
NO_APPROVED_VERSION = declare(
    "RECORD_NOT_APPROVED",
    "%(ref)s has no version in force.",
    "Have a version approved first; until then it binds nobody, and there is nothing to end.",
)
PURPOSE_NEVER_APPROVED = declare(
    "PURPOSE_NEVER_APPROVED",
    "The purpose %(ref)s was never approved, so nobody can rely on it yet.",
    "There is nothing to stop: have it returned to its writers, or leave the draft as it is.",
)
STEP_OF_THE_CLOCK = declare(
    "RECORD_STEP_OF_THE_CLOCK",
    "%(ref)s is moved on by its days and by what its versions say, and by nobody else.",
    "Have a new version approved that says otherwise, or end it before its day.",
)
OWN_RECORD = declare(
    "RECORD_OWN",
    "Whoever wrote or submitted a version does not approve it, and does not reject it.",
    "Another compliance officer decides on it, under their own name.",
)
PERSON_NEEDED = declare(
    "RECORD_PERSON_NEEDED",
    "A record is approved by a person.",
    "A compliance officer approves it, signed in as themselves.",
)
RETURN_REASON_MISSING = declare(
    "RECORD_RETURN_REASON_MISSING", "A record is returned with a reason.", "Say what has to change."
)
REJECTION_REASON_MISSING = declare(
    "RECORD_REJECTION_REASON_MISSING",
    "A record is rejected with a reason.",
    "Say why it cannot become part of the register.",
)
STANDING_REASON_MISSING = declare(
    "PURPOSE_STANDING_REASON_MISSING",
    "A purpose is suspended or withdrawn with a reason.",
    "Say what happened.",
)
PURPOSE_GONE = declare(
    "PURPOSE_WITHDRAWN_FOR_GOOD",
    "The purpose %(ref)s is withdrawn, and is not taken up again.",
    "Record a new purpose.",
)
OUTSIDE_ORGANIZATION = declare(
    "RECORD_OUTSIDE_ORGANIZATION",
    "The %(kind)s belongs to another organization than the record.",
    "Name a %(kind)s of the organization that keeps the record.",
)
COUNTRY_MALFORMED = declare(
    "TRANSFER_COUNTRY_MALFORMED",
    "«%(country)s» is no country code.",
    "Use the two letters of ISO 3166-1, for example US.",
)
IMPORTER_MISSING = declare(
    "TRANSFER_IMPORTER_MISSING",
    "A transfer to %(country)s names no importer.",
    "Say who receives the data there.",
)
PERMISSION_COLUMN_UNKNOWN = declare(
    "PERMISSION_COLUMN_UNKNOWN",
    "This version has no column «%(column)s».",
    "Name columns of this version; leave the column out to speak of all of them.",
)
PURPOSE_PERMITTED_ALREADY = declare(
    "PURPOSE_PERMITTED_ALREADY",
    "The purpose «%(concept)s» is already permitted there.",
    "Nothing to do.",
)
PURPOSE_NOT_PERMITTED = declare(
    "PURPOSE_NOT_PERMITTED",
    "The purpose «%(concept)s» is not permitted there.",
    "Look at what is permitted: a wider kind of purpose may admit it.",
)
AGREEMENT_UNNAMED = declare(
    "ORIGIN_AGREEMENT_UNNAMED",
    "An agreement ends, and no agreement is named.",
    "Name the agreement the data came under.",
)
RESEARCH_AREA_WITHOUT_CONSENT = declare(
    "ORIGIN_RESEARCH_AREA_WITHOUT_CONSENT",
    "Only a consent names an area of research.",
    "Leave the area out, or record consent as the basis of collection.",
)
REFERENCE_UNKNOWN = declare(
    "RECORD_REFERENCE_UNKNOWN",
    "%(field)s names something that does not exist, or that you may not see: %(given)s.",
    "Name something of the organization that keeps the record, by its id.",
)
KIND_UNKNOWN = declare(
    "RECORD_KIND_UNKNOWN",
    "There is no kind of record «%(kind)s».",
    "Kinds there are: %(known)s.",
)
OWN_STEP = declare(
    "RECORD_OWN_STEP",
    "Whoever wrote what this step rests on does not take it.",
    "Somebody else who holds the role takes it, under their own name.",
)
SECOND_PERSON = declare(
    "RECORD_STEP_SECOND_PERSON",
    "Whoever took the step «%(before)s» of %(ref)s does not take «%(step)s».",
    "Somebody else who holds the role takes it, under their own name.",
)
REGISTER_NOT_EMPTY = declare(
    "REGISTER_NOT_EMPTY",
    "%(organization)s keeps records already, and a register is restored where there are none.",
    "Restore it into a new organization, or import single activities as drafts.",
)
DOCUMENT_UNREADABLE = declare(
    "REGISTER_DOCUMENT_UNREADABLE",
    "The document is not a register of this portal, or was changed: %(place)s.",
    "Take the JSON export anew, and give it as it is.",
)
IMPORT_ENDED = declare(
    "IMPORT_ENDED",
    "The file %(name)s was imported or thrown away already.",
    "Bring it anew, if it is still needed.",
)
TARGET_UNKNOWN = declare(
    "IMPORT_TARGET_UNKNOWN",
    "«%(target)s» is nothing that a column fills.",
    "A column fills one of: %(known)s.",
)
COLUMN_UNKNOWN = declare(
    "IMPORT_COLUMN_UNKNOWN",
    "The file has no column «%(column)s».",
    "Choose one of the columns that its first line names.",
)
MAPPING_NAMELESS = declare(
    "IMPORT_MAPPING_NAMELESS", "A mapping is kept under a name.", "Name it after what the files come from."
)
FILE_NOT_BASE64 = declare(
    "IMPORT_NOT_BASE64", "The content is no base64.", "Send the bytes of the file in base64 (RFC 4648, 4)."
)
OCCURRENCE_REASON_MISSING = declare(
    "OCCURRENCE_REASON_MISSING",
    "Nothing is said about what happened, or why.",
    "Say it in a sentence, without the names of people.",
)
OCCURRENCE_SOURCE_MISSING = declare(
    "OCCURRENCE_SOURCE_MISSING",
    "What people ask about their data is on record before it has effects, and no request is named.",
    "Record the request of the data subject first, and name it.",
)
OCCURRENCE_SOURCE_UNFIT = declare(
    "OCCURRENCE_SOURCE_UNFIT",
    "This does not follow from a record of the kind «%(kind)s».",
    "Name a record of one of these kinds: %(known)s.",
)
OCCURRENCE_COUNTRY_MISSING = declare(
    "OCCURRENCE_COUNTRY_MISSING",
    "No country is named, and access ends by country.",
    "Name the country that the transfer goes to, by its two letters.",
)
OCCURRENCE_WITHOUT_VERSIONS = declare(
    "OCCURRENCE_WITHOUT_VERSIONS",
    "It is about no version of any asset.",
    "Name the versions, or a record in force that names the assets.",
)
DATA_HELD = declare(
    "DUTY_DATA_HELD",
    "The data are held for «%(case)s», and what is held is not deleted.",
    "Have the hold ended in the retention schedule first, if the case is over.",
)
DUTY_DONE = declare("DUTY_DONE", "This is done already.", "Nothing to do.")
NO_DELETION = declare(
    "DUTY_NO_DELETION",
    "This duty deletes nothing, so that nothing of it is begun or fails.",
    "Show that it is done, once it is.",
)
DELETION_BEGUN = declare(
    "DUTY_DELETION_BEGUN",
    "The deletion is under way already.",
    "Show that it is done, or say that it failed.",
)
DELETION_NOT_BEGUN = declare(
    "DUTY_DELETION_NOT_BEGUN",
    "The deletion is not under way, so that it cannot fail.",
    "Say first that it is begun.",
)
FAILURE_NOT_SAID = declare(
    "DUTY_FAILURE_NOT_SAID", "It is not said why the deletion failed.", "Say what is still there, and why."
)
EVIDENCE_NOT_GIVEN = declare(
    "EVIDENCE_NOT_GIVEN", "Nothing is said about how it was done.", "Say it, and where it can be seen."
)
MODEL_DECIDED = declare(
    "MODEL_DECIDED",
    "It was decided already what becomes of this version of the model.",
    "A new occurrence asks anew.",
)
NOTHING_TO_LEAVE_OUT = declare(
    "NOTHING_TO_LEAVE_OUT",
    "Nothing in effect says that rows of this version must not be read.",
    "Nothing to do.",
)
ROWS_LEFT_OUT_ALREADY = declare(
    "ROWS_LEFT_OUT_ALREADY",
    "Somebody vouched already that the version leaves out the rows up to OC-%(up_to)s.",
    "Nothing to do.",
)
CONCEPT_IS_ROOT = declare(
    "CONCEPT_IS_ROOT",
    "The root of the hierarchy of purposes stays in use.",
    "Take a kind of purpose below it out of use.",
)
REPORT_UNKNOWN = declare(
    "RECORD_REPORT_UNKNOWN",
    "There is no report «%(given)s» of this.",
    "Reports there are: %(known)s.",
)
REPORT_WITHOUT_VERSION = declare(
    "RECORD_REPORT_WITHOUT_VERSION",
    "%(ref)s says nothing yet that you may see.",
    "Export it once a version is written.",
)
