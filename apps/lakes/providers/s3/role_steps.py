"""How the role of a connection is set up by hand: the exact documents, and the commands that put them there.

Two users come with it. The issuer may assume the role and owns nothing; the administrator keeps the policies
of the role, by which keys are ended, and reads no data. Nothing here is secret.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _

from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.keyring import Duty, variables
from apps.lakes.providers.s3.endpoint import iam_endpoint, role_of
from apps.lakes.providers.s3.role import SCOPE_POLICY, longest_session, trust_policy, widest_policy
from apps.lakes.providers.setup import ISSUER, RoleStep, step

ADMINISTRATOR = "lakewarden-admin"
UNLESS_SAID = 3600
"""Seconds of the longest session of a role that was made without a word about it."""


def role_steps(connection: ConnectionSpec, *, issuer_arn: str = "") -> tuple[RoleStep, ...]:
    """In the order in which they are done; none where the server has no such roles, or the portal sets its
    own up. `issuer_arn` names who may assume the role, where that is another than the commands make.

    Raises: InvalidInput (the role is malformed).
    """
    steps = _STEPS.get(connection.flavor)
    if steps is None:
        return ()
    return tuple(steps(connection, issuer_arn or usual_issuer(connection)))


def usual_issuer(connection: ConnectionSpec) -> str:
    """The user that the commands make, in the account of the role.  Raises: InvalidInput."""
    role = role_of(connection)
    return f"arn:{role.partition}:iam::{role.account}:user/{ISSUER}"


def _on_aws(connection: ConnectionSpec, issuer_arn: str) -> Iterator[RoleStep]:
    issuing = _document("sts:AssumeRole", connection.role_arn)
    kept = [f"iam:{verb}RolePolicy" for verb in ("Get", "Put", "Delete")] + ["iam:ListRolePolicies"]
    keeping = _document(kept, connection.role_arn)
    yield _trust(connection, issuer_arn)
    yield _permissions(connection)
    yield step("issuer", _("Make the issuer"), *_aws_user(ISSUER, issuing))
    yield step("administrator", _("Make the administrator of the role"), *_aws_user(ADMINISTRATOR, keeping))
    yield step("role", _("Make the role"), *_aws_role(connection, issuer_arn, "aws"))
    yield _environment(connection)


def _on_ceph(connection: ConnectionSpec, issuer_arn: str) -> Iterator[RoleStep]:
    """A role that `radosgw-admin` makes gives sessions of an hour; the gateway itself makes longer ones, for
    whoever has the key of the administrator."""
    role = role_of(connection)
    name = ("--role-name", role.name)
    path = ("--path", role.path) if role.path != "/" else ()
    yield _trust(connection, issuer_arn)
    yield _permissions(connection)
    yield step("issuer", _("Make the issuer"), _ceph_user(ISSUER))
    administrator = (*_ceph_user(ADMINISTRATOR), "--caps", "roles=*")
    yield step("administrator", _("Make the administrator of the role"), administrator)
    yield _environment(connection)
    if longest_session(connection).get("MaxSessionDuration", UNLESS_SAID) > UNLESS_SAID:
        title = _("Make the role, with the key of the administrator")
        at = (shlex.quote(connection.region), shlex.quote(iam_endpoint(connection)))
        aws = "aws --region {} --endpoint-url {}".format(*at)
        yield step("role", title, *_aws_role(connection, issuer_arn, aws))
    else:
        trust = trust_policy(connection, issuer_arn=issuer_arn)
        kept = ("--policy-name", SCOPE_POLICY, "--policy-doc", widest_policy(connection))
        yield step(
            "role",
            _("Make the role"),
            ("radosgw-admin", "role", "create", *name, *path, "--assume-role-policy-doc", trust),
            ("radosgw-admin", "role-policy", "put", *name, *kept),
        )


def _on_minio(connection: ConnectionSpec, issuer_arn: str) -> Iterator[RoleStep]:
    """It has no roles: a key is what its issuer may do, narrowed. So the issuer holds what a role would."""
    yield _permissions(connection)
    yield RoleStep(
        slug="issuer",
        title=_("Make the issuer, which holds the permissions here"),
        text="\n".join(
            (
                f'mc admin user add LAKE {ISSUER} "$(openssl rand -base64 30)"',
                f"mc admin policy create LAKE {SCOPE_POLICY} {SCOPE_POLICY}.json",
                f"mc admin policy attach LAKE {SCOPE_POLICY} --user {ISSUER}",
            )
        ),
    )
    yield _environment(connection)


_STEPS: dict[Flavor, Callable[[ConnectionSpec, str], Iterator[RoleStep]]] = {
    Flavor.AWS: _on_aws,
    Flavor.CEPH: _on_ceph,
    Flavor.MINIO: _on_minio,
}


def _trust(connection: ConnectionSpec, issuer_arn: str) -> RoleStep:
    text = _readable(trust_policy(connection, issuer_arn=issuer_arn))
    return RoleStep(slug="trust", title=_("Who may assume the role"), text=text)


def _permissions(connection: ConnectionSpec) -> RoleStep:
    text = _readable(widest_policy(connection))
    return RoleStep(slug="permissions", title=_("What the role may do at most"), text=text)


def _environment(connection: ConnectionSpec) -> RoleStep:
    names = [name for duty in Duty for name in variables(connection, duty)]
    text = "\n".join(f"{name}=" for name in names)
    return RoleStep(slug="environment", title=_("Give the portal the keys of both users"), text=text)


def _aws_user(name: str, policy: str) -> Iterator[tuple[str, ...]]:
    user = ("--user-name", name)
    yield ("aws", "iam", "create-user", *user)
    yield ("aws", "iam", "put-user-policy", *user, "--policy-name", name, "--policy-document", policy)
    yield ("aws", "iam", "create-access-key", *user)


def _aws_role(connection: ConnectionSpec, issuer_arn: str, aws: str) -> Iterator[tuple[str, ...]]:
    role = role_of(connection)
    name = ("--role-name", role.name)
    path = ("--path", role.path) if role.path != "/" else ()
    trust = trust_policy(connection, issuer_arn=issuer_arn)
    longest = longest_session(connection)
    lasts = ("--max-session-duration", str(longest["MaxSessionDuration"])) if longest else ()
    yield (aws, "iam", "create-role", *name, *path, "--assume-role-policy-document", trust, *lasts)
    scope = ("--policy-name", SCOPE_POLICY, "--policy-document", widest_policy(connection))
    yield (aws, "iam", "put-role-policy", *name, *scope)


def _ceph_user(name: str) -> tuple[str, ...]:
    return ("radosgw-admin", "user", "create", "--uid", name, "--display-name", name)


def _document(actions: str | list[str], resource: str) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))


def _readable(document: str) -> str:
    return json.dumps(json.loads(document), indent=2)
