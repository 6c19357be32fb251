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
TOKEN_ENDED = declare("TOKEN_ENDED", "This token was already revoked.", "Nothing needs to be done.")
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
