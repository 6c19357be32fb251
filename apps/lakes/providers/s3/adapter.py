"""The adapter for lakes that speak S3 and STS: AWS, Ceph RGW, MinIO and the demo lake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from apps.kernel.errors import Conflict, LakewardenError, ProviderFailure
from apps.lakes.providers.contract import (
    Capabilities,
    ConnectionSpec,
    CredentialSpec,
    Issued,
    KeyMayExist,
    LeaseHandle,
    Probe,
    ReadBack,
    Revoked,
    RevokeEffect,
    Scope,
    may_have_made_a_key,
    scope_hash,
)
from apps.lakes.providers.faults import LAKE_ANSWER_MALFORMED, REVOCATION_NOT_SEEN, malformed
from apps.lakes.providers.keyring import SecretSource
from apps.lakes.providers.limits import (
    CLOCK_TOLERANCE,
    EXPIRY_OVERSHOT,
    check_columns,
    check_own_role,
    check_roots,
    check_ttl,
)
from apps.lakes.providers.probing import ALLOWED, DENIED_ANSWER, compared, fault_of, probe_spec, scope_probes
from apps.lakes.providers.s3.clients import Clients
from apps.lakes.providers.s3.denials import Denials
from apps.lakes.providers.s3.denied import session_name
from apps.lakes.providers.s3.endpoint import checked_connection, iam_endpoint, role_parts
from apps.lakes.providers.s3.faults import faults_by_meaning
from apps.lakes.providers.s3.flavors import OPTIONS, capabilities_of
from apps.lakes.providers.s3.objects import Objects
from apps.lakes.providers.s3.own_roles import OwnRoles, own_connection
from apps.lakes.providers.s3.probes import S3Asker, ask, listing, observe
from apps.lakes.providers.s3.role import prepare_role
from apps.lakes.providers.s3.session_policy import fitting_policy, session_policy
from apps.lakes.providers.secret import Secret
from apps.lakes.providers.traits import OWN_ROLES_FROM
from apps.policy.reason import Reason, Value, declare

ROLE_TOO_SHORT = declare(
    "LAKE_ROLE_TOO_SHORT",
    "The lake refused a key for %(asked_seconds)s seconds (%(fault)s); its role may give shorter ones only.",
    "Ask the administrator to raise the longest session of the role, or to lower the longest life of a key in"
    " the connection.",
)
UNLESS_SAID = timedelta(hours=1)
"""The longest session of a role that was made without a word about it."""
ISSUED = "issued"
ROLE_GONE = "role deleted"
_SAID_OF_TIME = frozenset({"InvalidArgument", "ValidationError"})
_PARTS = {
    "access_key_id": "AccessKeyId",
    "secret_access_key": "SecretAccessKey",
    "session_token": "SessionToken",
}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class S3Provider:
    """Keys by AssumeRole with a mandatory session policy; the end of one by a denial of its session."""

    def __init__(self, secrets: SecretSource, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._clients = Clients(secrets)
        self._clock = clock

    def capabilities(self, connection: ConnectionSpec) -> Capabilities:
        return capabilities_of(connection)

    def issue(self, spec: CredentialSpec) -> Issued:
        """Make one key.

        Raises: InvalidInput (time or place outside the limits; nothing was called), ProviderFailure (policy
        over budget, refused or unreachable), KeyMayExist (an unreadable answer, a key that lived too long and
        was thrown away, or a role of its own that could not be taken back), NotFound (the role).
        """
        connection = checked_connection(spec.connection)
        limits = capabilities_of(connection)
        check_ttl(spec.ttl, limits)
        check_columns(spec, limits)
        check_own_role(spec, limits)
        check_roots(spec)
        partition, _ = role_parts(connection)
        policy = fitting_policy(
            spec.scopes, partition=partition, budget=OPTIONS[connection.flavor].policy_budget
        )
        with self._role_of(spec, policy) as taken:
            secret, expires_at = read_key(self._assume_role(replace(spec, connection=taken), policy))
        handle = LeaseHandle(connection=taken, lease_id=spec.lease_id, expires_at=expires_at)
        self._refuse_overshoot(handle, spec.ttl)
        return Issued(
            secret=secret,
            expires_at=handle.expires_at,
            scope_hash=scope_hash(connection, spec.scopes),
            handle=handle,
        )

    def revoke(self, handle: LeaseHandle) -> Revoked:
        """End one session and no other; `IMMEDIATE` is said only after the denial, or that its role is gone,
        was read back.

        Raises: ProviderFailure, NotFound (the role).
        """
        now = self._clock()
        if handle.has_own_role:
            return self._revoked_with_its_role(handle)
        if handle.expires_at + CLOCK_TOLERANCE < now:
            return Revoked(effect=RevokeEffect.IMMEDIATE, evidence={"ended": "expired"})
        if not OPTIONS[handle.connection.flavor].keeps_role_policies:
            return Revoked(effect=RevokeEffect.AT_EXPIRY, evidence={"until": handle.expires_at.isoformat()})
        denials = self._denials(handle.connection)
        policy_name = denials.put(handle, now=now)
        if not denials.stands(handle):
            raise ProviderFailure(Reason(code=REVOCATION_NOT_SEEN), is_transient=True)
        delay = OPTIONS[handle.connection.flavor].revoke_delay
        return Revoked(
            effect=RevokeEffect.IMMEDIATE,
            evidence={
                "ended": "denied",
                "role": handle.connection.role_arn,
                "policy": policy_name,
                "everywhere_within_seconds": str(int(delay.total_seconds())),
            },
        )

    def read_back(self, handle: LeaseHandle) -> ReadBack:
        """Whether the session is dead: by time, by a denial that stands in the role's policies now, or
        because the role that was its own is gone."""
        if handle.expires_at + CLOCK_TOLERANCE < self._clock():
            return ReadBack(is_dead=True, evidence={"ended": "expired"})
        if not OPTIONS[handle.connection.flavor].keeps_role_policies:
            return ReadBack(is_dead=False, evidence={"until": handle.expires_at.isoformat()})
        if handle.has_own_role:
            is_gone = not self._own_roles(handle.connection).stands(handle.connection, handle.lease_id)
            return ReadBack(is_dead=is_gone, evidence={"ended": ROLE_GONE} if is_gone else {})
        stands = self._denials(handle.connection).stands(handle)
        return ReadBack(is_dead=stands, evidence={"ended": "denied"} if stands else {})

    def verify(self, spec: CredentialSpec, secret: Secret) -> tuple[Probe, ...]:
        """Try the key against its own scope; `probing` and `probes` say why this leaves nothing behind."""
        asker = S3Asker(self._clients.s3(checked_connection(spec.connection), secret))
        return tuple(probe for scope in spec.scopes for probe in scope_probes(scope, spec.scopes, asker))

    def verify_connection(self, connection: ConnectionSpec) -> tuple[Probe, ...]:
        """Put the whole set-up to the test. Where no key can be had, a failed probe says why."""
        spec = probe_spec(checked_connection(connection), capabilities_of(connection).ttl_min)
        issuer_s3 = self._clients.issuer_s3(connection)
        bucket = spec.scopes[0].bucket.text
        probes = [ask("the issuer itself reads nothing", DENIED_ANSWER, listing(issuer_s3, bucket, None))]
        try:
            issued = self.issue(spec)
        except LakewardenError as failure:
            observed = fault_of(failure)
            return (*probes, compared("issue a key", ISSUED, observed))
        probes.append(compared("issue a key", ISSUED, ISSUED))
        probes.extend(self.verify(spec, issued.secret))
        probes.append(self._chaining_probe(spec, issued.secret))
        probes.extend(self._revocation_probes(spec, issued))
        if connection.options.get(OWN_ROLES_FROM):
            probes.extend(self._own_role_probes(spec))
        return tuple(probes)

    def objects(self, connection: ConnectionSpec, scope: Scope, key: Secret) -> Objects:
        """What lies at a place that the key opens. Not part of the contract: warehouses have none."""
        s3 = self._clients.s3(checked_connection(connection), key)
        return Objects(s3, scope.bucket.text, scope.prefix.text)

    def tidy(self, connection: ConnectionSpec, *, now: datetime) -> int:
        """Drop denials whose sessions have ended, for the size of a role's policies is capped, and roles of
        single keys that somebody left behind."""
        options = OPTIONS[connection.flavor]
        if not options.keeps_role_policies:
            return 0
        tidied = self._denials(connection).tidy(now=now - CLOCK_TOLERANCE)
        if options.makes_own_roles:
            longest = options.ttl_max + CLOCK_TOLERANCE
            tidied += self._own_roles(connection).tidy(connection, longest=longest, now=now)
        return tidied

    def prepare_role(self, connection: ConnectionSpec, *, issuer_arn: str) -> None:
        """Create or update the role with the administrator's key. Not part of the contract: AWS houses
        usually do this in their own infrastructure code.
        """
        prepare_role(self._clients.iam(checked_connection(connection)), connection, issuer_arn=issuer_arn)

    @contextmanager
    def _role_of(self, spec: CredentialSpec, policy: str) -> Iterator[ConnectionSpec]:
        """The connection with the role that the key is narrowed from. One that is made for it goes again
        where no key was made."""
        if not spec.has_own_role:
            yield spec.connection
            return
        roles = self._own_roles(spec.connection)
        try:
            roles.make(spec.connection, spec.lease_id, policy)
            yield own_connection(spec.connection, spec.lease_id)
        except Conflict:
            raise  # it was made with another key, and goes with that one
        except LakewardenError as failure:
            if may_have_made_a_key(failure):
                raise  # whoever ends the key deletes its role
            try:
                roles.remove(spec.lease_id)
            except LakewardenError:
                raise KeyMayExist(*failure.reasons) from None
            raise

    def _revoked_with_its_role(self, handle: LeaseHandle) -> Revoked:
        roles = self._own_roles(handle.connection)
        roles.remove(handle.lease_id)
        if roles.stands(handle.connection, handle.lease_id):
            raise ProviderFailure(Reason(code=REVOCATION_NOT_SEEN), is_transient=True)
        evidence = {"ended": ROLE_GONE, "role": handle.connection.role_arn}
        return Revoked(effect=RevokeEffect.IMMEDIATE, evidence=evidence)

    def _own_roles(self, connection: ConnectionSpec) -> OwnRoles:
        return OwnRoles(self._clients.iam(checked_connection(connection)))

    def _assume_role(self, spec: CredentialSpec, policy: str) -> object:
        connection = spec.connection
        optional: dict[str, object] = {}
        if connection.external_id is not None:
            optional["ExternalId"] = connection.external_id
        if connection.sends_purpose_tag and spec.purpose:
            optional["Tags"] = [{"Key": "lakewarden-purpose", "Value": spec.purpose}]
        sts = self._clients.sts(connection)
        try:
            with faults_by_meaning("AssumeRole"):
                answer: object = sts.assume_role(
                    RoleArn=connection.role_arn,
                    RoleSessionName=session_name(spec.lease_id),
                    DurationSeconds=int(spec.ttl.total_seconds()),
                    Policy=policy,
                    **optional,
                )
        except ProviderFailure as failure:
            if failure.code == LAKE_ANSWER_MALFORMED:
                raise KeyMayExist(*failure.reasons) from None
            fault = str(failure.reasons[0].facts.get("fault", ""))
            if spec.ttl > UNLESS_SAID and fault in _SAID_OF_TIME:
                facts: dict[str, Value] = {"asked_seconds": int(spec.ttl.total_seconds()), "fault": fault}
                raise ProviderFailure(Reason(code=ROLE_TOO_SHORT, facts=facts), is_transient=False) from None
            raise
        return answer

    def _refuse_overshoot(self, handle: LeaseHandle, ttl: timedelta) -> None:
        if handle.expires_at <= self._clock() + ttl + CLOCK_TOLERANCE:
            return
        with suppress(LakewardenError):
            self.revoke(handle)
        raise KeyMayExist(Reason(code=EXPIRY_OVERSHOT))

    def _denials(self, connection: ConnectionSpec) -> Denials:
        _, role = role_parts(checked_connection(connection))
        return Denials(
            self._clients.iam(connection),
            endpoint=iam_endpoint(connection),
            role=role,
            settles=OPTIONS[connection.flavor].revoke_delay,
        )

    def _chaining_probe(self, spec: CredentialSpec, secret: Secret) -> Probe:
        sts = self._clients.sts(spec.connection, key=secret)
        return ask(
            "a key takes the role again",
            DENIED_ANSWER,
            lambda: sts.assume_role(
                RoleArn=spec.connection.role_arn,
                RoleSessionName=session_name(_another(spec.lease_id)),
                # Were it allowed, the result would still be no wider than the key that asked.
                Policy=session_policy(spec.scopes, partition=role_parts(spec.connection)[0]),
            ),
        )

    def _own_role_probes(self, spec: CredentialSpec) -> Iterator[Probe]:
        """Whether the administrator's key may make and delete roles."""
        own = replace(spec, lease_id=uuid4(), has_own_role=True)
        try:
            issued = self.issue(own)
        except LakewardenError as failure:
            yield compared("give a key a role of its own", ISSUED, fault_of(failure))
            return
        yield compared("give a key a role of its own", ISSUED, ISSUED)
        scope = own.scopes[0]
        s3 = self._clients.s3(own.connection, issued.secret)
        yield ask(
            "a key with a role of its own reads", ALLOWED, listing(s3, scope.bucket.text, scope.prefix.text)
        )
        try:
            observed = self.revoke(issued.handle).effect.value
        except LakewardenError as failure:
            observed = fault_of(failure)
        yield compared("delete the role of a key", RevokeEffect.IMMEDIATE.value, observed)

    def _revocation_probes(self, spec: CredentialSpec, issued: Issued) -> tuple[Probe, ...]:
        effect = capabilities_of(spec.connection).revoke_effect
        try:
            observed = self.revoke(issued.handle).effect.value
        except LakewardenError as failure:
            observed = fault_of(failure)
        revoked = compared("revoke the key", effect.value, observed)
        if effect is not RevokeEffect.IMMEDIATE or OPTIONS[spec.connection.flavor].revoke_delay:
            return (revoked,)
        s3 = self._clients.s3(spec.connection, issued.secret)
        scope = spec.scopes[0]
        seen = observe(listing(s3, scope.bucket.text, scope.prefix.text))
        return (revoked, compared("the revoked key opens nothing", DENIED_ANSWER, seen))


def read_key(answer: object) -> tuple[Secret, datetime]:
    """Raises: KeyMayExist, naming the part that is missing."""
    given = answer.get("Credentials") if isinstance(answer, Mapping) else None
    credentials = given if isinstance(given, Mapping) else {}
    for name in (*_PARTS.values(), "Expiration"):
        part = credentials.get(name)
        if not (part and isinstance(part, datetime if name == "Expiration" else str)):
            raise KeyMayExist(*malformed("AssumeRole", name).reasons)
    secret = Secret({ours: credentials[theirs] for ours, theirs in _PARTS.items()})
    return secret, credentials["Expiration"].astimezone(UTC)


def _another(lease_id: UUID) -> UUID:
    return UUID(int=lease_id.int ^ 1)
