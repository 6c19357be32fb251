"""Requests, their frozen revisions, and what each revision asks for."""

from __future__ import annotations

from functools import cached_property, partial

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from apps.access.lifecycle import CLOSED_REQUEST, RequestState
from apps.access.models.sight import seen_by
from apps.accounts.models import Account, Organization, Person, Project
from apps.accounts.roles import ASKED_BY_ROUTES, Role
from apps.catalog.models import Asset, AssetVersion
from apps.compliance.models import Purpose
from apps.kernel.actor import Actor
from apps.kernel.models import BaseModel, HouseQuerySet


class SubjectKind(models.TextChoices):
    PERSON = "person", _("person")
    SERVICE_ACCOUNT = "service_account", _("service account")
    PROJECT = "project", _("project")


class LabelingPart(models.TextChoices):
    """For which part somebody asks to label."""

    ANNOTATOR = "annotator", _("annotator")
    ADJUDICATOR = "adjudicator", _("adjudicator")
    REVIEWER = "reviewer", _("reviewer")


SUBJECT_IS_ONE = (
    Q(subject_kind="person", service_account__isnull=True, project__isnull=True)
    | Q(subject_kind="service_account", service_account__isnull=False, project__isnull=True)
    | Q(subject_kind="project", service_account__isnull=True, project__isnull=False)
)


class RequestQuerySet(HouseQuerySet["Request"]):
    def visible_to(self, actor: Actor) -> RequestQuerySet:
        """Those who ask or would receive, the owners of the asset, and who watches over the organization.

        Besides, whom a route asks, falls back or escalates to; and administrators, while nobody may decide.
        """
        return seen_by(
            self,
            actor,
            people=("requester", "revision__person"),
            service_account="revision__service_account",
            project="revision__project",
            whole=_of_every_item,
            shown=~Q(state=RequestState.DRAFT),
            asked={role: partial(_asks, role) for role in ASKED_BESIDES},
        )


ASKED_BESIDES = (Role.STEWARD, Role.ADMINISTRATOR, *sorted(ASKED_BY_ROUTES))


def _asks(role: Role) -> Q:
    """Requests in review in which somebody with the role is asked, or has to see to it that somebody is.

    Who holds a role that only routes ask for sees them also after the review.
    """
    slots = Q(decisions__stages__slots__role=role.value)
    slots |= Q(decisions__stages__slots__also_roles__contains=[role.value])
    newest = Revision.objects.filter(pk=OuterRef("pk")).order_by("-decisions__pk").values("decisions__pk")[:1]
    current = Revision.objects.alias(newest=Subquery(newest)).filter(
        slots, decisions__pk=F("newest"), pk=OuterRef("revision")
    )
    asked = Q(Exists(current))
    if role is Role.ADMINISTRATOR:
        asked |= Q(unroutable_since__isnull=False)
    return asked if role in ASKED_BY_ROUTES else asked & Q(state=RequestState.IN_REVIEW)


def _of_every_item(condition: Q) -> Q:
    items = RevisionItem.objects.filter(revision=OuterRef("revision"))
    return Q(Exists(items)) & ~Q(Exists(items.exclude(condition)))


class Request(BaseModel):
    """Somebody asks for access. What is asked lies in revisions; `revision` is the current one."""

    number = models.PositiveIntegerField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    requester = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=20,
        choices=[(state.value, state.value) for state in RequestState],
        default=RequestState.DRAFT.value,
    )
    revision = models.ForeignKey("access.Revision", on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    risk = models.PositiveSmallIntegerField(default=0)
    """Of the newest evaluation; only the order in which work is shown rests on it."""
    due_at = models.DateTimeField(null=True)
    """When those who decide should have answered."""
    extends = models.ForeignKey(
        "access.Grant", on_delete=models.PROTECT, null=True, related_name="extensions"
    )
    """The grant that this asks to carry on. That grant keeps its own clock, whatever becomes of this."""
    unroutable_since = models.DateTimeField(null=True)
    """Since when fewer people than needed may decide; null where they are enough."""

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="request_number_once"),
            models.CheckConstraint(
                condition=~Q(state="in_review") | Q(due_at__isnull=False), name="request_in_review_is_due"
            ),
            models.UniqueConstraint(
                fields=["extends"],
                condition=~Q(state__in=sorted(CLOSED_REQUEST)),
                name="request_one_open_extension",
            ),
        ]
        indexes = [
            models.Index("organization", "state", F("id").desc(), name="request_by_state"),
            models.Index("requester", F("id").desc(), name="request_by_requester"),
            models.Index(
                "organization",
                "unroutable_since",
                name="request_unroutable",
                condition=Q(unroutable_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def revision_key(self) -> int:
        """The id of the current revision; a request has one from its first moment on."""
        return self.revision_id or 0

    @property
    def is_unroutable(self) -> bool:
        """Whether it waits, and fewer people than needed may decide it."""
        return self.state == RequestState.IN_REVIEW and self.unroutable_since is not None

    @property
    def ref(self) -> str:
        return f"AR-{self.number:05d}"


class Revision(BaseModel):
    """The content of a request. Frozen by its hash when it is sent; the database refuses to change it then.

    `person` is the subject, the accountable owner of the service account that is the subject, or the lead of
    the project that is.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    subject_kind = models.CharField(max_length=16, choices=SubjectKind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    service_account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    actions = ArrayField(models.CharField(max_length=10))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place_of_processing = models.CharField(max_length=2, blank=True)
    ticket = models.CharField(max_length=100, blank=True)
    labeling_part = models.CharField(max_length=12, choices=LabelingPart.choices, blank=True)
    """Of one that asks to label. Those from before it was asked have none, and count as annotators."""
    justification = models.TextField(blank=True)
    mode = models.CharField(max_length=10)
    attachments = models.ManyToManyField("access.Attachment", related_name="revisions")
    edited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(null=True)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="revision_ends_after_start"),
            models.CheckConstraint(
                condition=(Q(frozen_at__isnull=True) & Q(sha256=""))
                | (Q(frozen_at__isnull=False) & ~Q(sha256="")),
                name="revision_frozen_by_hash",
            ),
            models.CheckConstraint(
                condition=Q(labeling_part="") | Q(actions__contains=["label"]),
                name="revision_part_of_labeling",
            ),
            models.CheckConstraint(
                condition=SUBJECT_IS_ONE,
                name="revision_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}.{self.number}"

    @cached_property
    def asked(self) -> list[RevisionItem]:
        """What it asks for, with assets and versions, read once: a command looks at it several times."""
        return list(self.items.select_related("asset", "version").order_by("pk"))


class RevisionItem(models.Model):
    """One asset of a revision, in the version that was looked at. No columns named means all of them."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="items")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")
    columns = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "asset"], name="revision_asset_once")]

    def __str__(self) -> str:
        return f"{self.asset_id} in {self.revision_id}"
