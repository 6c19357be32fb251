"""Every page of the console, as it stands in a house with one open request and one grant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from apps.access.commands import (
    AgreementTarget,
    ask_requester,
    comment_request,
    publish_agreement,
    recall_grant,
)
from apps.access.models import (
    Agreement,
    BreakGlass,
    Condition,
    Grant,
    PolicyReplay,
    PolicySet,
    Recall,
    Request,
    Slot,
    TicketSystem,
)
from apps.accounts.commands import declare_conflict
from apps.accounts.models import ConflictKind, Project, Team
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import AssetKind
from apps.catalog.models.version import InputRole
from apps.classification.commands import Handling, propose_handling
from apps.classification.models import LadderChange, SensitivityClass
from apps.compliance.commands import submit_activity, submit_purpose, submit_record, take_step
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import (
    Duty,
    LegalRecord,
    ModelAssessment,
    Occurrence,
    ProcessingActivity,
    Purpose,
    RegisterImport,
)
from apps.credentials.models import Lease
from apps.kernel.actor import SYSTEM
from apps.labeling.models import Annotator, LabelImport, LabelSet, ModelRelease, Pilot
from apps.lakes.models import Lake
from apps.notifications.models import Webhook
from apps.preparing.models import PreparedView
from apps.reviews.models import Campaign
from tests.console.labels_shown import poor_labels, released_once
from tests.factories import (
    accounts,
    catalog,
    compliance,
    labels,
    occurrences,
    reviews,
    roster,
    tickets,
    views,
)
from tests.factories.access import AccessWorld, asked, bound, broken, draft, granted
from tests.factories.accounts import team
from tests.factories.lakes import connection
from tests.factories.notifications import delivery, notice, webhook
from tests.factories.policies import drafted_policy, policy_in_review
from tests.factories.reviews import used
from tests.factories.touches import denied, noted, touch


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The scientist asked for `personal`, which waits for an owner, and holds a grant on `harmless`, by which
    a key was taken and used.

    Who is on call used emergency access to `harmless`. The owner asked something about the request, and wrote
    to the others who decide. An agreement stands on what is restricted. The first officer wrote a purpose, an
    activity and rules that wait for the review of another one, and a draft of rules.
    A token of the platform of the scientist's program was refused.
    The scientist is the one member of `team`, and leads `project`. One steward stands in for another, and
    somebody has declared a conflict about the asset.
    The open campaign asks about the grant; another is `drafted`. The first officer proposed that the highest
    class demand less. The labels of another dataset were good at first, and are blocked since they came anew.
    """

    world: AccessWorld
    request: Request
    grant: Grant
    condition: Condition
    glass: BreakGlass
    team: Team
    waiting: Purpose
    waiting_activity: ProcessingActivity
    lake: Lake
    agreement: Agreement
    project: Project
    policy_set: PolicySet
    policy_draft: PolicySet
    campaign: Campaign
    drafted: Campaign
    webhook: Webhook
    weighed: LegalRecord
    weighing: LegalRecord
    breach: LegalRecord
    assessment: LegalRecord
    ticket_system: TicketSystem
    brought: RegisterImport
    occurrence_draft: Occurrence
    occurrence: Occurrence
    recall: Recall
    ladder_change: LadderChange
    view: PreparedView
    label_import: LabelImport
    annotator: Annotator
    pilot: Pilot
    label_set: LabelSet
    released: ModelRelease

    @property
    def duty(self) -> Duty:
        """Of a compliance officer."""
        return Duty.objects.filter(occurrence=self.occurrence).earliest("pk")

    @property
    def first_labels(self) -> LabelSet:
        """Those that were good."""
        return LabelSet.objects.get(version=self.label_set.version, number=1)

    @property
    def model_assessment(self) -> ModelAssessment:
        return ModelAssessment.objects.filter(occurrence=self.occurrence).earliest("pk")

    @property
    def replay(self) -> PolicyReplay:
        return PolicyReplay.objects.get(policy_set=self.policy_set)

    @property
    def entry(self) -> UUID:
        """The newest of the organization's trail."""
        uid: UUID = AuditEvent.objects.filter(organization_id=self.world.organization.pk).latest("pk").uid
        return uid

    @property
    def slot(self) -> Slot:
        """The verdict that the request waits for."""
        waiting = Slot.objects.filter(stage__decision__revision=self.request.revision, verdict=None)
        return waiting.earliest("pk")

    @property
    def highest(self) -> SensitivityClass:
        return SensitivityClass.objects.latest("rank")

    @property
    def asked_log(self) -> str:
        """Which dataset, and between which days."""
        asked = {"asset": self.world.harmless.asset.name, "since": "2026-01-01", "until": "2026-12-31"}
        return urlencode(asked)

    @property
    def purpose(self) -> Purpose:
        return self.world.purposes["pay"]

    @property
    def activity(self) -> ProcessingActivity:
        return ProcessingActivity.objects.get(
            versions__purposes=self.purpose, versions__record_status="approved"
        )

    def pages(self) -> dict[str, str]:
        asset = self.world.personal.asset.uid
        weighings = "/records/legitimate-interests/"
        purposes, activities = "/records/purposes/", "/records/processing-activities/"
        return {
            "home": "/",
            "roster": f"/labeling/{self.annotator.policy.uid}/roster/",
            "annotator": f"/annotators/{self.annotator.uid}/",
            "pilots": f"/labeling/{self.pilot.policy.legal_record.uid}/pilots/",
            "occurrences": "/occurrences/",
            "new occurrence": "/occurrences/new/",
            "occurrence in draft": f"/occurrences/{self.occurrence_draft.uid}/",
            "occurrence": f"/occurrences/{self.occurrence.uid}/",
            "vocabulary": "/vocabulary/",
            "vocabulary of purposes": "/vocabulary/purposes/",
            "vocabulary of rights": "/vocabulary/rights/",
            "duties": "/duties/",
            "duties of all": "/duties/?all=1",
            "duty": f"/duties/{self.duty.uid}/",
            "model assessment": f"/model-assessments/{self.model_assessment.uid}/",
            "recall": f"/recalls/{self.recall.uid}/",
            "rows left out": f"/rows/{self.occurrence.affected.earliest('pk').version.uid}/",
            "catalog": "/catalog/",
            "catalog, filtered": "/catalog/?q=a&kind=dataset&class=open&state=published&mine=1",
            "asset": f"/catalog/{asset}/",
            "draft asset": f"/catalog/{self.world.draft.uid}/",
            "asset grants": f"/catalog/{asset}/access/?all=1",
            "lineage": f"/catalog/{asset}/lineage/",
            "provenance": f"/catalog/{asset}/provenance/",
            "asset with purpose": f"/catalog/{asset}/?purpose={self.world.purposes['pay'].uid}",
            "ask": f"/catalog/{asset}/request/",
            "register asset": "/register/",
            "edit asset": f"/catalog/{asset}/edit/",
            "publish asset": f"/catalog/{self.world.draft.uid}/publish/",
            "retire asset": f"/catalog/{asset}/retire/",
            "register version": f"/catalog/{asset}/versions/new/",
            "register location": f"/catalog/{asset}/locations/new/",
            "label sets": "/label-sets/",
            "label sets, filtered": f"/label-sets/?verdict=blocked&asset={self.label_set.version.asset.uid}",
            "items of a version": f"/versions/{self.label_set.version.uid}/items/",
            "asset of labels": f"/catalog/{self.label_set.asset_version.asset.uid}/",
            "label set": f"/label-sets/{self.label_set.uid}/",
            "label sets, compared": f"/label-sets/{self.first_labels.uid}/against/{self.label_set.uid}/",
            "classification": "/classify/",
            "classify": f"/classify/{self.world.personal.version.uid}/",
            "requests": "/requests/",
            "request": f"/requests/{self.request.uid}/",
            "evidence": f"/requests/{self.request.uid}/evidence/",
            "amend": f"/requests/{self.request.uid}/change/",
            "agreements": "/agreements/",
            "new agreement": "/agreements/new/",
            "agreement": f"/agreements/{self.agreement.uid}/",
            "next agreement": f"/agreements/{self.agreement.uid}/next/",
            "inbox": "/inbox/",
            "decide": f"/inbox/{self.request.uid}/",
            "step back": f"/inbox/{self.request.uid}/step-back/",
            "hand a seat over": f"/inbox/{self.request.uid}/hand-over/{self.slot.uid}/",
            "grants": "/my-access/",
            "grant": f"/my-access/{self.grant.uid}/",
            "use of a grant": f"/my-access/{self.grant.uid}/use/",
            "condition": f"/conditions/{self.condition.uid}/",
            "break glass": f"/catalog/{asset}/break-glass/",
            "emergencies": "/break-glass/",
            "emergency": f"/break-glass/{self.glass.uid}/",
            "reviews": "/reviews/",
            "campaigns": "/campaigns/",
            "new campaign": "/campaigns/new/",
            "campaign": f"/campaigns/{self.campaign.uid}/?state=open",
            "campaign in draft": f"/campaigns/{self.drafted.uid}/",
            "change campaign": f"/campaigns/{self.drafted.uid}/change/",
            "overview": "/overview/",
            "people": "/people/",
            "people, filtered": "/people/?q=a&role=scientist&status=active",
            "register person": "/people/new/",
            "person": f"/people/{self.world.players['scientist'].person.uid}/",
            "off-board": f"/people/{self.world.players['scientist'].person.uid}/off-board/",
            "without a keeper": "/people/without-a-keeper/",
            "service accounts": "/service-accounts/",
            "service account": f"/service-accounts/{self.world.robot.uid}/",
            "hand over": f"/service-accounts/{self.world.robot.uid}/hand-over/",
            "projects": "/projects/",
            "project": f"/projects/{self.project.uid}/",
            "new project": "/projects/new/",
            "organization": "/organization/",
            "out of office": "/settings/out-of-office/",
            "conflicts": "/settings/conflicts/",
            "teams": "/teams/",
            "team": f"/teams/{self.team.uid}/",
            "domains": "/domains/",
            "new domain": "/domains/new/",
            "domain": f"/domains/{self.world.domain.uid}/",
            "permissions": f"/catalog/{asset}/permissions/",
            "tokens": "/settings/tokens/",
            "settings": "/settings/",
            "password": "/settings/password/",
            "notices": "/notifications/",
            "notification settings": "/settings/notifications/",
            "ticket systems": "/ticket-systems/",
            "new ticket system": "/ticket-systems/new/",
            "ticket system": f"/ticket-systems/{self.ticket_system.uid}/",
            "webhooks": "/webhooks/",
            "new webhook": "/webhooks/new/",
            "webhook": f"/webhooks/{self.webhook.uid}/",
            "change webhook": f"/webhooks/{self.webhook.uid}/change/",
            "purposes": purposes,
            "purposes, filtered": f"{purposes}?q=a&state=active&mine=1",
            "purpose": f"{purposes}{self.purpose.uid}/",
            "purpose, compared": f"{purposes}{self.purpose.uid}/changes/",
            "purpose in review": f"{purposes}{self.waiting.uid}/review/",
            "new purpose": f"{purposes}new/",
            "edit purpose": f"{purposes}{self.purpose.uid}/edit/",
            "activities": activities,
            "activity": f"{activities}{self.activity.uid}/",
            "activity, compared": f"{activities}{self.activity.uid}/changes/",
            "activity in review": f"{activities}{self.waiting_activity.uid}/review/",
            "new activity": f"{activities}new/",
            "edit activity": f"{activities}{self.activity.uid}/edit/",
            "register": "/records/",
            "export of the register": "/records/export/",
            "imports of registers": "/records/import/",
            "import of a register": f"/records/import/{self.brought.uid}/",
            "records of a kind": weighings,
            "record": f"{weighings}{self.weighed.uid}/",
            "record, compared": f"{weighings}{self.weighed.uid}/changes/",
            "record in review": f"{weighings}{self.weighing.uid}/review/",
            "new record": f"{weighings}new/",
            "edit record": f"{weighings}{self.weighed.uid}/edit/",
            "new record that names others": "/records/compatibility/new/",
            "longest record": "/records/impact-assessments/new/",
            "breaches": "/records/breaches/",
            "breach": f"/records/breaches/{self.breach.uid}/",
            "deadlines": "/deadlines/?days=365",
            "regulator": "/regulator/",
            "designation of the DPO": "/regulator/answers/designation/",
            "training": "/regulator/answers/training/",
            "deletions": "/regulator/answers/deletions/",
            "access log": "/regulator/access-log/",
            "access log of a dataset": f"/regulator/access-log/?{self.asked_log}",
            "transfer map": "/transfers/",
            "assessment": f"/records/impact-assessments/{self.assessment.uid}/",
            "assessment as a document": f"/records/impact-assessments/{self.assessment.uid}/document/",
            "bring labels": f"/versions/{self.label_import.version.uid}/labels/",
            "label import": f"/label-imports/{self.label_import.uid}/",
            "prepared views": f"/catalog/{self.view.source.asset.uid}/views/",
            "prepared view": f"/views/{self.view.uid}/",
            "release": f"/versions/{self.released.version.uid}/release/",
            "release that is not possible": f"/versions/{self.model_assessment.version.uid}/release/",
            "prepare view": f"/versions/{self.view.source.uid}/view/",
            "lakes": "/lakes/",
            "lake": f"/lakes/{self.lake.uid}/",
            "halt lake": f"/lakes/{self.lake.uid}/halt/",
            "overdue revocations": "/lakes/overdue/",
            "new lake": "/lakes/new/",
            "change lake": f"/lakes/{self.lake.uid}/change/",
            "rulebook": "/rulebook/",
            "coverage": "/rulebook/coverage/",
            "classes": "/rulebook/classes/",
            "new class": "/rulebook/classes/new/",
            "class": f"/rulebook/classes/{self.highest.uid}/",
            "ladder change": f"/rulebook/classes/changes/{self.ladder_change.uid}/",
            "what it did": "/rulebook/did/?days=30",
            "new policy set": "/rulebook/new/",
            "policy set": f"/rulebook/{self.policy_set.uid}/",
            "policy set, changes": f"/rulebook/{self.policy_set.uid}/changes/",
            "policy set, publish": f"/rulebook/{self.policy_set.uid}/publish/",
            "policy set, replay": f"/rulebook/{self.policy_set.uid}/replay/{self.replay.uid}/",
            "policy draft": f"/rulebook/{self.policy_draft.uid}/edit/",
            "trail": "/trail/",
            "trail, filtered": f"/trail/?who=a&outcome=done&from=2020-01-01&to=2099-01-01&about={asset}",
            "entry": f"/trail/{self.entry}/",
            "design": "/design/",
        }


