"""What can be wrong with a workload identity, and with a token that is to be exchanged."""

from apps.policy.reason import declare

WORKLOAD_OF_A_PERSON = declare(
    "WORKLOAD_OF_A_PERSON",
    "This account is a person's own, and people sign in themselves.",
    "Make a service account for the program, and register the workload identity there.",
)
WORKLOAD_ISSUER = declare(
    "WORKLOAD_ISSUER",
    "«%(issuer)s» cannot be an issuer: it is an address in https, without a query.",
    "Copy the claim «iss» of a token as it stands there.",
)
WORKLOAD_FIELD_EMPTY = declare(
    "WORKLOAD_FIELD_EMPTY",
    "This is empty, or has a character that cannot be seen.",
    "Copy it from a token of the platform as it stands there.",
)
WORKLOAD_AUDIENCE_OF_ANOTHER = declare(
    "WORKLOAD_AUDIENCE_OF_ANOTHER",
    "«%(audience)s» is kept for another service account of this portal.",
    "Leave the audience empty: the account has one of its own.",
)
WORKLOAD_TAKEN = declare(
    "WORKLOAD_TAKEN",
    "Tokens of this issuer, subject and audience sign somebody in already.",
    "Leave the audience empty: the account has one of its own. Or remove the other workload identity first.",
)
WORKLOAD_SCOPE = declare(
    "WORKLOAD_SCOPE",
    "«%(scope)s» is not given to programs that sign in by their platform.",
    "Choose among: %(known)s.",
)
WORKLOAD_CLAIM = declare(
    "WORKLOAD_CLAIM",
    "«%(claim)s» cannot be asked for besides: a claim has a name and a text, and is not checked anyway.",
    "Name claims such as repository or ref, or by a path such as /kubernetes.io/namespace.",
)
WORKLOAD_CLAIMS_MANY = declare(
    "WORKLOAD_CLAIMS_MANY",
    "More than %(most)s claims are asked for.",
    "Ask for those that tell this program from others.",
)
WORKLOAD_KEYS = declare(
    "WORKLOAD_KEYS",
    "This is no set of public keys as RFC 7517 has it: %(fault)s.",
    "Paste what the issuer publishes at its jwks_uri, as it stands there.",
)
WORKLOAD_KEY_PRIVATE = declare(
    "WORKLOAD_KEY_PRIVATE",
    "There is a private key or a shared secret in it. Whoever has that signs in as the program.",
    "Paste public keys alone, and have the issuer change the key that was shown here.",
)
WORKLOAD_MANY = declare(
    "WORKLOAD_MANY",
    "The account has %(most)s workload identities, and no more are kept.",
    "Remove one that is needed no more.",
)
WORKLOAD_REMOVED = declare(
    "WORKLOAD_REMOVED", "This workload identity was removed already.", "Nothing needs to be done."
)

GRANT_TYPE_UNKNOWN = declare(
    "GRANT_TYPE_UNKNOWN",
    "«%(grant_type)s» is not done here.",
    "Send the grant_type %(known)s (RFC 8693).",
)
EXCHANGE_FIELD = declare(
    "EXCHANGE_FIELD",
    "The field «%(field_name)s» is missing, given twice, or not what is taken here.",
    "Send it once, in the body, as: %(known)s.",
)
EXCHANGE_SCOPE = declare(
    "EXCHANGE_SCOPE",
    "The scope «%(scope)s» was not registered for this program.",
    "Ask for less, or for no scope by name: then all that was registered is given.",
)
EXCHANGE_TOO_OFTEN = declare(
    "EXCHANGE_TOO_OFTEN",
    "Tokens are exchanged too often from here.",
    "Keep the access token for as long as it lives, and wait a minute.",
)

TOKEN_MALFORMED = declare(
    "WORKLOAD_TOKEN_MALFORMED",
    "This is no signed token of OpenID Connect: %(fault)s.",
    "Send the token as the platform wrote it, without line breaks.",
)
TOKEN_ALGORITHM = declare(
    "WORKLOAD_TOKEN_ALGORITHM",
    "The token is signed by «%(algorithm)s», which is not taken.",
    "Have the issuer sign by one of: %(known)s.",
)
TOKEN_UNTRUSTED = declare(
    "WORKLOAD_TOKEN_UNTRUSTED",
    "Nobody here trusts this token: its issuer, subject and audience are not registered together, or no key "
    "of that issuer that could be read made its signature.",
    "Compare the token with the workload identity of the service account; whoever answers for the account "
    "sees there why a token was last refused.",
)
KEYS_UNREAD = declare(
    "WORKLOAD_KEYS_UNREAD",
    "The keys of the issuer could not be read: %(fault)s",
    "Check that the issuer publishes them, or paste them; they are asked for again after a minute.",
)
KEY_UNKNOWN = declare(
    "WORKLOAD_KEY_UNKNOWN",
    "The issuer has no key «%(kid)s» for the algorithm %(algorithm)s.",
    "After a change of keys wait a minute; pasted keys are pasted anew.",
)
SIGNATURE_WRONG = declare(
    "WORKLOAD_SIGNATURE_WRONG",
    "The signature of the token was not made by the issuer's key «%(kid)s».",
    "Check that the token comes from this issuer. If nobody knows the token, somebody tried.",
)
TOKEN_FIELD = declare(
    "WORKLOAD_TOKEN_FIELD",
    "The claim «%(claim)s» is missing in the token, or is no moment.",
    "Have the platform issue tokens with iat and exp.",
)
TOKEN_ENDED = declare(
    "WORKLOAD_TOKEN_ENDED",
    "The token ended at %(ended_at)s.",
    "Read it anew from the platform, and check the clock of the platform.",
)
TOKEN_TO_COME = declare(
    "WORKLOAD_TOKEN_TO_COME",
    "The token is good from %(begins_at)s on only.",
    "Check the clock of the platform.",
)
TOKEN_LIVES_LONG = declare(
    "WORKLOAD_TOKEN_LIVES_LONG",
    "The token lives longer than %(hours)s hours.",
    "Have the platform issue tokens that end sooner, such as expirationSeconds: 3600.",
)
CLAIM_DIFFERS = declare(
    "WORKLOAD_CLAIM_DIFFERS",
    "The claim «%(claim)s» of the token is «%(found)s», which is not what was registered.",
    "Run the program where it was registered for, or register another workload identity.",
)
TOKEN_USED = declare(
    "WORKLOAD_TOKEN_USED",
    "This token was exchanged before, and each is taken once.",
    "Ask the platform for a new one. Where it hands out the same token for a while, as Kubernetes does, "
    "register the workload identity for tokens that are used again.",
)
