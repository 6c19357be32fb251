"""What anybody may fetch without signing in: the keys by which evidence is verified, and the script."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import condition, require_safe

from apps.access.queries import evidence_keys

AN_HOUR = "public, max-age=3600"
VERIFIER = "verify_pack.py"


def _tag(request: HttpRequest) -> str:
    return '"{}"'.format("-".join(key.sha256[:16] for key in evidence_keys()))


@require_safe
@condition(etag_func=_tag)
def keys(request: HttpRequest) -> HttpResponse:
    """Public keys alone (Ed25519), the one that signs now first; nothing else of the portal."""
    told = [{"hex": key.hex, "sha256": key.sha256, "is_current": key.is_current} for key in evidence_keys()]
    return JsonResponse(
        {"use": "evidence packs", "algorithm": "Ed25519", "keys": told}, headers={"Cache-Control": AN_HOUR}
    )


@require_safe
def verifier(request: HttpRequest) -> FileResponse:
    """The script as it ships: it needs Python and nothing else."""
    response = FileResponse(
        (settings.ROOT / "docs" / VERIFIER).open("rb"), content_type="text/x-python; charset=utf-8"
    )
    response.headers["Content-Disposition"] = content_disposition_header(True, VERIFIER) or ""
    response.headers["Cache-Control"] = AN_HOUR
    return response