def spent(grant: Grant) -> Lease:
    """A key that has ended. It was used, asked for another place, and not all of the log was understood."""
    lease = used(grant)
    touches = [touch(lease, f"ds/a/{year}/part.csv", size=4_000_000) for year in (2025, 2026)]
    noted(lease, *touches, denied(lease), unreadable=1)
    Lease.objects.filter(pk=lease.pk).update(state="expired", ended_at=lease.expires_at)
    return lease


def webhook_told(world: AccessWorld) -> Webhook:
    """With a message to it; everybody has been told something, too."""
    for player in world.players.values():
        notice(player.account)
    made = webhook(world.organization, name="Tickets")
    delivery(made)
    return made


def unlawful(world: AccessWorld) -> Occurrence:
    """Data that nobody asks for must not have been collected, and a model learned from them."""
    data = catalog.published_asset(world.domain).versions.get()
    model = catalog.asset(world.domain, AssetKind.MODEL)
    occurrences.made_from(model, data, role=InputRole.TRAINING)
    return occurrences.in_effect(world.organization, Happening.UNLAWFUL_COLLECTION, data)


def laxer(world: AccessWorld) -> LadderChange:
    """What the first officer wants of the highest class: it waits for another. The ladder is everybody's, so
    that it may wait already."""
    held = SensitivityClass.objects.latest("rank")
    waiting = LadderChange.objects.proposed().filter(sensitivity_class=held).first()
    if waiting is not None:
        return waiting
    handling = replace(Handling.of(held), max_grant_days=None)
    made: LadderChange = propose_handling(
        actor=world["officer"], sensitivity_class_id=held.uid, handling=handling
    )
    return made


