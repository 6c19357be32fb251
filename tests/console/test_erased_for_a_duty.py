"""What was erased for a duty shows that it is done."""

from __future__ import annotations

from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import Duty
from tests.console.conftest import Browse
from tests.factories import labels
from tests.factories.access import AccessWorld
from tests.factories.occurrences import in_effect


def test_an_erasure_of_items_is_offered_as_the_evidence_of_its_duty(
    world: AccessWorld, browse: Browse
) -> None:
    version = labels.labeled_version(world.domain)
    labels.with_items(version)
    given = {"approver": world["second_officer"], "has_other_ground": False}
    occurred = in_effect(world.organization, Happening.ERASURE_GRANTED, version, **given)
    duty = Duty.objects.get(occurrence=occurred, code="delete_rows", asset=version.asset)
    steward, path = browse("steward"), f"/duties/{duty.uid}/"
    items = f'href="/versions/{version.uid}/items/"'
    before = steward.get(path)
    assert items not in before.text
    assert before.context["form"].fields["evidence"].initial == ""
    labels.erased(version, "core-1", duty_id=duty.uid)
    labels.erased(version, "core-2")
    page = steward.get(path)
    assert page.text.count("1 items of lists and 0 labels were erased") == 1
    assert items in page.text
    labels.erased(version, duty_id=duty.uid, none_here=True)
    page = steward.get(path)
    assert page.text.count("none of their items were here.") == 1
    assert page.text.count("None of their items were here") == 1
    shown = page.context["form"].fields["evidence"].initial
    assert steward.post(path, {"evidence": shown}).status_code == 302
    assert Duty.objects.get(pk=duty.pk).evidence == shown
