"""Every request passes here: who, what, may they, then the deed, then the row in the audit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from portal.embedded.lake import policy
from portal.embedded.lake.answers import S3
from portal.embedded.lake.audit import AuditFile, Row
from portal.embedded.lake.faults import Fault, access_denied
from portal.embedded.lake.message import Request, Response, refusal
from portal.embedded.lake.operations import Need, Operation, operation_of
from portal.embedded.lake.payload import check_digests, payload_of
from portal.embedded.lake.roles import RoleBook
from portal.embedded.lake.services import Iam, Sts, form_of
from portal.embedded.lake.signature import Claim, check, claim_of, plain_query
from portal.embedded.lake.storage import Storage
from portal.embedded.lake.tokens import Sealer, Session, iso


class Duty(StrEnum):
    """What a standing key is for; each may do nothing else."""

    ISSUER = "issuer"
    ADMIN = "admin"
    LOADER = "loader"


@dataclass(frozen=True, kw_only=True)
class StandingKey:
    key_id: str
    secret: str
    duty: Duty

    def __repr__(self) -> str:
        return f"StandingKey({self.duty})"


_SERVICE_OF = {Duty.ISSUER: "sts", Duty.ADMIN: "iam", Duty.LOADER: "s3"}
# Enough to seed a lake: the loader cannot read back what it stored.
_LOADER_ACTIONS = frozenset(
    {
        "s3:AbortMultipartUpload",
        "s3:CreateBucket",
        "s3:ListAllMyBuckets",
        "s3:ListBucket",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
    }
)


@dataclass
class _Course:
    """What is known of a request so far; the audit row is made of it, however far it came."""

    request_id: str
    service: str = "s3"
    identity: str = ""
    session: str = ""
    operation: str = "Unknown"
    bucket: str = ""
    key: str = ""
    prefix: str = ""
    received: int = 0


class Gate:
    """The demo lake without its socket."""

    def __init__(self, state: Path, keys: tuple[StandingKey, ...]) -> None:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._keys: Mapping[str, StandingKey] = {key.key_id: key for key in keys}
        self._sealer = Sealer(state / "seal.key")
        self._roles = RoleBook(state / "roles.json")
        self._audit = AuditFile(state / "audit.jsonl")
        self._s3 = S3(Storage(state / "objects"))
        self._sts = Sts(self._roles, self._sealer)
        self._iam = Iam(self._roles)

    def answer(self, request: Request, *, now: datetime) -> Response:
        """The answer to a request. A refusal is an answer; where the audit fails, nothing is told."""
        course = _Course(request_id=secrets.token_hex(8))
        try:
            response, outcome = self._course(request, course, now), "allowed"
        except Fault as fault:
            response, outcome = (
                refusal(fault, service=course.service, request_id=course.request_id),
                fault.code,
            )
        try:
            sent = 0 if request.method == "HEAD" else len(response.body)
            self._audit.write(_row(course, now, response.status, outcome, sent))
        except OSError:
            return Response(status=503)
        return Response(
            status=response.status,
            headers={**response.headers, "x-amz-request-id": course.request_id},
            body=response.body,
        )

    def close(self) -> None:
        self._audit.close()

    def _course(self, request: Request, course: _Course, now: datetime) -> Response:
        claim = claim_of(request)
        course.service = claim.service
        operation = operation_of(request, plain_query(request)) if claim.service == "s3" else None
        if operation is not None:
            course.operation, course.bucket, course.key = operation.name, operation.bucket, operation.key
            course.prefix = operation.parameters.get("prefix", "")
        signer, key = self._signer(request, claim, course, now)
        payload = payload_of(request, claim, key)
        course.received = len(payload.content)
        if operation is not None:
            self._authorize(signer, operation)
            check_digests(request, payload)
            return self._s3.answer(operation, request, payload.content)
        return self._call(signer, request, claim, course, now)

    def _signer(
        self, request: Request, claim: Claim, course: _Course, now: datetime
    ) -> tuple[StandingKey | Session, bytes]:
        """(who signed, their signing key).  Raises: Fault where nobody we know did."""
        if claim.token is not None:
            session = self._sealer.open(claim.token, key_id=claim.key_id)
            key = check(request, claim, session.secret, now=now)
            course.identity, course.session = f"role/{session.role}", session.name
            session.check_alive(now=now)
            return session, key
        standing = self._keys.get(claim.key_id)
        if standing is None:
            raise Fault("InvalidAccessKeyId", 403, "The access key id is not known.")
        key = check(request, claim, standing.secret, now=now)
        course.identity = standing.duty.value
        return standing, key

    def _authorize(self, signer: StandingKey | Session, operation: Operation) -> None:
        if not operation.needs or not all(self._may(signer, need) for need in operation.needs):
            raise access_denied()

    def _may(self, signer: StandingKey | Session, need: Need) -> bool:
        if isinstance(signer, StandingKey):
            return signer.duty is Duty.LOADER and need.action in _LOADER_ACTIONS
        try:
            role = self._roles.role(signer.role)
        except Fault:
            return False  # a session does not outlive its role
        context = {
            **need.context,
            "aws:userid": f"{role.role_id}:{signer.name}",
            "aws:TokenIssueTime": iso(signer.issued_at),
        }
        question = policy.Question(action=need.action, resource=need.resource, context=context)
        return policy.allows(role.policies.values(), signer.policy, question)

    def _call(
        self, signer: StandingKey | Session, request: Request, claim: Claim, course: _Course, now: datetime
    ) -> Response:
        """STS and IAM. A session may call neither: so it cannot take the role again without its policy."""
        if request.method != "POST" or request.path != "/" or request.query:
            raise access_denied()
        form = form_of(request.body)
        action = form.get("Action", "")
        course.operation = action if action.isascii() and action.isalpha() and len(action) < 64 else "Unknown"
        if isinstance(signer, Session) or _SERVICE_OF[signer.duty] != claim.service:
            raise access_denied()
        if claim.service == "sts":
            course.session = form.get("RoleSessionName", "")[:64]
            return self._sts.answer(form, now=now)
        return self._iam.answer(form, now=now)


def _row(course: _Course, now: datetime, status: int, outcome: str, sent: int) -> Row:
    return Row(
        at=now,
        request_id=course.request_id,
        identity=course.identity,
        session=course.session,
        operation=course.operation,
        bucket=course.bucket,
        key=course.key,
        prefix=course.prefix,
        status=status,
        outcome=outcome,
        sent=sent,
        received=course.received,
    )
