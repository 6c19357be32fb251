"""Commands that stand in no row of the workflow's table, and where they are proven."""

ELSEWHERE = {
    "give_verdict": "the one command behind approve, reject, return and opinion",
    "ask_separately": "tests/access/test_apart.py",
    **dict.fromkeys(
        ("publish_agreement", "retire_agreement", "accept_agreement"), "tests/access/test_agreements.py"
    ),
    **dict.fromkeys(
        (
            "draft_policy_set",
            "change_policy_set",
            "submit_policy_set",
            "return_policy_set",
            "start_replay",
            "finish_replay",
            "publish_policy_set",
            "publish_rulebook",
        ),
        "tests/access/test_policy_sets.py",
    ),
    **dict.fromkeys(
        (
            "ask_ticket_again",
            "change_ticket_system",
            "connect_ticket_system",
            "disable_ticket_system",
            "enable_ticket_system",
            "note_ticket_answer",
            "renew_ticket_secret",
        ),
        "tests/access/test_tickets.py",
    ),
    "check_condition": "tests/access/test_automatic.py",
    **dict.fromkeys(("recall_grant", "attest_recall"), "tests/access/test_occurrences.py"),
    "export_evidence": "tests/access/test_evidence.py",
    "export_trail": "tests/access/test_trail.py",
    "pseudonymize_grants": "tests/access/test_ledger.py",
}
"""Commands of this app that move neither a request nor a grant, and where they are proven."""

OF_OTHERS = {
    "preview": "tests/access/test_asking.py",
    "issue_lease, renew_lease": "tests/credentials/test_taking_a_key.py",
    "reclassify": "tests/classification/test_lowering.py",
    "withdraw_purpose": "tests/compliance/purposes/test_standing.py",
    "open_campaign, keep, remove": "tests/reviews/test_answers.py, tests/reviews/test_silence.py",
    "offboard": "tests/accounts/test_off_boarding.py, tests/access/test_leaving.py",
    "delegate": "tests/accounts/test_delegations.py",
}
"""What the specification lists besides: it moves no request, grant, condition or emergency by itself."""
