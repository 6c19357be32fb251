"""What can be wrong with labels, beside what an export tells of itself."""

from __future__ import annotations

from apps.policy.reason import declare

POLICY_NOT_IN_FORCE = declare(
    "LABELING_POLICY_NOT_IN_FORCE",
    "No labeling policy %(ref)s is in force in this organization.",
    "Name one that is approved and has begun, and is not past its review.",
)
NAMES_KEPT = declare(
    "LABELS_NAMES_KEPT",
    "Who gave which label may be kept still, or is kept no longer.",
    "Nothing is to be done: it goes by itself once the retention schedule of the labeling policy is over.",
)
POLICY_NOT_GOVERNING = declare(
    "LABELING_POLICY_NOT_GOVERNING",
    "%(ref)s does not govern labels: it is at the stage «%(stage)s».",
    "Have it tried out and approved, or let labeling go on.",
)
NO_DATASET = declare(
    "LABELS_ON_NO_DATASET",
    "Labels are kept with versions of datasets.",
    "Name the version of the dataset whose items were labeled.",
)
OTHER_DATA = declare(
    "LABELS_OF_OTHER_DATA",
    "The labeling policy is not about this dataset.",
    "Name the policy under which its items were labeled, or add the dataset in a new version of the policy.",
)
NOBODY_LABELS = declare(
    "LABELS_OUT_OF_TIME",
    "Nobody labels under %(ref)s: it is at the stage «%(stage)s».",
    "Have it tried out and approved, and labeling begun.",
)
BROUGHT_BEFORE = declare(
    "LABELS_BROUGHT_BEFORE",
    "This very file was brought for version %(version)s before, under the same version of the policy.",
    "Look at the label set that it became.",
)
LABELED_BY_LONG = declare(
    "LABELS_LABELED_BY_TOO_LONG",
    "Whoever labeled has a name of more than %(longest)s characters.",
    "Give the number or the pseudonym that stands on the roster of the policy.",
)
SEEN_BY_NOBODY = declare(
    "LABELS_SEEN_BY_NOBODY",
    "All items were looked at, and it is not said by whom.",
    "Say who labeled the file, or that it is gold.",
)
JOINED_OTHER_DATA = declare(
    "LABELS_JOINED_OTHER_DATA",
    "The earlier label set is of another version of the dataset.",
    "Choose one of this version, or bring the file by itself.",
)
JOINED_OTHER_POLICY = declare(
    "LABELS_JOINED_OTHER_POLICY",
    "The earlier label set cites another version of a labeling policy than the one of %(ref)s in force.",
    "Bring the earlier file anew under what holds now, and add this one to it.",
)
JOINED_NAMELESS = declare(
    "LABELS_JOINED_NAMELESS",
    "By %(ref)s it is not kept, or no longer, who gave which label, so nobody can tell whether one person"
    " would answer an item twice.",
    "Bring the answers of all in one file, or have a version of the policy approved by which it is kept.",
)
JOINED_REVIEWED = declare(
    "LABELS_JOINED_REVIEWED",
    "Items of the earlier set were reviewed, and it is not kept by whom: nobody could tell whether they"
    " labeled them as well.",
    "Bring the answers of all in one file.",
)
GOLD_AND_ANSWERS = declare(
    "LABELS_GOLD_AND_ANSWERS",
    "This very file is in label set %(number)s already: one file is not what people said and what is true.",
    "Bring the gold that somebody else made.",
)
TOO_MANY_AT_ONCE = declare(
    "LABELS_TOO_MANY_AT_ONCE",
    "Shapes of several people lie so close to each other that more than %(most)s pairs of them would have to"
    " be held against each other while you wait.",
    "Bring it as a file that a worker reads (label-imports).",
)
NUMBERS_NEEDED = declare(
    "LABELS_NUMBERS_NEEDED",
    "The task of the policy needs numbers, and labels of the file are words.",
    "Correct them in the labeling tool, or name the policy under which they were given.",
)
MORE_FAULTS = declare(
    "LABELS_MORE_FAULTS",
    "There are %(more)s faults more.",
    "Mend those that are told, and look again.",
)
MORE_ALIKE = declare(
    "LABELS_MORE_FAULTS_ALIKE",
    "There are %(more)s faults more of the kind of that in line %(like)s, in lines %(lines)s.",
    "Mend them as that one.",
)
UNDER_WAY = declare(
    "LABEL_IMPORT_UNDER_WAY",
    "This very file is being read for version %(version)s, under the same version of the policy.",
    "Look at how far that is.",
)
FILE_EMPTY = declare(
    "LABEL_IMPORT_EMPTY",
    "The file is empty.",
    "Export it anew from the labeling tool.",
)
FILE_GONE = declare(
    "LABEL_IMPORT_FILE_GONE",
    "The bytes of the file are deleted.",
    "Bring the file anew.",
)
POLICY_CHANGED = declare(
    "LABEL_IMPORT_POLICY_CHANGED",
    "A new version of %(ref)s came into force while the file was read.",
    "Bring the file anew, under what holds now.",
)
OVERTAKEN = declare(
    "LABEL_IMPORT_OVERTAKEN",
    "Another worker reads the file by now.",
    "Nothing is to be done.",
)
BROKE_OFF = declare(
    "LABEL_IMPORT_BROKE_OFF",
    "Reading the file broke off: %(fault)s.",
    "Bring the file anew. Where it breaks off again, tell whoever runs the portal.",
)
TAKES_TOO_LONG = declare(
    "LABEL_IMPORT_TAKES_TOO_LONG",
    "Reading the file took longer than %(minutes)s minutes.",
    "Export fewer items at a time.",
)
NOT_BASE64 = declare(
    "LABELS_NOT_BASE64",
    "The content is not base64.",
    "Send the bytes of the file in base64 (RFC 4648, 4), without line breaks.",
)
ROSTER_WITHOUT_POLICY = declare(
    "ROSTER_WITHOUT_POLICY",
    "Nothing that %(ref)s says is in force, so nobody knows what it asks of annotators.",
    "Have a version of it approved first.",
)
ANNOTATOR_ENDED = declare(
    "ANNOTATOR_ENDED",
    "Annotator %(annotator)s labels no more: the row ended.",
    "Enter them anew, if they label again.",
)
CODE_MISSING = declare(
    "ANNOTATOR_CODE_MISSING",
    "An annotator needs a number or a pseudonym, of %(longest)s characters at most.",
    "Take the number that the labeling tool gave them.",
)
CODE_IS_ADDRESS = declare(
    "ANNOTATOR_CODE_IS_ADDRESS",
    "An e-mail address is no pseudonym.",
    "Take the number that the labeling tool gave them, and name the person of the house beside it.",
)
CODE_RESERVED = declare(
    "ANNOTATOR_CODE_RESERVED",
    "«%(annotator)s» stands for somebody whom a file does not name by a number.",
    "Take another pseudonym.",
)
CODE_TWICE = declare(
    "ANNOTATOR_CODE_TWICE",
    "Annotator %(annotator)s is on the roster of this policy already.",
    "Change that row, or end it first.",
)
PERSON_TWICE = declare(
    "ANNOTATOR_PERSON_TWICE",
    "This person is on the roster of this policy already: nobody settles what they labeled themselves.",
    "Change that row, or end it first.",
)
SCORE_NO_SHARE = declare(
    "ANNOTATOR_SCORE_NO_SHARE",
    "«%(given)s» is no score from 0 to 1.",
    "Give the share of the test that was right, such as 0.92.",
)
ITEMS_BROUGHT_BEFORE = declare(
    "ITEMS_BROUGHT_BEFORE",
    "The items of version %(version)s were brought before, and a version does not change.",
    "Register the next version of the dataset, and bring its items.",
)
ITEMS_CHANGED = declare(
    "ITEMS_CHANGED",
    "The items of the version changed while the labels were examined: a list of them was brought, or some"
    " were erased.",
    "Bring the file again.",
)
NOTHING_TO_ERASE = declare(
    "ITEMS_NOTHING_TO_ERASE",
    "Neither items nor people are named.",
    "Name the items as the labeling tool does, or the pseudonyms of the people.",
)
ERASED_NOTHING = declare(
    "ITEMS_ERASED_NOTHING",
    "Nothing that is named is in labels or lists of the version, of the other versions of its dataset, or of"
    " what was made from them: that would answer no duty.",
    "Name the items as the labeling tool does. Where none of theirs is here, say that, and why.",
)
NONE_HERE_OF_NOBODY = declare(
    "ITEMS_NONE_HERE_OF_NOBODY",
    "It is not said whose items are not here.",
    "Choose the duty that this answers.",
)
SOME_ARE_HERE = declare(
    "ITEMS_SOME_ARE_HERE",
    "None of their items would be here, and %(items)s items of lists and %(labels)s labels that are named"
    " are.",
    "Erase them: leave out that none are here.",
)
ERASURE_UNEXPLAINED = declare(
    "ITEMS_ERASURE_UNEXPLAINED",
    "It is not said why the items are erased.",
    "Say it, without the names of people.",
)
ERASURE_AHEAD = declare(
    "ITEMS_ERASURE_AHEAD",
    "The demand would lie in the future.",
    "Give the moment at which it reached you, or leave it empty.",
)
TOO_MANY_TO_ERASE = declare(
    "ITEMS_TOO_MANY_TO_ERASE",
    "More than %(most)s names are given.",
    "Erase them in several steps.",
)
NAME_TO_ERASE_LONG = declare(
    "ITEMS_NAME_TO_ERASE_LONG",
    "A name has more than %(longest)s characters.",
    "Give one name on each line.",
)
TOKEN_TO_ERASE = declare(
    "ITEMS_TOKEN_TO_ERASE",
    "«%(name)s» stands for an e-mail address, in each file for another one.",
    "Name the item as the labeling tool does, with the address in it.",
)
ADDRESS_OF_SUBJECT = declare(
    "ITEMS_ADDRESS_OF_SUBJECT",
    "No list keeps e-mail addresses of people, so nobody can tell which items are those of this person.",
    "Name the items themselves.",
)
DUTY_OF_OTHER_DATA = declare(
    "ITEMS_DUTY_OF_OTHER_DATA",
    "The duty is not about this dataset.",
    "Choose one that is, or leave it empty.",
)
SUBJECT_ERASED = declare(
    "ITEMS_SUBJECT_ERASED",
    "The items of the person of this line were erased on %(on)s.",
    "Take all that is about them out of the dataset, and list its items anew.",
)
COUNT_REFUSED = declare(
    "REDACTION_COUNT_REFUSED",
    "The number is below 0 or above %(most)s.",
    "Give the number that was counted.",
)
MORE_FOUND_THAN_PLANTED = declare(
    "REDACTION_MORE_FOUND_THAN_PLANTED",
    "More names would have been found than were planted.",
    "Count only those that were planted.",
)
NO_MODEL = declare(
    "RELEASE_OF_NO_MODEL", "Only versions of models are released.", "Name the version of a model."
)
RELEASED_ALREADY = declare(
    "RELEASED_ALREADY", "Version %(version)s is released already.", "Nothing to do, or withdraw it first."
)
WITHDRAWN_ALREADY = declare(
    "RELEASE_WITHDRAWN_ALREADY", "The release was withdrawn before.", "Nothing to do."
)
WITHDRAWN_WITHOUT_REASON = declare(
    "RELEASE_WITHDRAWN_WITHOUT_REASON",
    "It does not say why the release is withdrawn.",
    "Say it in a sentence: whoever uses the model reads it.",
)
OWN_PAUSE = declare(
    "ANNOTATOR_PAUSE_OWN",
    "Annotator %(annotator)s is you, and nobody lifts their own pause.",
    "Have somebody else lift it who keeps the roster.",
)
NOT_PAUSED = declare(
    "ANNOTATOR_NOT_PAUSED", "Annotator %(annotator)s is not paused.", "Nothing is to be done."
)
LIFTED_WITHOUT_REASON = declare(
    "ANNOTATOR_PAUSE_LIFTED_WITHOUT_REASON",
    "It does not say why they may label again.",
    "Say in a sentence what was done, such as a training.",
)
NOT_TRIED_OUT = declare(
    "LABELING_NOT_TRIED_OUT_NOW",
    "%(ref)s is not tried out now: it is at the stage «%(stage)s».",
    "Measure a pilot while the policy is being written or was tried out, or pause labeling first.",
)
PILOT_OF_WORDS = declare(
    "LABELING_PILOT_OF_WORDS",
    "The answers are words of one's own, and whether two texts say the same their letters do not tell.",
    "Try it out by judgments of the texts, and give the figures with what shows them.",
)
COUNTRY_NO_CODE = declare(
    "ANNOTATOR_COUNTRY_NO_CODE",
    "«%(country)s» is no country code.",
    "Use two letters (ISO 3166-1), such as US.",
)
