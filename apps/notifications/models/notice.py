"""What people are told. Names of assets are never kept here: they are looked up for the reader, each time."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.models import Account, Person
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.models import BaseModel, HouseQuerySet


class NoticeKind(models.TextChoices):
    """What a notice is about, as people choose how they hear of it."""

    DECISIONS = "decisions", _("Requests that wait for me")
    REQUESTS = "requests", _("What I asked for")
    ACCESS = "access", _("My access")
    RECORDS = "records", _("Assets and records I keep")
    ALARMS = "alarms", _("Alarms")


class MailMode(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    DIGEST = "digest", _("once a day, together")
    NONE = "none", _("not at all")


class NoticeQuerySet(HouseQuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> NoticeQuerySet:
        """One's own, and nobody else's. A service account is told nothing."""
        if actor.is_system:
            return self
        if actor.kind is ActorKind.SERVICE or not standing_of(actor).is_active:
            return self.none()
        return self.filter(person=actor.person_id)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)

    def to_mail(self, mode: MailMode) -> NoticeQuerySet:
        return self.filter(mail=mode, mailed_at__isnull=True)


class Notice(BaseModel):
    """One thing that one person is told.

    `code` names its wording, `facts` holds what the wording needs: refs, words of closed lists and moments,
    never names. `assets` and `who` are ids, shown by name to a reader who may see them.
    """

    event_uid = models.UUIDField()
    event_name = models.CharField(max_length=100)
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=40, help_text=_("The page it leads to."))
    about_uid = models.UUIDField(null=True)
    assets = ArrayField(models.UUIDField(), default=list, blank=True)
    who = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=8, choices=MailMode.choices)
    mailed_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveIntegerField(default=0)
    mail_next_at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        constraints = [
            models.UniqueConstraint(fields=["event_uid", "person"], name="notice_once_a_person"),
        ]
        indexes = [
            models.Index("person", F("id").desc(), name="notice_by_person"),
            models.Index("person", name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(
                "mail_next_at",
                name="notice_to_mail",
                condition=Q(mailed_at__isnull=True) & ~Q(mail="none"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} for {self.person_id}"


class MailLanguage(BaseModel):
    """In which language a person is written to; without a row, in that of the installation."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("language of mail")

    def __str__(self) -> str:
        return f"{self.language} for {self.person_id}"


class MailPreference(BaseModel):
    """How a person wants to be mailed about one kind; without a row, as is usual for the kind."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    mode = models.CharField(max_length=8, choices=MailMode.choices)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail preference")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="mail_preference_once"),
            models.CheckConstraint(condition=~Q(kind="alarms"), name="mail_preference_not_for_alarms"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mode} for {self.person_id}"
