"""What the test of a lake asks, in words: questions, why, answers, and what mends a wrong one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

ANSWERS = {
    "allowed": _("allowed"),
    "denied": _("denied"),
    "issued": _("a key was issued"),
    "given": _("yes"),
    "yes": _("yes"),
    "no": _("no"),
    "none": _("none"),
    "ended": _("it has ended"),
    "immediate": _("the key is dead at once"),
    "at_expiry": _("the key works until it ends"),
    "no_refresh": _("the key cannot be renewed"),
    "EndpointConnectionError": _("nothing; nobody answers"),
    "ConnectTimeoutError": _("nothing; nobody answers"),
    "ConnectionClosedError": _("nothing; the connection was cut"),
    "ReadTimeoutError": _("nothing in time"),
    "ConnectionRefusedError": _("nothing; nobody answers"),
    "HOST_UNKNOWN": _("nothing; nobody knows the host"),
    "ANSWER_TOO_LATE": _("nothing in time"),
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """`pattern` fits the names of probes; the place it may name is shown beside the question."""

    pattern: str
    asked: Any
    meaning: Any
    remedy: Any


OWN = r"\S+/connection/"
BESIDE = r"\S+/connection-\S+/"
QUESTIONS = (
    Question(
        pattern="the issuer itself reads nothing",
        asked=_("Can the issuer's own key read data?"),
        meaning=_("The issuer only hands out keys. Whoever stole its key should find every door shut."),
        remedy=_("Take every storage permission from the issuer's account; it needs AssumeRole only."),
    ),
    Question(
        pattern="the issuing account reads nothing",
        asked=_("Can the issuing account read data by itself?"),
        meaning=_("It only lets tokens be made. Whoever stole its key should find every door shut."),
        remedy=_("Take every storage role from the issuing account; it needs to act for the other only."),
    ),
    Question(
        pattern="act for the account",
        asked=_("May the issuing account act for the service account?"),
        meaning=_("Every key is a token of the service account, narrowed."),
        remedy=_("Give the issuing account «Service Account Token Creator» on the service account."),
    ),
    Question(
        pattern="sign in",
        asked=_("Can the portal sign in as the application?"),
        meaning=_("The account gives a key that signs to whom it knows, and to nobody else."),
        remedy=_("Check the tenant, the ID of the application and its secret."),
    ),
    Question(
        pattern="get a key that signs",
        asked=_("Does the account give the application a key that signs?"),
        meaning=_("Without it no key can be made."),
        remedy=_("Give the application the role «Storage Blob Delegator» on the account."),
    ),
    Question(
        pattern="issue a key",
        asked=_("Does the lake issue a key?"),
        meaning=_("Without it nobody can use what they were granted."),
        remedy=_(
            "Check the name of the role, and that its trust names the issuer and the external ID shown here."
        ),
    ),
    Question(
        pattern=r"list all of (?P<place>\S+)",
        asked=_("Can a key list the whole bucket?"),
        meaning=_("A key for one folder should not show the names of what lies beside it."),
        remedy=_("Look for a bucket policy that opens the bucket to the role, and take it away."),
    ),
    *(
        Question(
            pattern=rf"list (?P<place>{place})",
            asked=asked,
            meaning=_("A key opens the place it was made for; beside and above it the doors stay shut."),
            remedy=_("Compare the policies of role and bucket with the places of this connection."),
        )
        for place, asked in (
            (BESIDE, _("Can a key list a place beside its own, with a similar name?")),
            (OWN, _("Can a key list the place it was made for?")),
            (r"\S+", _("Can a key list the place above its own?")),
        )
    ),
    *(
        Question(
            pattern=rf"write in (?P<place>{place})",
            asked=asked,
            meaning=_("A key for reading must change nothing. Asking leaves nothing behind."),
            remedy=_("Look for a bucket policy that lets the role write, and take it away."),
        )
        for place, asked in (
            (BESIDE, _("Can a key for reading write beside its place?")),
            (OWN, _("Can a key for reading write in its place?")),
            (r"\S+", _("Can a key for reading write above its place?")),
        )
    ),
    Question(
        pattern="a key takes the role again",
        asked=_("Can a key take the role again, to shed its limits?"),
        meaning=_("Otherwise any holder of a narrow key could make a wide one."),
        remedy=_('Add to the role\'s trust the condition {"Null": {"aws:TokenIssueTime": "true"}}.'),
    ),
    Question(
        pattern="revoke the key",
        asked=_("Can one key be revoked?"),
        meaning=_("Revoking must end this key, and no other."),
        remedy=_("Let the administrator's key read and write the policies of the role."),
    ),
    Question(
        pattern="the revoked key opens nothing",
        asked=_("Does the revoked key still open something?"),
        meaning=_("Only what the lake itself refuses is really revoked."),
        remedy=_("Check that every server of the lake reads the same policies, then test again."),
    ),
    Question(
        pattern="give a key a role of its own",
        asked=_("Can a key be given a role of its own?"),
        meaning=_("The connection asks for it where the data are of a high class."),
        remedy=_(
            "Let the administrator's key make and delete roles, on Ceph with --caps 'roles=*', and let the"
            " trust of the role name the issuer alone."
        ),
    ),
    Question(
        pattern="a key with a role of its own reads",
        asked=_("Can a key with a role of its own list the place it was made for?"),
        meaning=_("Without it nobody can use what they were granted."),
        remedy=_("Look for a bucket policy that admits the role of the connection alone."),
    ),
    Question(
        pattern="delete the role of a key",
        asked=_("Does a key with a role of its own end with that role?"),
        meaning=_("The role is deleted when the key is revoked, and when it has run out."),
        remedy=_("Let the administrator's key delete roles."),
    ),
    # A warehouse: PostgreSQL 15, GRANT, and chapter 22, Database Roles
    Question(
        pattern="the portal's role is a superuser",
        asked=_("Is the portal's role a superuser?"),
        meaning=_("It makes and ends roles, and must not read what nobody gave it."),
        remedy=_("Take it away: ALTER ROLE … NOSUPERUSER."),
    ),
    Question(
        pattern=r"the portal's role makes roles \(CREATEROLE\)",
        asked=_("May the portal's role make roles?"),
        meaning=_("Every key is a role of its own."),
        remedy=_("Give it: ALTER ROLE … CREATEROLE."),
    ),
    Question(
        pattern=r"the portal's role ends sessions \(pg_signal_backend\)",
        asked=_("May the portal's role end sessions?"),
        meaning=_("A role that is shut ends no session that is open; who revokes a key has to."),
        remedy=_("Give it: GRANT pg_signal_backend TO …"),
    ),
    Question(
        pattern="the portal's role is a member of the key's",
        asked=_("Is the portal's role a member of the key's?"),
        meaning=_("Only members may take back what a role was given."),
        remedy=_("The portal makes it one with every key. See whether a job on the server takes it away."),
    ),
    Question(
        pattern=r"pass on a table of (?P<place>\S+)",
        asked=_("May the portal's role pass on a table there?"),
        meaning=_("A key is given what the portal's role was granted with the option to grant."),
        remedy=_("Grant it the tables, and USAGE of their schema, both WITH GRANT OPTION."),
    ),
    Question(
        pattern="log in with the key",
        asked=_("Is a key let in?"),
        meaning=_("Without it nobody can use what they were granted."),
        remedy=_("Look at pg_hba.conf: the roles of keys sign in by password over TLS."),
    ),
    Question(
        pattern="tables open beside",
        asked=_("Which other tables does a key open?"),
        meaning=_("A key opens the tables it was made for and no other."),
        remedy=_("They are granted to PUBLIC. Take that away: REVOKE ALL ON … FROM PUBLIC."),
    ),
    Question(
        pattern="schemas in which the key makes things",
        asked=_("In which schemas could a key make something?"),
        meaning=_("A key reads and writes rows; it makes no tables."),
        remedy=_("REVOKE CREATE ON SCHEMA … FROM PUBLIC."),
    ),
    Question(
        pattern=r"read columns of (?P<place>\S+)",
        asked=_("Can a key read its columns?"),
        meaning=_("Without it nobody can use what they were granted."),
        remedy=_("Compare what the portal's role may pass on with the columns of the table."),
    ),
    Question(
        pattern=r"read all of (?P<place>\S+)",
        asked=_("Can a key read the whole table?"),
        meaning=_("A key of the whole table can; one of single columns is refused the others."),
        remedy=_("Look for rights of PUBLIC on the table or its columns, and take them away."),
    ),
    Question(
        pattern=r"read (?P<place>\S+)",
        asked=_("Can a key read another table?"),
        meaning=_("A key opens the tables it was made for and no other."),
        remedy=_("Look for rights of PUBLIC on that table, and take them away."),
    ),
    Question(
        pattern=r"change rows of (?P<place>\S+)",
        asked=_("Can a key for reading write in its table?"),
        meaning=_("A key for reading must change nothing. Asking leaves nothing behind."),
        remedy=_("Look for rights of PUBLIC on the table, and take them away."),
    ),
    Question(
        pattern="a session that was open",
        asked=_("Does a session end that was open when its key was revoked?"),
        meaning=_("Else whoever is in stays in."),
        remedy=_("Give the portal's role pg_signal_backend, then test again."),
    ),
    Question(
        pattern="log in with the revoked key",
        asked=_("Is a revoked key still let in?"),
        meaning=_("Only what the lake itself refuses is really revoked."),
        remedy=_("Look for a pooler that keeps logins, then test again."),
    ),
)
UNREACHABLE = _("Nothing answers at the endpoint. Check the address and the port, and that the lake is up.")
NO_TENANT = _("There is no such tenant. Check it.")
REMEDIES = {
    "ConnectTimeoutError": UNREACHABLE,
    "ConnectionClosedError": UNREACHABLE,
    "EndpointConnectionError": UNREACHABLE,
    "ReadTimeoutError": _(
        "The lake answers too slowly. Test again; if it stays, look at the load of the lake."
    ),
    "ProxyConnectionError": UNREACHABLE,
    "SSLError": _("The certificate of the endpoint is not trusted. Check its host name and its issuer."),
    "NoSuchBucket": _("The first of the places names a bucket that the lake does not know. Correct it."),
    "NoSuchEntity": _("The lake does not know the role. Check its name."),
    "InvalidAccessKeyId": _("The lake does not know the key. Check the variables with the keys."),
    "InvalidClientTokenId": _("The lake does not know the key. Check the variables with the keys."),
    "SignatureDoesNotMatch": _("The secret does not belong to the key. Check the variables with the keys."),
    **dict.fromkeys(
        ("AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "PermanentRedirect"),
        _("The lake lies in another region than the connection says. Correct the region."),
    ),
    "RequestTimeTooSkewed": _("The clocks of portal and lake differ. Check the time service of both."),
    "PERMISSION_DENIED": _(
        "The issuing account may not act for the service account. Give it «Service Account Token Creator»"
        " there."
    ),
    "UNAUTHENTICATED": _(
        "The cloud does not know the issuing account by this key. Check the file of the key, and the clock"
        " of the portal."
    ),
    "NOT_FOUND": _("The cloud does not know the service account. Check its address."),
    "AADSTS90002": NO_TENANT,
    "AADSTS900023": NO_TENANT,
    "AADSTS700016": _("The tenant does not know the application. Check its ID and the tenant."),
    "AADSTS7000215": _("The secret is not the application's. Take the value of the secret, not its ID."),
    "AADSTS7000222": _("The secret of the application has run out. Make a new one, and set it."),
    "AADSTS700024": _("The token of the workload is outside its time. Check the clocks, and its file."),
    "AuthorizationPermissionMismatch": _(
        "The application lacks a role. It needs «Storage Blob Delegator» on the account, and a role for data"
        " on the containers."
    ),
    "ContainerNotFound": _("The first of the places names a container that the account does not have."),
    "ConnectionRefusedError": UNREACHABLE,
    "HOST_UNKNOWN": _("Nobody knows the host of the address. Check its spelling."),
    "ANSWER_TOO_LATE": UNREACHABLE,
    "ADDRESS_INSIDE": _(
        "The host has an address in a private network. The operator of the portal has to name it as one of"
        " their own."
    ),
    "LAKE_SECRET_MISSING": _("A secret is not set. Set the variables listed here and restart the portal."),
}
