"""Where the client learns of its portal, and what it refuses to send a token to."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from lakewarden.profile import NotSignedIn, Profile, checked_url, keep_profile, profile_file, read_profile


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path)}


def test_what_login_kept_is_read_by_its_owner_alone(home: dict[str, str]) -> None:
    kept = Profile(url="https://portal.example.org", token="lkw_1")
    file = keep_profile(kept, home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_profile(home) == kept
    assert keep_profile(Profile(url=kept.url, token="lkw_2"), home) == file
    assert read_profile(home).token == "lkw_2"


def test_a_file_that_others_may_read_is_not_used(home: dict[str, str]) -> None:
    keep_profile(Profile(url="https://portal.example.org", token="lkw_1"), home).chmod(0o644)
    with pytest.raises(NotSignedIn, match="chmod 600"):
        read_profile(home)


def test_the_environment_goes_before_the_file(home: dict[str, str], tmp_path: Path) -> None:
    keep_profile(Profile(url="https://portal.example.org", token="lkw_1"), home)
    file = tmp_path / "token"
    file.write_text("lkw_file\n")
    url = {"LAKEWARDEN_URL": "https://other.example.org"}
    assert read_profile({**home, **url, "LAKEWARDEN_TOKEN": "lkw_env"}).token == "lkw_env"
    assert read_profile({**home, **url, "LAKEWARDEN_TOKEN_FILE": str(file)}).token == "lkw_file"


def test_the_token_of_one_portal_is_not_sent_to_another(home: dict[str, str]) -> None:
    keep_profile(Profile(url="https://portal.example.org", token="lkw_1"), home)
    with pytest.raises(NotSignedIn):
        read_profile({**home, "LAKEWARDEN_URL": "https://other.example.org"})


def test_nothing_known_says_what_to_do(home: dict[str, str]) -> None:
    with pytest.raises(NotSignedIn, match="lakewarden login"):
        read_profile(home)


def test_a_broken_file_says_so(home: dict[str, str]) -> None:
    keep_profile(Profile(url="https://portal.example.org", token="lkw_1"), home)
    profile_file(home).write_text("{")
    with pytest.raises(NotSignedIn, match="cannot be read"):
        read_profile(home)


@pytest.mark.parametrize(
    "url", ["https://portal.example.org/", "http://127.0.0.1:8000", "http://localhost:8000/"]
)
def test_a_token_goes_over_https_or_stays_on_this_machine(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example.org",
        "http://127.0.0.1.example.org",
        "ftp://portal.example.org",
        "portal",
        "https://",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(NotSignedIn, match="https://"):
        checked_url(url)
