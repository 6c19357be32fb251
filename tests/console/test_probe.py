from django.db import connection
from django.test.utils import CaptureQueriesContext
from apps.accounts.roles import Role
def test_probe(scene, browse):
    asked = scene.ask()
    print(asked.state, [s.name for s in asked.revision.decisions.last().stages.all()], asked.revision.decisions.last().effect)
    g = None
    paths = ["/", "/catalog/", f"/catalog/{scene.asset.uid}/", f"/catalog/{scene.asset.uid}/?purpose={scene.purpose.uid}", f"/catalog/{scene.asset.uid}/request/", "/requests/", f"/requests/{asked.uid}/", "/inbox/", f"/inbox/{asked.uid}/", "/my-access/", "/design/"]
    for role in (Role.SCIENTIST, Role.OWNER, Role.COMPLIANCE_OFFICER, Role.STEWARD):
        c = browse(scene.player(role)); c.get("/design/")
        for p in paths:
            with CaptureQueriesContext(connection) as q: r = c.get(p)
            print(role, p[:30], r.status_code, len(q))
            if p.startswith("/inbox/0") and role is Role.OWNER or (p.startswith("/catalog/0") and len(p)<60 and role is Role.SCIENTIST):
                for x in q.captured_queries: print("    ", x["sql"][:140])
    g = scene.granted()
    c = browse(scene.player(Role.SCIENTIST))
    with CaptureQueriesContext(connection) as q: r = c.get(f"/my-access/{g.uid}/")
    print("grant", r.status_code, len(q))
    for x in q.captured_queries: print("    ", x["sql"][:140])
