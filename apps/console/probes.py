"""What the test of a lake asks, in plain words: the question, why it is asked, and what mends a wrong answer.

Probes are stored by their name and the answers by a code; both are for machines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.console.wording import PROBE_RESULTS, Word

ANSWERS = {
    "allowed": _("allowed"),
    "denied": _("denied"),
    "issued": _("a key was issued"),
    "given": _("yes"),
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


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A probe as it is read. `remedy` is empty where the answer is the right one."""

    question: Any
    place: str
    meaning: Any
    expected: Any
    observed: Any
    word: Word
    remedy: Any = ""


def asked(probes: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """What went wrong first, then in the order in which it was asked."""
    return [_asked(probe) for probe in sorted(probes, key=lambda probe: bool(probe["passed"]))]


def question_of(name: str) -> str:
    """What a probe of this name asks."""
    known = _question(name)[0]
    return str(known.asked) if known else name


def _asked(probe: Mapping[str, Any]) -> Asked:
    known, place = _question(probe["name"])
    return Asked(
        question=known.asked if known else probe["name"],
        place=place,
        meaning=known.meaning if known else "",
        expected=ANSWERS.get(probe["expected"], probe["expected"]),
        observed=ANSWERS.get(probe["observed"], probe["observed"]),
        word=PROBE_RESULTS[bool(probe["passed"])],
        remedy="" if probe["passed"] else REMEDIES.get(probe["observed"], known.remedy if known else ""),
    )


def _question(name: str) -> tuple[Question | None, str]:
    for question in QUESTIONS:
        if found := re.fullmatch(question.pattern, name):
            return question, found.groupdict().get("place", "")
    return None, ""
