"""The command `lakewarden`. What is for programs goes to the output, what is said to people beside it."""

from __future__ import annotations

import argparse
import getpass
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lakewarden.agent import serving
from lakewarden.answers import PortalUnreachable, Refused
from lakewarden.client import Client, NotFound
from lakewarden.keys import FORMATS
from lakewarden.portal import Portal
from lakewarden.profile import NotSignedIn, Profile, checked_url, keep_profile

REFUSED, UNREACHABLE, UNUSABLE = 3, 4, 2
"""Exit codes: the portal said no; nothing answered; what was typed cannot be used."""
SIGNS_IN = ("LAKEWARDEN_TOKEN", "LAKEWARDEN_WORKLOAD")
"""Variables that a program which is started is not told."""
PARTS = ("annotator", "adjudicator", "reviewer")
EFFECTS = {
    "permit": "It would be granted at once.",
    "refer": "People would be asked.",
    "block": "It would wait for a missing record.",
    "deny": "It would be refused.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    given = parser.parse_args(arguments)
    act: Callable[[Any], int] = given.act
    try:
        return act(given)
    except Refused as refused:
        _say(f"Refused ({refused.code}).", *refused.lines())
        return REFUSED
    except (NotSignedIn, NotFound) as error:
        _say(str(error))
        return UNUSABLE
    except PortalUnreachable as error:
        _say(str(error))
        return UNREACHABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lakewarden", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, act: Callable[[Any], int], about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        made.set_defaults(act=act)
        return made

    login = command("login", _login, "Keep the address of a portal and a token for it.")
    login.add_argument("url")
    login.add_argument(
        "--workload-token-file",
        metavar="PATH",
        help="Sign in by the token that the platform keeps there, and keep no token.",
    )
    search = command("search", _search, "Find datasets and models.")
    search.add_argument("words", nargs="*")
    preview = command("preview", _preview, "Say what asking would come to; nothing is sent.")
    request = command("request", _request, "Ask for access.")
    for each in (preview, request):
        each.add_argument("asset")
        each.add_argument("--purpose", required=True, metavar="PU-0001")
        each.add_argument("--action", default="read")
    request.add_argument(
        "--as", dest="labeling_part", choices=PARTS, help="With --action label: for which part."
    )
    request.add_argument("--days", type=int, default=30)
    request.add_argument("--why", default="", help="One sentence for those who decide.")
    command("status", _status, "Your requests, and what you have.")
    creds = command("creds", _creds, "Print a key.")
    creds.add_argument("asset")
    creds.add_argument("--format", choices=sorted(FORMATS), default="env")
    run = command("exec", _exec, "Run a command whose SDKs take their keys themselves.")
    run.add_argument("asset")
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    agent = command("agent", _agent, "Serve keys to the programs of this machine.")
    agent.add_argument("asset")
    agent.add_argument("--port", type=int, default=0)
    explain = command("explain", _explain, "Say why there is no key, and what would change that.")
    explain.add_argument("asset")
    return parser


def _login(given: Any) -> int:
    url = checked_url(given.url)
    if given.workload_token_file:
        by_platform = Profile(url=url, workload_file=Path(given.workload_token_file).absolute())
        Portal(by_platform).sign_in()
        _say(f"Kept in {keep_profile(by_platform)}. No token is kept.")
        return 0
    token = getpass.getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline()
    profile = Profile(url=url, token=token.strip())
    if not profile.token:
        raise NotSignedIn("No token was given.")
    Portal(profile).get("/api/v1/assets", limit="1")
    _say(f"Kept in {keep_profile(profile)}.")
    return 0


def _search(given: Any) -> int:
    found = Client().search(" ".join(given.words))
    for asset in found:
        print(f"{asset.id}  {asset.kind:<8}  {asset.name}")
    if not found:
        _say("Nothing that you may see fits.")
    return 0


def _preview(given: Any) -> int:
    client = Client()
    told = client.asset(given.asset).preview(client.purpose(given.purpose), given.action)
    print(EFFECTS.get(told["effect"], told["effect"]))
    for stage in told["stages"]:
        print(f"- decided by: {stage['name']}")
    for reason in told["reasons"]:
        print(f"- {reason['sentence']} {reason['remedy']}".rstrip())
    if told["ends_at"]:
        print(f"Access would last until {told['ends_at']}.")
    return 0


def _request(given: Any) -> int:
    client = Client()
    asset = client.asset(given.asset)
    body = {
        "items": [{"asset_id": asset.id}],
        "purpose_id": client.purpose(given.purpose),
        "actions": [given.action],
        "ends_on": (date.today() + timedelta(days=given.days)).isoformat(),
        "justification": given.why,
        "submit": True,
    }
    if given.labeling_part:
        body["labeling_part"] = given.labeling_part
    made = client.portal.post("/api/v1/access-requests", body)
    print(f"{made['ref']}  {made['state']}")
    return 0


def _status(_given: Any) -> int:
    portal = Client().portal
    names: dict[str, str] = {}

    def name(asset_id: str) -> str:
        if asset_id not in names:
            names[asset_id] = portal.get(f"/api/v1/assets/{asset_id}")["name"]
        return names[asset_id]

    for request in portal.get("/api/v1/access-requests", limit="20")["results"]:
        print(f"{request['ref']}  {request['state']}")
    for grant in portal.get("/api/v1/grants", limit="20")["results"]:
        until = grant["ended_at"] or grant["not_after"]
        print(f"{name(grant['asset_id'])}: {', '.join(grant['actions'])}; {grant['state']}, {until}")
    return 0


def _creds(given: Any) -> int:
    print(FORMATS[given.format](Client().asset(given.asset).credentials()))
    return 0


def _exec(given: Any) -> int:
    words = given.command[1:] if given.command[:1] == ["--"] else given.command
    if not words:
        raise NotFound("Say what to run: lakewarden exec ASSET -- COMMAND")
    with serving(Client().asset(given.asset)) as served:
        keep_out = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"}
        own = {name: value for name, value in os.environ.items() if name not in keep_out}
        own = {name: value for name, value in own.items() if not name.startswith(SIGNS_IN)}
        try:
            return subprocess.run(words, env={**own, **served.environment}, check=False).returncode  # noqa: S603
        except OSError as error:
            raise NotFound(f"{words[0]} cannot be run: {error.strerror}.") from error


def _agent(given: Any) -> int:
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before there are threads, so that none of them ends it
    with serving(Client().asset(given.asset), port=given.port) as served:
        for name, value in served.environment.items():
            print(f"export {name}={shlex.quote(value)}", flush=True)
        _say("Serving until it is stopped (Ctrl-C).")
        signal.sigwait(ends)
    return 0


def _explain(given: Any) -> int:
    asset = Client().asset(given.asset)
    try:
        key = asset.credentials()
    except Refused as refused:
        if refused.status == 404:
            print(f"You hold no access to {asset.name}. Ask: lakewarden request {asset.id} --purpose …")
            return REFUSED
        print(f"There is no key for {asset.name} now ({refused.code}).")
        for line in refused.lines():
            print(f"- {line}")
        return REFUSED
    print(f"You have a key for {asset.name} until {key.expires_at.isoformat()}. It opens:")
    for place in key.places:
        print(f"- {place} at {key.endpoint}")
    return 0


def _say(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr)
