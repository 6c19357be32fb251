"""What can be wrong with people, roles and permissions."""

from apps.policy.reason import declare

OWN_STANDING = declare(
    "OWN_STANDING",
    "Nobody may change their own status, relation, contract or clearance.",
    "Ask another administrator.",
)
USERNAME_CHARACTER = declare(
    "USERNAME_CHARACTER",
    "The username has a character that cannot be seen.",
    "Type the name anew, with letters, digits and signs that can be seen.",
)
USERNAME_TAKEN = declare(
    "USERNAME_TAKEN",
    "Somebody already signs in as «%(username)s», or as a name that looks the same.",
    "Choose another username.",
)
NAME_TAKEN = declare(
    "NAME_TAKEN",
    "There is already a %(kind)s called «%(name)s» in this organization.",
    "Choose another name, or use the one that exists.",
)
ROLE_TO_ONESELF = declare(
    "ROLE_TO_ONESELF",
    "Nobody may give a role or a permission to themselves.",
    "Ask another administrator.",
)
MEMBERSHIP_TO_ONESELF = declare(
    "MEMBERSHIP_TO_ONESELF",
    "Nobody may take themselves into a team.",
    "Ask another administrator.",
)
PROJECT_TO_ONESELF = declare(
    "PROJECT_TO_ONESELF",
    "Nobody lets themselves into a project, nor makes themselves its lead: data were given to its members.",
    "Ask the lead of the project, or another administrator, to do it.",
)
HANDED_TO_ONESELF = declare(
    "HANDED_TO_ONESELF",
    "Nobody hands a service account over to themselves.",
    "Ask another administrator, or make a new service account and ask for what it needs.",
)
ROLE_HELD_ALREADY = declare(
    "ROLE_HELD_ALREADY",
    "The person already holds the role %(role)s in this scope.",
    "End the present assignment first, if its dates are to change.",
)
ROLE_ENDED_ALREADY = declare(
    "ROLE_ENDED_ALREADY", "This assignment has already ended.", "Assign the role anew, if it is needed."
)
ROLE_OUTSIDE_ORGANIZATION = declare(
    "ROLE_OUTSIDE_ORGANIZATION",
    "The person belongs to another organization.",
    "Roles are given to people of the organization they hold in.",
)
ENDS_BEFORE_START = declare(
    "ENDS_BEFORE_START",
    "The end, %(ends_at)s, is not after the start, %(starts_at)s.",
    "Choose a later end.",
)
HOLDER_OUTSIDE_ORGANIZATION = declare(
    "HOLDER_OUTSIDE_ORGANIZATION",
    "The account or team belongs to another organization than the %(kind)s.",
    "Object permissions stop at the organization's border.",
)
PERMISSION_HELD_ALREADY = declare(
    "PERMISSION_HELD_ALREADY",
    "The holder already has the object permission «%(permission)s» here.",
    "Nothing needs to be done.",
)
PERMISSION_NOT_HELD = declare(
    "PERMISSION_NOT_HELD",
    "The holder does not have the object permission «%(permission)s» here.",
    "Look at the permissions given; a role or a team may give the access you see.",
)
PASSWORD_WRONG = declare(
    "PASSWORD_WRONG", "This is not your present password.", "Type the one you signed in with."
)
PASSWORD_SAME = declare(
    "PASSWORD_SAME", "The new password is the present one.", "Choose one that nobody else knows."
)
PASSWORD_WEAK = declare("PASSWORD_WEAK", "%(fault)s", "Choose a longer or a rarer one.")
PASSWORD_BY_TOKEN = declare(
    "PASSWORD_BY_TOKEN", "A token changes no password.", "Sign in to the portal and change it there."
)
PASSWORD_TO_CHANGE = declare(
    "PASSWORD_TO_CHANGE",
    "Your password was chosen by somebody else, and nothing is done with it before you have changed it.",
    "Sign in to the portal and choose your own.",
)
TOKEN_ENDED = declare("TOKEN_ENDED", "This token was already revoked.", "Nothing needs to be done.")
PERSON_STILL_HERE = declare(
    "PERSON_STILL_HERE",
    "Whoever has not left keeps their name.",
    "Nothing to do: names go six years after the last access of somebody who has left.",
)
TOKEN_LIFETIME = declare(
    "TOKEN_LIFETIME",
    "A token lives at most %(days)s days.",
    "Choose an earlier end.",
)
TOKEN_MINTS_TOKEN = declare(
    "TOKEN_MINTS_TOKEN",
    "A token cannot be used to make another token.",
    "Sign in, and make it there.",
)
TOKEN_SCOPE_UNKNOWN = declare(
    "TOKEN_SCOPE_UNKNOWN",
    "«%(scope)s» is not a scope of tokens.",
    "Choose among: %(known)s.",
)
COUNTRY_UNKNOWN = declare(
    "COUNTRY_UNKNOWN",
    "«%(country)s» is not a country code of two capital letters.",
    "Use ISO 3166-1 alpha-2, such as DE or NO.",
)
DAY_TO_COME = declare(
    "DAY_TO_COME",
    "%(day)s has not come yet.",
    "Give the day on which it took place.",
)
ORGANIZATION_CODE = declare(
    "ORGANIZATION_CODE",
    "«%(value)s» cannot be the code of an organization.",
    "Use up to 20 letters and digits, beginning with a letter: it is part of the names of secrets.",
)
TIME_ZONE_UNKNOWN = declare(
    "TIME_ZONE_UNKNOWN", "«%(time_zone)s» is not a time zone.", "Use an IANA name, such as Europe/Berlin."
)
MEMBER_OUTSIDE_ORGANIZATION = declare(
    "MEMBER_OUTSIDE_ORGANIZATION",
    "The account belongs to another organization than the team.",
    "Teams stop at the organization's border.",
)
EMPTY_NAME = declare("EMPTY_NAME", "The name is empty.", "Give it a name.")
NAME_TOO_LONG = declare(
    "NAME_TOO_LONG", "The name has more than %(longest)s characters.", "Choose a shorter name."
)
TEXT_TOO_LONG = declare(
    "TEXT_TOO_LONG", "The text has more than %(longest)s characters.", "Say it in fewer words."
)
CALENDAR_UNKNOWN = declare(
    "CALENDAR_UNKNOWN",
    "There are no public holidays known for «%(calendar)s».",
    "Use the ISO 3166 code of a country, perhaps with a part of it, such as NO or DE-BY; or leave it empty.",
)
UNDO_TOO_LONG = declare(
    "UNDO_TOO_LONG",
    "The undo window is from none to %(longest)s minutes long.",
    "Choose fewer minutes: access that people wait for is not held back for days.",
)
UNANSWERED_TOO_LONG = declare(
    "UNANSWERED_TOO_LONG",
    "Programs for which nobody can answer go on for at most %(longest)s days.",
    "Choose fewer days: nobody is there who would notice what they do.",
)
WHY_MISSING = declare("WHY_MISSING", "It is not said why.", "Give a reason: it is kept in the trail.")
PERSON_DEPARTED = declare(
    "PERSON_DEPARTED",
    "«%(name)s» has left, and nothing can be given to them any more.",
    "Somebody who comes back is registered anew, and begins with nothing.",
)
OFF_BOARD_INSTEAD = declare(
    "OFF_BOARD_INSTEAD",
    "Only a directory may say of «%(name)s» that they have left.",
    "Off-board them: that shows first what will end, and takes a reason.",
)
DECIDED_FOR_PROJECT = declare(
    "DECIDED_FOR_PROJECT",
    "«%(name)s» has decided on access of this project, and nobody decides for themselves.",
    "Choose somebody who decided nothing for it, or wait until that access has ended.",
)
PERSON_NOT_ACTIVE = declare("PERSON_NOT_ACTIVE", "«%(name)s» is not active.", "Choose somebody who is.")
LAST_ADMINISTRATOR = declare(
    "LAST_ADMINISTRATOR",
    "«%(name)s» is the last administrator of the organization who can sign in.",
    "Give the role to somebody else first.",
)
MANAGER_CYCLE = declare(
    "MANAGER_CYCLE",
    "«%(manager)s» already reports to «%(name)s», directly or through others.",
    "Choose somebody outside this reporting line.",
)
PERSON_OUTSIDE_ORGANIZATION = declare(
    "PERSON_OUTSIDE_ORGANIZATION",
    "«%(name)s» belongs to another organization.",
    "Choose somebody of the same organization.",
)
ACCOUNT_DISABLED_ALREADY = declare(
    "ACCOUNT_DISABLED_ALREADY", "This account is already disabled.", "Nothing needs to be done."
)
ACCOUNT_ENABLED_ALREADY = declare(
    "ACCOUNT_ENABLED_ALREADY", "This account is not disabled.", "Nothing needs to be done."
)
NOT_A_SERVICE_ACCOUNT = declare(
    "NOT_A_SERVICE_ACCOUNT",
    "This account is a person's own.",
    "Only service accounts are handed over: nobody acts as somebody else.",
)
DELEGATION_TO_ONESELF = declare(
    "DELEGATION_TO_ONESELF", "Nobody stands in for themselves.", "Choose another person."
)
DELEGATION_CHAIN = declare(
    "DELEGATION_CHAIN",
    "In that time «%(name)s» is already part of another delegation, and delegations make no chains: "
    "«%(delegator)s» is stood in for by «%(delegate)s».",
    "Choose other days, another person, or end that delegation first.",
)
DELEGATION_CYCLE = declare(
    "DELEGATION_CYCLE",
    "In that time «%(delegate)s» already stands in for «%(delegator)s», and delegations make no circles.",
    "Choose other days, another person, or end that delegation first.",
)
DELEGATION_HELD_ALREADY = declare(
    "DELEGATION_HELD_ALREADY",
    "«%(delegate)s» already stands in for «%(delegator)s» in that time, for %(roles)s.",
    "End that delegation first, if its dates are to change.",
)
DELEGATION_ENDED = declare(
    "DELEGATION_ENDED", "This delegation is already over.", "Nothing needs to be done."
)
ROLE_NOT_DELEGABLE = declare(
    "ROLE_NOT_DELEGABLE",
    "The role %(role)s cannot be delegated.",
    "Choose among: %(known)s.",
)
DELEGATOR_WITHOUT_ROLE = declare(
    "DELEGATOR_WITHOUT_ROLE",
    "«%(name)s» does not hold the role %(role)s there.",
    "Delegate only what the person decides themselves.",
)
DELEGATE_WITHOUT_ROLE = declare(
    "DELEGATE_WITHOUT_ROLE",
    "«%(name)s» does not hold the role %(role)s there; a delegate needs it in their own right.",
    "Choose somebody who holds the role, or ask an administrator to assign it.",
)
CONFLICT_WITH_ONESELF = declare(
    "CONFLICT_WITH_ONESELF",
    "Nobody decides about themselves anyway.",
    "Declare a conflict with another person, or with a team, project, domain or asset.",
)
CONFLICT_KNOWN_ALREADY = declare(
    "CONFLICT_KNOWN_ALREADY",
    "This conflict is already declared.",
    "End the declaration first, if its dates are to change.",
)
CONFLICT_ENDED_ALREADY = declare(
    "CONFLICT_ENDED_ALREADY", "This declaration has already ended.", "Declare it anew, if it is needed."
)
CONFLICT_RECORDED_ABOUT_ONESELF = declare(
    "CONFLICT_RECORDED_ABOUT_ONESELF",
    "Somebody else recorded this conflict about you.",
    "Ask a compliance officer to end it.",
)
PROJECT_ENDED = declare(
    "PROJECT_ENDED", "The project has ended.", "Create a new project, if the work goes on."
)
MEMBER_ALREADY = declare(
    "MEMBER_ALREADY",
    "«%(name)s» already belongs to the project in that time.",
    "End the membership first, if its dates are to change.",
)
MEMBERSHIP_ENDED = declare(
    "MEMBERSHIP_ENDED", "This membership has already ended.", "Add the person anew, if they come back."
)
LEAD_STAYS = declare(
    "LEAD_STAYS",
    "«%(name)s» leads the project, and a lead belongs to it.",
    "Name another lead first.",
)
ENDS_AFTER_PROJECT = declare(
    "ENDS_AFTER_PROJECT",
    "The project ends on %(ends_at)s, before this.",
    "Choose an earlier end, or lengthen the project.",
)
