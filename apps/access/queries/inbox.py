"""What waits for somebody, as work: how risky each request is and why, and by when it should be answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.access.lifecycle import RequestState
from apps.access.models import Decision, Grant, Recusal, Request, RevisionItem, Slot, Stage, Verdict
from apps.access.models.route import ADVISING_ROLE
from apps.access.queries.requests import RELATED
from apps.access.queries.roles import DATA_OWNER, ROLE_OF_STAGE
from apps.accounts.authorization import Ties, standing_of
from apps.accounts.models import ConflictKind, Project, ProjectMember
from apps.accounts.roles import ObjectPermission
from apps.catalog.models import Asset
from apps.kernel.actor import Actor, ActorKind
from apps.policy.decision import Effect, Status
from apps.policy.facts import RequestFacts
from apps.policy.risk import WEIGHT, Risk, risks_of, weight_of
from apps.policy.snapshot import sha256_of

RISKIEST_FIRST = ("-risk", "due_at")
LOW_RISK = WEIGHT[Risk.PERSONAL]
"""At most this weight: about people, and nothing else that deserves a second look."""
PARTIES = ("requester", "revision__person", "revision__edited_by")


def inbox_of(actor: Actor) -> QuerySet[Request]:
    """Requests whose open stage waits for somebody like the actor. One statement; `detail_of` agrees.

    Whoever could fill a slot sees the request by the same role or permission, so sight is not asked again.
    """
    if actor.person_id is None or actor.kind is not ActorKind.PERSON or not standing_of(actor).is_active:
        return Request.objects.none()
    ties = standing_of(actor).ties
    recused = Recusal.objects.filter(person__in=ties.faces, request=OuterRef("pk"))
    barred = projects_where(lambda path: Q(**{f"{path}__in": ties.barred}))
    party = Q(revision__project__in=barred)
    for path in PARTIES:
        party |= Q(**{f"{path}__in": ties.barred})
    waiting = _stages_open_to(ties).filter(Exists(_free_slots(actor, ties)))
    found = (
        Request.objects.select_related(*RELATED)
        .filter(state=RequestState.IN_REVIEW)
        .exclude(party)
        .filter(~Exists(recused), Exists(waiting))
    )
    return found.filter(~_in_conflict(ties)) if ties.conflicts else found


def without_blocked(requests: QuerySet[Request]) -> QuerySet[Request]:
    """Those that can be approved: none of them waits for a record that is missing."""
    return requests.filter(~Exists(_blocking()))


def only_blocked(requests: QuerySet[Request]) -> QuerySet[Request]:
    """Those that wait for a record, not for a verdict: they may be returned or rejected, not approved."""
    return requests.filter(Exists(_blocking()))


def _blocking() -> QuerySet[Decision]:
    """The newest evaluation of the request around, where it says that a record is missing."""
    newer = Decision.objects.filter(revision=OuterRef("revision"), pk__gt=OuterRef("pk"))
    return Decision.objects.filter(revision=OuterRef("revision"), effect=Effect.BLOCK).filter(~Exists(newer))


def projects_where(holds: Callable[[str], Q]) -> QuerySet[Project]:
    """Projects of which the condition holds for the lead, a member, or who is to be one."""
    belongs = ProjectMember.objects.filter(holds("person")).not_over()
    return Project.objects.filter(holds("lead") | Q(pk__in=belongs.values("project")))


def _stages_open_to(ties: Ties) -> QuerySet[Stage]:
    """Open stages of the request around, where nobody tied to the person has given a verdict yet."""
    earlier = Stage.objects.filter(decision=OuterRef("decision"), closed_at__isnull=True)
    current = Stage.objects.filter(closed_at__isnull=True, decision__revision=OuterRef("revision")).filter(
        ~Exists(
            Decision.objects.filter(revision=OuterRef("decision__revision"), pk__gt=OuterRef("decision"))
        ),
        ~Exists(earlier.filter(position__lt=OuterRef("position"))),
    )
    filled = Q(person__in=ties.linked) | Q(on_behalf_of__in=ties.linked)
    given = Verdict.objects.filter(filled, decision=OuterRef("decision"))
    revision = "decision__revision"

    def manages(path: str) -> Q:
        return Q(**{f"{path}__manager__in": ties.faces})

    managed = Q(**{f"{revision}__project__in": projects_where(manages)})
    for party in (f"{revision}__request__requester", f"{revision}__person", f"{revision}__edited_by"):
        # Said twice, so that a negated "unknown manager" is a no.
        managed |= manages(party) & Q(**{f"{party}__manager__isnull": False})
    return current.filter(~Exists(given)).exclude(Q(is_independent=True) & managed)


def _in_conflict(ties: Ties) -> Q:
    """Requests about something that the person, or one they act for, declared a conflict of interest with."""

    def targets(kind: ConflictKind) -> frozenset[UUID]:
        return ties.conflicts.get(kind, frozenset())

    items = RevisionItem.objects.filter(revision=OuterRef("revision"))
    found = Q(
        Exists(
            items.filter(
                Q(asset__uid__in=targets(ConflictKind.ASSET))
                | Q(asset__domain__uid__in=targets(ConflictKind.DOMAIN))
                | Q(asset__organization__uid__in=targets(ConflictKind.ORGANIZATION))
            )
        )
    )

    def is_target(path: str) -> Q:
        person = Q(**{f"{path}__uid__in": targets(ConflictKind.PERSON)})
        return person | Q(**{f"{path}__in": ties.teammates})

    found |= Q(revision__project__uid__in=targets(ConflictKind.PROJECT))
    found |= Q(revision__project__in=projects_where(is_target))
    for party in PARTIES:
        found |= is_target(party)
    return found


def _free_slots(actor: Actor, ties: Ties) -> QuerySet[Slot]:
    """Slots of the stage around, of the request around that, which the actor could fill by what they hold."""
    items = RevisionItem.objects.filter(revision=OuterRef(OuterRef(OuterRef("revision"))))
    not_owned = items.exclude(asset__in=Asset.objects.where_may(actor, ObjectPermission.OWN).values("pk"))
    may_fill = _asks({DATA_OWNER}) & ~Q(Exists(not_owned))
    for places, words in _words_by_places(actor).items():
        whole = [organization for organization, domain in places if domain is None]
        domains = [domain for _, domain in places if domain is not None]
        outside = items.exclude(Q(asset__organization__in=whole) | Q(asset__domain__in=domains))
        may_fill |= _asks(words) & ~Q(Exists(outside))
    to_me = Q(assignee__isnull=True) | Q(assignee__in=ties.faces)
    return Slot.objects.filter(may_fill, to_me, stage=OuterRef("pk"), verdict__isnull=True)


def _asks(words: Collection[str]) -> Q:
    """Slots for one of these roles; whom only advice is asked of fills none but those of an opinion."""
    deciding = [word for word in words if word != ADVISING_ROLE]
    asks = Q(role__in=deciding) | Q(also_roles__overlap=deciding) if deciding else Q(pk__in=[])
    if ADVISING_ROLE in words:
        advises = Q(role=ADVISING_ROLE) | Q(also_roles__contains=[ADVISING_ROLE])
        asks |= advises & Q(stage__is_opinion=True)
    return asks


def _words_by_places(actor: Actor) -> dict[frozenset[tuple[int, int | None]], set[str]]:
    """Roles that are held in the very same places, so that the places are looked at once."""
    found: dict[frozenset[tuple[int, int | None]], set[str]] = defaultdict(set)
    for word, role in ROLE_OF_STAGE.items():
        held = [each for each in standing_of(actor).roles if each.role is role]
        if held:
            found[frozenset((each.organization_id, each.domain_id) for each in held)].add(word)
    return found


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """`is_first`: the person never had access to one of the assets. `is_late`: the deadline is over.

    `decision_id` is the evaluation that is shown. Rows with the same `alike` are of low risk and rest on the
    same rules for the same purpose, so that they may be approved together; it is empty for all others.
    """

    request: Request
    decision_id: UUID
    risks: tuple[Risk, ...]
    is_first: bool
    is_late: bool
    alike: str

    @property
    def revision_sha256(self) -> str:
        return self.request.revision.sha256 if self.request.revision else ""


def waiting_of(requests: Sequence[Request], *, at: datetime) -> list[Waiting]:
    """Rows of `inbox_of` with their items at hand. Two queries, however many requests."""
    revisions = [request.revision_id for request in requests]
    newest = Decision.objects.filter(revision__in=revisions).order_by("revision", "-pk").distinct("revision")
    decisions = {row.revision_id: row for row in newest}
    people = {request.revision.person_id for request in requests if request.revision}
    known = set(Grant.objects.filter(person__in=people).values_list("person", "asset").distinct())
    found = []
    for request in requests:
        decision = decisions[request.revision_key]
        risks = risks_of(RequestFacts.from_json(decision.facts))
        found.append(
            Waiting(
                request=request,
                decision_id=decision.uid,
                risks=risks,
                is_first=_is_first(request, known),
                is_late=request.due_at is not None and request.due_at < at,
                alike=_alike(request, decision) if weight_of(risks) <= LOW_RISK else "",
            )
        )
    return found


def _alike(request: Request, decision: Decision) -> str:
    """A key of the rulebook, of the rules that matched, of the route and of the purpose."""
    if request.revision is None or decision.effect != Effect.REFER:
        return ""
    trace = decision.trace
    rules = [each["rule"] for each in trace["findings"] if each["status"] == Status.MATCHED]
    stages = [each["name"] for each in trace["stages"]]
    key = [trace["rulebook_sha256"], rules, stages, request.revision.purpose_id]
    return sha256_of(key)


def _is_first(request: Request, known: set[tuple[int, int]]) -> bool:
    revision = request.revision
    return revision is not None and any(
        (revision.person_id, item.asset_id) not in known for item in revision.items.all()
    )
