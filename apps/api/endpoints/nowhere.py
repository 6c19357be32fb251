"""Addresses at which there is nothing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.api import errors
from apps.api.errors import refused
from apps.api.resource import JsonOnly


@extend_schema(exclude=True)
class Nowhere(APIView):
    """Says so as a problem, to those who are signed in."""

    content_negotiation_class = JsonOnly

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise refused(404, errors.URL_UNKNOWN)
