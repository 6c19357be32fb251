"""STS and IAM, as far as a portal needs them. An unknown call or parameter is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qsl, quote

from portal.embedded.lake import policy
from portal.embedded.lake.faults import Fault, access_denied, bad_request, not_found
from portal.embedded.lake.markup import Element, element, nested
from portal.embedded.lake.message import Response, xml_response
from portal.embedded.lake.roles import Role, RoleBook
from portal.embedded.lake.tokens import Sealer, iso, new_session

SESSION_POLICY_LIMIT = 2048
MAX_SECONDS = 43_200
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_ROLE_ARN = re.compile(
    r"arn:aws:iam::000000000000:role/(?:[\w+=,.@-]{1,128}/){0,4}(?P<name>[\w+=,.@-]{1,128})", re.ASCII
)
_STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_IAM_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"
ISSUER_ARN = "arn:aws:iam::000000000000:user/issuer"

_OPTIONAL = {"CreateRole": frozenset({"Path"})}

Form = Mapping[str, str]


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a form body; a field given twice is refused."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise bad_request("MalformedInput", "The form is malformed.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise bad_request("MalformedInput", "A field is given twice.")
    return form


class Sts:
    """AssumeRole, for the issuer only."""

    def __init__(self, roles: RoleBook, sealer: Sealer) -> None:
        self._roles = roles
        self._sealer = sealer

    def answer(self, form: Form, *, now: datetime) -> Response:
        if form.get("Action") != "AssumeRole":
            raise access_denied()
        known = {"Action", "Version", "RoleArn", "RoleSessionName", "Policy", "DurationSeconds", "ExternalId"}
        if set(form) - known:
            raise bad_request("ValidationError", "The call has a parameter that is not supported here.")
        role = self._trusting_role(form)
        name = form.get("RoleSessionName", "")
        if not _SESSION_NAME.fullmatch(name):
            raise bad_request("ValidationError", "The session name is malformed.")
        session = new_session(
            role=role.name, name=name, policy=_session_policy(form), now=now, seconds=_duration(form)
        )
        credentials = element(
            "Credentials",
            AccessKeyId=session.key_id,
            SecretAccessKey=session.secret,
            SessionToken=self._sealer.seal(session),
            Expiration=iso(session.expires_at),
        )
        user = element(
            "AssumedRoleUser",
            Arn=f"arn:aws:sts::000000000000:assumed-role/{role.name}/{name}",
            AssumedRoleId=f"{role.role_id}:{name}",
        )
        result = nested("AssumeRoleResult", credentials, user)
        return xml_response(nested("AssumeRoleResponse", result, namespace=_STS_NAMESPACE))

    def _trusting_role(self, form: Form) -> Role:
        """A role that is unknown and one that does not trust the caller look the same from outside."""
        match = _ROLE_ARN.fullmatch(form.get("RoleArn", ""))
        if match is None:
            raise bad_request("ValidationError", "The role is malformed.")
        context = {"sts:ExternalId": form["ExternalId"]} if "ExternalId" in form else {}
        try:
            role = self._roles.role(match["name"])
        except Fault:
            raise access_denied() from None
        if role.arn != match[0]:
            raise access_denied()
        if not policy.trusts(role.trust, ISSUER_ARN, context):
            raise access_denied()
        return role


def _session_policy(form: Form) -> str:
    """The mandatory session policy: an absent or empty one would open the whole role."""
    text = form.get("Policy", "")
    if not text:
        raise access_denied("A session policy is mandatory in this lake.")
    if len(text) > SESSION_POLICY_LIMIT:
        raise bad_request("ValidationError", "The session policy is longer than 2048 characters.")
    try:
        policy.parsed(text)
    except policy.MalformedPolicy as fault:
        raise bad_request(
            "MalformedPolicyDocument", f"The session policy is not understood: {fault}."
        ) from None
    return text


def _duration(form: Form) -> int:
    text = form.get("DurationSeconds", "3600")
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text, re.ASCII) or int(text) > MAX_SECONDS:
        raise bad_request("ValidationError", f"The duration lies outside 1 to {MAX_SECONDS} seconds.")
    return int(text)


class Iam:
    """The calls with which an administrator keeps roles."""

    def __init__(self, roles: RoleBook) -> None:
        self._roles = roles
        self._calls: dict[str, tuple[frozenset[str], Callable[[Form, datetime], list[Element]]]] = {
            "CreateRole": (frozenset({"RoleName", "AssumeRolePolicyDocument"}), self._create),
            "DeleteRole": (frozenset({"RoleName"}), self._delete),
            "ListRoles": (frozenset({"PathPrefix"}), self._list),
            "GetRole": (frozenset({"RoleName"}), self._get),
            "UpdateAssumeRolePolicy": (frozenset({"RoleName", "PolicyDocument"}), self._set_trust),
            "PutRolePolicy": (frozenset({"RoleName", "PolicyName", "PolicyDocument"}), self._put_policy),
            "GetRolePolicy": (frozenset({"RoleName", "PolicyName"}), self._get_policy),
            "DeleteRolePolicy": (frozenset({"RoleName", "PolicyName"}), self._delete_policy),
            "ListRolePolicies": (frozenset({"RoleName"}), self._list_policies),
        }

    def answer(self, form: Form, *, now: datetime) -> Response:
        action = form.get("Action", "")
        if action not in self._calls:
            raise access_denied()
        names, call = self._calls[action]
        needed = names | {"Action", "Version"}
        if not needed <= set(form) <= needed | _OPTIONAL.get(action, frozenset()):
            raise bad_request("ValidationError", "A parameter is missing, or not supported here.")
        children = call(form, now)
        inner = [nested(f"{action}Result", *children)] if children else []
        return xml_response(nested(f"{action}Response", *inner, namespace=_IAM_NAMESPACE))

    def _create(self, form: Form, now: datetime) -> list[Element]:
        made = self._roles.create(
            form["RoleName"],
            form["AssumeRolePolicyDocument"],
            path=form.get("Path", "/"),
            made_at=iso(int(now.timestamp())),
        )
        return [_role_element(made)]

    def _delete(self, form: Form, _now: datetime) -> list[Element]:
        self._roles.delete(form["RoleName"])
        return []

    def _list(self, form: Form, _now: datetime) -> list[Element]:
        found = self._roles.below(form["PathPrefix"])
        members = nested("Roles", *(_role_element(role, "member") for role in found))
        return [members, element("IsTruncated", "false")]

    def _get(self, form: Form, _now: datetime) -> list[Element]:
        return [_role_element(self._roles.role(form["RoleName"]))]

    def _set_trust(self, form: Form, _now: datetime) -> list[Element]:
        self._roles.set_trust(form["RoleName"], form["PolicyDocument"])
        return []

    def _put_policy(self, form: Form, _now: datetime) -> list[Element]:
        self._roles.put_policy(form["RoleName"], form["PolicyName"], form["PolicyDocument"])
        return []

    def _get_policy(self, form: Form, _now: datetime) -> list[Element]:
        document = self._roles.role(form["RoleName"]).policies.get(form["PolicyName"])
        if document is None:
            raise not_found("NoSuchEntity", "There is no such policy.")
        return [
            element("RoleName", form["RoleName"]),
            element("PolicyName", form["PolicyName"]),
            element("PolicyDocument", quote(document, safe="")),
        ]

    def _delete_policy(self, form: Form, _now: datetime) -> list[Element]:
        self._roles.delete_policy(form["RoleName"], form["PolicyName"])
        return []

    def _list_policies(self, form: Form, _now: datetime) -> list[Element]:
        names = sorted(self._roles.role(form["RoleName"]).policies)
        members = nested("PolicyNames", *(element("member", name) for name in names))
        return [members, element("IsTruncated", "false")]


def _role_element(role: Role, tag: str = "Role") -> Element:
    return element(
        tag,
        Path=role.path,
        RoleName=role.name,
        RoleId=role.role_id,
        Arn=role.arn,
        CreateDate=role.made_at,
        AssumeRolePolicyDocument=quote(role.trust, safe=""),
    )
