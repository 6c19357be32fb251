"""Data-use agreements: who keeps them, where they stand, and that nobody goes on without having accepted."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from apps.access import errors
from apps.access.commands import (
    AgreementTarget,
    accept_agreement,
    ask_for_access,
    publish_agreement,
    retire_agreement,
)
from apps.access.facts import Item
from apps.access.models import Agreement, AgreementAcceptance
from apps.access.queries import agreements_needed, agreements_visible_to, missing_agreements
from apps.accounts.authorization import NOT_PERMITTED
from apps.audit.models import AuditEvent
from apps.classification.models import SensitivityClass
from apps.credentials.commands import reserve_lease
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import (
    InvalidInput,
    InvalidState,
    NotFound,
    NotPermitted,
    RuleBroken,
    StaleVersion,
)
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, Thing, asked, draft, granted


def on_asset(thing: Thing) -> AgreementTarget:
    return AgreementTarget(asset_id=thing.asset.uid)


def published(
    world: AccessWorld, target: AgreementTarget, *, who: str = "officer", code: str = "dua"
) -> Agreement:
    made: Agreement = publish_agreement(
        actor=world[who], code=code, title="Data-use agreement", text="No onward sharing.", target=target
    )
    return made


def accept(world: AccessWorld, agreement: Agreement, who: str = "scientist") -> None:
    accept_agreement(actor=world[who], agreement_id=agreement.uid, sha256=agreement.sha256)


def needed(world: AccessWorld, thing: Thing) -> dict[Agreement, bool]:
    items = [Item(asset=thing.asset, version=thing.version)]
    person = world.players["scientist"].person
    return {need.agreement: need.is_accepted for need in agreements_needed(items, person.pk)}


def test_a_request_is_not_sent_before_its_subject_has_accepted(world: AccessWorld) -> None:
    agreement = published(world, on_asset(world.harmless))
    wanted = draft(world.harmless, world.purposes["rock"])
    with refused(RuleBroken, errors.AGREEMENT_NOT_ACCEPTED, field="agreements"):
        ask_for_access(actor=world["scientist"], draft=wanted)
    accept(world, agreement, "colleague")
    with refused(RuleBroken, errors.AGREEMENT_NOT_ACCEPTED):
        ask_for_access(actor=world["scientist"], draft=wanted)
    accept(world, agreement)
    asked(world["scientist"], wanted)
    told = AuditEvent.objects.filter(name="access.agreement.accepted").latest("pk")
    assert told.data["sha256"] == agreement.sha256
    assert told.data["person_id"] == str(world.players["scientist"].person.uid)


def test_who_has_not_accepted_is_named(world: AccessWorld) -> None:
    published(world, on_asset(world.harmless))
    grantless = draft(world.harmless, world.purposes["rock"], service_account_id=world.robot.uid)
    with pytest.raises(RuleBroken) as caught:
        ask_for_access(actor=world["scientist"], draft=grantless)
    assert caught.value.reasons[0].facts["people"] == (world.players["scientist"].person.name,)


def test_an_agreement_stands_on_an_asset_a_domain_or_a_class_and_above(world: AccessWorld) -> None:
    confidential = SensitivityClass.objects.get(code="confidential")
    asset = published(world, on_asset(world.personal), code="one-asset")
    domain = published(world, AgreementTarget(domain_id=world.domain.uid), code="one-domain")
    step = published(world, AgreementTarget(sensitivity_class_id=confidential.uid), code="one-class")
    assert needed(world, world.harmless).keys() == {domain}
    assert needed(world, world.personal).keys() == {asset, domain, step}
    assert needed(world, world.restricted).keys() == {domain, step}
    retire_agreement(actor=world["officer"], agreement_id=domain.uid)
    assert needed(world, world.harmless) == {}


def test_a_new_version_is_accepted_anew(world: AccessWorld) -> None:
    first = published(world, on_asset(world.harmless))
    accept(world, first)
    grant = granted(world)
    second = publish_agreement(
        actor=world["officer"],
        code="dua",
        title="Data-use agreement",
        text="No onward sharing, and no joining.",
        target=on_asset(world.harmless),
    )
    assert (second.version, Agreement.objects.get(pk=first.pk).retired_at is None) == (2, False)
    person = world.players["scientist"].person
    assert [reason.code for reason in missing_agreements(grant, person)] == [errors.AGREEMENT_NOT_ACCEPTED]
    with refused(InvalidState, errors.AGREEMENT_NOT_ACCEPTED):
        reserve_lease(actor=world["scientist"], grant_id=grant.uid, idempotency_key="")
    with refused(InvalidState, errors.AGREEMENT_RETIRED):
        accept(world, first)
    accept(world, second)
    assert missing_agreements(grant, person) == ()


def test_what_is_accepted_is_the_text_that_was_read(world: AccessWorld) -> None:
    agreement = published(world, on_asset(world.harmless))
    with refused(StaleVersion, errors.AGREEMENT_READ_OTHER):
        accept_agreement(actor=world["scientist"], agreement_id=agreement.uid, sha256="0" * 64)
    accept(world, agreement)
    accept(world, agreement)
    assert AgreementAcceptance.objects.filter(agreement=agreement).count() == 1
    assert AuditEvent.objects.filter(name="access.agreement.accepted").count() == 1


def test_officers_and_owners_keep_agreements_and_nobody_else(world: AccessWorld) -> None:
    with refused(NotPermitted, NOT_PERMITTED):
        published(world, on_asset(world.harmless), who="scientist")
    with refused(NotPermitted, NOT_PERMITTED):
        top = SensitivityClass.objects.get(code="restricted")
        published(world, AgreementTarget(sensitivity_class_id=top.uid), who="owner")
    kept = published(world, on_asset(world.harmless), who="owner")
    with refused(NotPermitted, NOT_PERMITTED):
        retire_agreement(actor=world["scientist"], agreement_id=kept.uid)


def test_an_agreement_stands_on_one_thing_and_stays_there(world: AccessWorld) -> None:
    both = AgreementTarget(asset_id=world.harmless.asset.uid, domain_id=world.domain.uid)
    for target in (AgreementTarget(), both):
        with refused(InvalidInput, errors.AGREEMENT_TARGET, field="target"):
            published(world, target)
    published(world, on_asset(world.harmless))
    with refused(RuleBroken, errors.AGREEMENT_MOVED, field="code"):
        published(world, on_asset(world.personal))
    with refused(InvalidInput, errors.AGREEMENT_CODE, field="code"):
        published(world, on_asset(world.personal), code="Two Words")


def test_an_agreement_on_a_hidden_asset_is_hidden(world: AccessWorld) -> None:
    agreement = published(world, AgreementTarget(asset_id=world.draft.uid), who="owner")
    assert agreement not in agreements_visible_to(world["scientist"])
    assert agreement in agreements_visible_to(world["owner"])
    with refused(NotFound):
        accept(world, agreement)


def test_texts_and_acceptances_never_change(world: AccessWorld) -> None:
    agreement = published(world, on_asset(world.harmless))
    accept(world, agreement)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(text="Everything is allowed.")
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementAcceptance.objects.filter(agreement=agreement).delete()
    retire_agreement(actor=SYSTEM, agreement_id=agreement.uid)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(retired_at=None)
