from tests.factories import catalog
from apps.accounts.roles import Role

def test_all(place, as_):
    for n in range(5):
        catalog.published_asset(place.domain)
    r = as_(Role.SCIENTIST).get("assets", limit=2)
    print(r.status_code, r.content.decode(), r.headers)
    r = as_(Role.SCIENTIST).get(r.json()["next"])
    print(r.json()["previous"])
    for u in ("me","organizations","domains","people","teams","tokens","role-assignments","lakes","storage-locations","service-accounts"):
        r = as_(Role.ADMINISTRATOR).get(u)
        print(u, r.status_code, r.content.decode()[:300])
    print(as_(Role.AUDITOR).get("audit/events").content.decode()[:1500])
    r = as_(Role.STEWARD).post("assets", {"domain_id": str(place.domain.uid), "kind": "model", "name": "x", "task": "t", "foo": 1}, Idempotency_Key="abc")
    print(r.status_code, r.content.decode())
    for _ in (1,2):
        r = as_(Role.STEWARD).post("assets", {"domain_id": str(place.domain.uid), "kind": "model", "name": "x", "task": "t"}, Idempotency_Key="abc")
        print(r.status_code, r.content.decode(), r.headers)
    u = f"assets/{r.json()['id']}"
    r = as_(Role.STEWARD).patch(u, {"name":"z"}, If_Match=r.headers["ETag"])
    print(r.status_code, r.content.decode(), r.headers)
    r = as_(Role.STEWARD).patch(u, {"name":"y"}, If_Match='"foo"')
    print(r.status_code, r.content.decode(), r.headers)
    assert 0
