"""Which portal, and the token for it: from the environment, or from what `login` kept."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class NotSignedIn(Exception):
    """Neither the environment nor a file names a portal and a token, or what they name cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """`url` has no slash at its end. Instead of a token a file may be named that the platform keeps: what it
    says of this program is exchanged for one."""

    url: str
    token: str = field(default="", repr=False)
    workload_file: Path | None = None


def profile_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Of the XDG Base Directory Specification."""
    home = environment.get("XDG_CONFIG_HOME") or str(
        Path(environment.get("HOME", "~")).expanduser() / ".config"
    )
    return Path(home) / "lakewarden" / "profile.json"


def read_profile(environment: Mapping[str, str] = os.environ) -> Profile:
    """The environment goes before the file.  Raises: NotSignedIn."""
    url, token = environment.get("LAKEWARDEN_URL", ""), environment.get("LAKEWARDEN_TOKEN", "")
    if not token and (named := environment.get("LAKEWARDEN_TOKEN_FILE", "")):
        token = read_file(Path(named))
    workload = environment.get("LAKEWARDEN_WORKLOAD_TOKEN_FILE", "") if not token else ""
    if not (url and (token or workload)):
        kept = _kept(profile_file(environment))
        if not (url or token or workload):
            token, workload = kept.get("token", ""), kept.get("workload_file", "")
        url = url or kept.get("url", "")
    if not (url and (token or workload)):
        raise NotSignedIn(
            "No portal is known here. Run: lakewarden login URL; or set LAKEWARDEN_URL "
            "and LAKEWARDEN_TOKEN_FILE or LAKEWARDEN_WORKLOAD_TOKEN_FILE."
        )
    if token:
        return Profile(url=checked_url(url), token=token.strip())
    return Profile(url=checked_url(url), workload_file=Path(workload))


def keep_profile(profile: Profile, environment: Mapping[str, str] = os.environ) -> Path:
    """Written so that nobody else reads it, and whole or not at all."""
    file = profile_file(environment)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        kept = {"url": profile.url, "token": profile.token, "workload_file": str(profile.workload_file or "")}
        json.dump({name: value for name, value in kept.items() if value}, opened)
    fresh.replace(file)
    return file


def checked_url(url: str) -> str:
    """Raises: NotSignedIn where the token would go over the net in clear."""
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not is_safe or not parts.hostname:
        raise NotSignedIn(
            f"{url} is no address of a portal: it begins with https:// (http:// on this machine)."
        )
    return url.rstrip("/")


def _kept(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    if file.stat().st_mode & 0o077:
        raise NotSignedIn(f"Others may read {file}: chmod 600 it, and make a new token.")
    try:
        kept = json.loads(read_file(file))
    except ValueError as error:
        raise NotSignedIn(f"{file} cannot be read: {error}. Run: lakewarden login URL") from error
    return {name: str(value) for name, value in kept.items()} if isinstance(kept, dict) else {}


def read_file(file: Path) -> str:
    """Raises: NotSignedIn."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise NotSignedIn(f"{file} cannot be read: {error.strerror}.") from error
