"""From a model to the labels it learned from: what they are good for stands on its page, one step away."""

from __future__ import annotations

from apps.accounts.roles import Role
from apps.compliance.models import LegalRecord
from apps.console.records import DECLARED
from apps.kernel.actor import SYSTEM
from apps.labeling.models import LabelSet
from tests.console.conftest import Browse
from tests.factories import accounts, labels
from tests.factories.access import AccessWorld

GOOD, BLOCKED = "Good enough for release", "Blocked"
NOTHING = "Nothing that you may see rests on it"


def test_the_page_of_a_model_tells_what_its_labels_are_good_for(world: AccessWorld, browse: Browse) -> None:
    good, poor = labels.model_of_labels(world.domain), labels.model_of_labels(world.domain, wrong=40)
    owner = browse("owner")
    told, warned = (owner.get(f"/catalog/{model.uid}/").text for model in (good, poor))
    assert GOOD in told and BLOCKED not in told
    assert BLOCKED in warned and GOOD not in warned
    for page in (told, warned):
        assert "Not released" in page
    learned = good.versions.get().inputs.get().input
    assert f'href="/label-sets/{LabelSet.objects.get(asset_version=learned).uid}/"' in told
    labels.released(good.versions.get())
    assert "Not released" not in owner.get(f"/catalog/{good.uid}/").text


def test_who_brings_labels_is_led_on_from_those_that_are_not_good_enough(
    world: AccessWorld, browse: Browse
) -> None:
    version = labels.labeled_version(world.domain)
    good, poor = labels.brought(version), labels.brought(version, labels.sound(wrong=40))
    link = f'href="/versions/{version.uid}/labels/"'
    told = browse("steward").get(f"/label-sets/{poor.uid}/").text
    assert link in told
    assert f"CSV<br><code>{poor.file_sha256}" in told
    assert link not in browse("steward").get(f"/label-sets/{good.uid}/").text
    assert link not in browse("auditor").get(f"/label-sets/{poor.uid}/").text


def test_the_page_of_a_labeling_policy_tells_which_label_sets_cite_it(
    world: AccessWorld, browse: Browse
) -> None:
    version, other = (labels.labeled_version(world.domain) for _ in range(2))
    policy = LegalRecord.objects.get(ref=labels.policy_of(version))
    page, officer = f"/records/labeling-policies/{policy.uid}/", browse("officer")
    assert NOTHING in officer.get(page).text
    good, poor = labels.brought(version), labels.brought(version, labels.sound(wrong=60))
    elsewhere = labels.brought(other)
    text = officer.get(page).text
    rests = text[text.index('aria-labelledby="rests"') :].partition("</section>")[0]
    assert NOTHING not in text and "2 label sets" in rests
    for made, word in ((good, GOOD), (poor, BLOCKED)):
        assert f'href="/label-sets/{made.uid}/"' in rests and word in rests
    assert str(elsewhere.uid) not in text
    assert f'href="/label-sets/?policy={policy.ref}"' in rests
    listed = officer.get(f"/label-sets/?policy={policy.ref}").text
    assert str(good.uid) in listed and str(poor.uid) in listed and str(elsewhere.uid) not in listed
    nothing = officer.get("/label-sets/?policy=LP-9999%00").text
    assert str(good.uid) not in nothing


def test_label_sets_of_data_that_one_may_not_see_are_not_told_of_a_policy(world: AccessWorld) -> None:
    version = labels.labeled_version(world.domain)
    made = labels.brought(version)
    policy = LegalRecord.objects.get(ref=labels.policy_of(version))
    elsewhere = accounts.world()[Role.COMPLIANCE_OFFICER].actor
    rests = DECLARED[policy.kind].rests
    assert rests(SYSTEM, policy, None).label_sets == [made]
    assert rests(elsewhere, policy, None).is_nothing
