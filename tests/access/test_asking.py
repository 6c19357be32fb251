"""x"""

from tests.factories import access
from tests.factories.access import AccessWorld, asked, draft, decision_of


def test_it(world: AccessWorld) -> None:
    r = asked(world["scientist"], draft(world.harmless, world.purposes["rock"]))
    assert r.state == "approved"
    p = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    print(decision_of(p).effect, list(decision_of(p).stages.values("name", "roles")))
    p = asked(world["scientist"], draft(world.restricted, world.purposes["study"]))
    print(decision_of(p).effect, list(decision_of(p).stages.values("name", "roles")))
    p = asked(world["scientist"], draft(world.personal, world.purposes["unrecorded"]))
    print(decision_of(p).effect, list(decision_of(p).stages.values("name", "roles")))
    for t, n in ((world.restricted, "ordinary"), (world.personal, "ordinary")):
        try:
            p = asked(world["scientist"], draft(t, world.purposes[n]))
            print(
                decision_of(p).effect,
                [f["reasons"] for f in decision_of(p).trace["findings"] if f["status"] == "matched"],
            )
        except Exception as e:
            print(repr(e))