def scene(world: AccessWorld, **given: object) -> Scene:
    pay, personal, writer = world.purposes["pay"], world.personal, world["officer"]
    request = asked(world["scientist"], draft(personal, pay, **given))
    waiting = compliance.drafted_purpose(world.organization, writer)
    submit_purpose(actor=writer, purpose_id=waiting.uid)
    activity = compliance.drafted_activity(pay, personal.asset, writer=writer)
    submit_activity(actor=writer, processing_activity_id=activity.uid)
    weighing = compliance.drafted_record(
        world.organization, "legitimate-interests", compliance.interests_content(), writer
    )
    submit_record(actor=writer, legal_record_id=weighing.uid)
    breach = compliance.approved_record(
        world.organization, "breaches", compliance.breach_content(), world["second_officer"], writer
    )
    take_step(actor=writer, legal_record_id=breach.uid, step="confirm")
    assessment = compliance.assessed(world.organization, world["second_officer"], writer, personal.asset)
    ask_requester(actor=world["owner"], request_id=request.uid, text="For which year?")
    comment_request(actor=world["owner"], request_id=request.uid, text="As last year.", audience="deciders")
    agreement = publish_agreement(
        actor=writer,
        code="clinic",
        title="Use of data on patients",
        text="No onward sharing.",
        target=AgreementTarget(asset_id=world.restricted.asset.uid),
    )
    stewards = [accounts.player(world.organization, Role.STEWARD) for _ in range(2)]
    accounts.delegation(*stewards, roles=[Role.STEWARD])
    declare_conflict(
        actor=stewards[0].actor,
        person_id=stewards[0].person.uid,
        kind=ConflictKind.ASSET,
        target_id=personal.asset.uid,
    )
    grant = granted(world)
    accounts.refused_workload(world.robot)
    spent(grant)
    occurrence = unlawful(world)
    recall = recall_grant(actor=SYSTEM, grant_id=grant.uid, occurrence_id=occurrence.uid)
    return Scene(
        occurrence=occurrence,
        occurrence_draft=occurrences.drafted(
            world.organization, Happening.CLASS_RAISED, world.restricted.version
        ),
        recall=recall,
        ladder_change=laxer(world),
        annotator=roster.entered(
            tried := roster.policy_about(labels.labeled_version(world.domain, stage="draft"))
        ),
        pilot=labels.pilot_measured(tried),
        label_set=(poor := poor_labels(world)),
        released=released_once(world, poor),
        view=views.asked_for(views.lying(world.domain), world["steward"]),
        label_import=labels.refused_file(labels.labeled_version(world.domain)),
        world=world,
        request=request,
        grant=grant,
        condition=bound(grant),
        glass=broken(world),
        campaign=reviews.opened(writer, world.organization),
        drafted=reviews.drafted(writer, world.organization, name="Autumn review"),
        waiting=waiting,
        waiting_activity=activity,
        team=team(world.organization, world.players["scientist"].account),
        lake=connection(world.organization),
        agreement=agreement,
        project=accounts.project(world, world.players["scientist"].person),
        policy_set=policy_in_review(writer),
        policy_draft=drafted_policy(writer),
        webhook=webhook_told(world),
        weighed=LegalRecord.objects.get(organization=world.organization, ref="LIA-0001"),
        weighing=weighing,
        breach=breach,
        assessment=assessment,
        ticket_system=tickets.system(world.organization, name="JIRA"),
        brought=compliance.brought_register(world.organization, writer),
    )
