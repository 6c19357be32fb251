from apps.preparing.commands.keys import (
    confirm_house_key,
    end_house_key,
    expire_house_key,
    fail_house_key,
    request_end_of_house_key,
    settle_house_key,
)
from apps.preparing.commands.proposing import (
    confirm_view,
    prepare_view,
    reject_view,
    retry_view,
    withdraw_view,
)
from apps.preparing.commands.running import begin_run, fail_view, finish_view
from apps.preparing.recipe import Span, StepDraft, StepKind

__all__ = [
    "Span",
    "StepDraft",
    "StepKind",
    "begin_run",
    "confirm_house_key",
    "confirm_view",
    "end_house_key",
    "expire_house_key",
    "fail_house_key",
    "fail_view",
    "finish_view",
    "prepare_view",
    "reject_view",
    "request_end_of_house_key",
    "retry_view",
    "settle_house_key",
    "withdraw_view",
]
