"""What can be wrong with classes and classifications."""

from apps.policy.reason import declare

CLASS_TAKEN = declare(
    "CLASS_TAKEN",
    "There is already a sensitivity class with the code «%(class_code)s» or the rank %(rank)s.",
    "Choose another code and rank, or change the class that exists.",
)
CLASS_UNKNOWN = declare(
    "CLASS_UNKNOWN",
    "There is no sensitivity class «%(class_code)s».",
    "Choose one of: %(known)s.",
)
LIMIT_TOO_SHORT = declare(
    "LIMIT_TOO_SHORT",
    "%(given)s is too short: the least is %(least)s.",
    "Choose a longer limit, or state that there is none.",
)
STAGE_ROLE_UNFILLED = declare(
    "STAGE_ROLE_UNFILLED",
    "Requests on this class would wait for %(role)s, and nobody holds that role in: %(organizations)s.",
    "Give the role to somebody there first, or ask for another role.",
)
STAGE_ROLE_UNKNOWN = declare(
    "STAGE_ROLE_UNKNOWN",
    "«%(role)s» is no role that can decide a stage.",
    "Choose among: %(known)s.",
)
LADDER_SHARED = declare(
    "LADDER_SHARED",
    "The ladder binds the data of %(others)s other organization(s) too.",
    "Propose it: it holds once an officer of each has agreed.",
)
LADDER_LAXER = declare(
    "LADDER_LAXER",
    "This makes the class demand less, which two people decide.",
    "Propose it: it holds once another officer has agreed.",
)
LADDER_SECOND_PERSON = declare(
    "LADDER_SECOND_PERSON",
    "You proposed this yourself, or stand in for whoever did.",
    "Another compliance officer agrees, or says no.",
)
LADDER_AGREED_ALREADY = declare(
    "LADDER_AGREED_ALREADY",
    "You have already agreed to this change.",
    "It waits for others; nothing is asked of you.",
)
LADDER_CHANGE_OPEN = declare(
    "LADDER_CHANGE_OPEN",
    "Another change of this class waits for an answer.",
    "Agree to it or say no first; whoever proposed it may withdraw it.",
)
LADDER_CHANGE_YOURS = declare(
    "LADDER_CHANGE_YOURS", "Nobody says no to what they proposed themselves.", "Withdraw it."
)
LADDER_NOT_YOURS = declare(
    "LADDER_NOT_YOURS", "Somebody else proposed this change.", "Say no to it, and say why."
)
LADDER_NOTHING_NEW = declare(
    "LADDER_NOTHING_NEW", "The class demands exactly this already.", "Change something, or leave it."
)
LADDER_REASON_MISSING = declare(
    "LADDER_REASON_MISSING", "A change is turned down with a reason.", "Say why the ladder should stay."
)
NOTHING_TO_CLASSIFY = declare(
    "NOTHING_TO_CLASSIFY", "No column was named.", "Name at least one column with its class and categories."
)
COLUMN_CLASSIFIED_TWICE = declare(
    "COLUMN_CLASSIFIED_TWICE", "The column «%(column)s» is named twice.", "Say one thing about each column."
)
CLASSIFICATION_CHANGED = declare(
    "CLASSIFICATION_CHANGED",
    "Somebody has classified these columns since you read them: %(columns)s.",
    "Look at what holds now, and save again what you still mean.",
)
COLUMN_UNKNOWN = declare(
    "COLUMN_UNKNOWN",
    "This version has no column «%(column)s».",
    "Name columns of this version; leave the column out only where a version has none.",
)
COLUMN_MISSING = declare(
    "COLUMN_MISSING",
    "This version has columns, and none was named.",
    "Classify each column by its name.",
)
CATEGORY_UNKNOWN = declare(
    "CATEGORY_UNKNOWN",
    "There is no data category «%(category)s», or it is no longer in use.",
    "Choose a category of the taxonomy.",
)
CATEGORY_MISSING = declare(
    "CATEGORY_MISSING",
    "The column «%(column)s» is said to be about people, and no category says what about them.",
    "Name the kinds of personal data it holds; «PersonalData» where nothing narrower fits.",
)
PERSONAL_CATEGORY = declare(
    "PERSONAL_CATEGORY",
    "The column «%(column)s» cannot be about nobody and hold personal data: %(categories)s.",
    "Take these categories away, or say how identifiable the people are.",
)
REASON_MISSING = declare(
    "REASON_MISSING",
    "That «%(column)s» is about nobody needs a reason.",
    "Say how you know that nobody can be found in these data.",
)
STEWARD_MISSING = declare(
    "STEWARD_MISSING",
    "That «%(column)s» is about nobody must be said by a person, under their name.",
    "A steward says it, signed in as themselves.",
)
ASSESSMENT_MISSING = declare(
    "ANONYMITY_ASSESSMENT_MISSING",
    "That «%(column)s» is anonymised needs the assessment that found so.",
    "Name the anonymity assessment, or call the data pseudonymised.",
)
SECOND_PERSON_NEEDED = declare(
    "SECOND_PERSON_NEEDED",
    "Lowering the classification of «%(column)s» is decided by another person than the one who proposed it.",
    "Another person who may classify or answers for the asset decides, under their own name.",
)
NOTHING_PROPOSED = declare(
    "NOTHING_PROPOSED", "No proposal was named.", "Name at least one open proposal of this version."
)
REJECTION_REASON_MISSING = declare(
    "REJECTION_REASON_MISSING",
    "A proposal is rejected with a reason.",
    "Say why the stricter classification stays.",
)
NO_PERSONAL_FINDING = declare(
    "NO_PERSONAL_FINDING",
    "A finding about «%(column)s» names no category of personal data.",
    "Name what kind of personal data was found.",
)
TERM_TAKEN = declare("TERM_TAKEN", "There is already a term «%(term)s».", "Use it, or choose another code.")
TERM_CODE_MALFORMED = declare(
    "TERM_CODE_MALFORMED",
    "«%(term)s» is no code of a term.",
    "Begin with a capital letter, and use letters and digits alone, such as WellOwner.",
)
TERM_PARENT_MISSING = declare(
    "TERM_PARENT_MISSING",
    "A term of one's own lies below one that is known.",
    "Name at least one parent: the narrowest that fits.",
)
TERM_PARENT_UNKNOWN = declare(
    "TERM_PARENT_UNKNOWN",
    "There is no term «%(term)s», or it is no longer in use.",
    "Name a term that is in use.",
)
TERM_SUCCESSOR_UNKNOWN = declare(
    "TERM_SUCCESSOR_UNKNOWN",
    "«%(term)s» cannot take its place: there is no other such term in use.",
    "Name a term that is in use, or none.",
)
TERM_OUT_OF_USE = declare("TERM_OUT_OF_USE", "The term «%(term)s» is out of use already.", "Nothing to do.")
TERM_USED_ELSEWHERE = declare(
    "TERM_USED_ELSEWHERE",
    "Another organization says something with «%(term)s».",
    "It stays in use until nobody else needs it; add a narrower term beside it.",
)
TERM_LAXER = declare(
    "TERM_LAXER",
    "The term would be laxer than %(parent)s.",
    "Keep what makes that special: the kind of Art. 9(1), offences, or that it is about people.",
)
