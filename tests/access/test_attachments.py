"""Files of a request: what is taken, who reads it, and that a sent revision keeps what it was sent with."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.access import errors
from apps.access.commands import (
    amend_request,
    attach_file,
    create_request,
    remove_attachment,
    return_request,
    submit_request,
    withdraw_request,
)
from apps.access.commands import attachments as commands
from apps.access.commands.attachments import MOST_FILES
from apps.access.files import LARGEST, check_file
from apps.access.models import Attachment, MediaType, Request
from apps.access.queries import attachments_of, bytes_of
from apps.accounts.authorization import NOT_PERMITTED
from apps.kernel.characters import NAME_CHARACTER
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, asked, draft, revision_of, seen

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ZIP = b"PK\x03\x04" + b"\0" * 26 + b"PK\x05\x06" + b"\0" * 18


def png(*, rest: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes = b"") -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND") + rest


JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"

TAKEN: dict[str, tuple[str, bytes, MediaType]] = {
    "a PDF": ("protocol.pdf", PDF, MediaType.PDF),
    "a PDF, shouted": ("PROTOCOL.PDF", PDF, MediaType.PDF),
    "a PNG": ("figure.png", png(), MediaType.PNG),
    "a JPEG": ("photo.jpeg", JPEG, MediaType.JPEG),
    "a text": ("notes.txt", "Für die Ethikkommission.\n".encode(), MediaType.TEXT),
    "a table": ("list.csv", b"a;b\n1;2\n", MediaType.CSV),
    "Markdown": ("plan.md", b"# Plan\n\n1 < 2\n", MediaType.MARKDOWN),
    "spaces in the name": ("vote of the board.pdf", PDF, MediaType.PDF),
}
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "HTML that says it is a PDF": ("x.pdf", b"<html><script>alert(1)</script>", errors.ATTACHMENT_TYPE),
    "HTML that says it is text": ("x.txt", b"  <!DOCTYPE html><p>", errors.ATTACHMENT_TYPE),
    "SVG that says it is a table": ("x.csv", b"<svg onload=alert(1)>", errors.ATTACHMENT_TYPE),
    "PHP that says it is text": ("x.txt", b"<?php system($_GET[0]); ?>", errors.ATTACHMENT_TYPE),
    "text that says it is a PDF": ("x.pdf", b"Only words.", errors.ATTACHMENT_NAME),
    "a PDF that says it is text": ("x.txt", PDF, errors.ATTACHMENT_NAME),
    "a PNG that says it is a JPEG": ("x.jpg", png(), errors.ATTACHMENT_NAME),
    "two endings": ("x.pdf.exe", PDF, errors.ATTACHMENT_NAME),
    "no ending": ("protocol", PDF, errors.ATTACHMENT_NAME),
    "a program": ("x.pdf", b"MZ\x90\0\x03", errors.ATTACHMENT_TYPE),
    "an archive": ("x.pdf", ZIP, errors.ATTACHMENT_TYPE),
    "an archive behind a PDF": ("x.pdf", PDF + ZIP, errors.ATTACHMENT_TYPE),
    "an archive within a PDF": ("x.pdf", PDF[:20] + ZIP + PDF[20:], errors.ATTACHMENT_TYPE),
    "an archive behind a PNG": ("x.png", png(rest=ZIP), errors.ATTACHMENT_TYPE),
    "a page behind a PNG": ("x.png", png(rest=b"<script>"), errors.ATTACHMENT_TYPE),
    "an archive behind a JPEG": ("x.jpg", JPEG + ZIP, errors.ATTACHMENT_TYPE),
    "a page behind a PDF": ("x.pdf", PDF + b"<script>", errors.ATTACHMENT_TYPE),
    "a PNG cut short": ("x.png", png()[:-4], errors.ATTACHMENT_TYPE),
    "a PNG with a false sum": ("x.png", png()[:-1] + b"\0", errors.ATTACHMENT_TYPE),
    "a PDF behind a page": ("x.pdf", b"<script></script>" + PDF, errors.ATTACHMENT_TYPE),
    "text with a zero byte": ("x.txt", b"a\0b", errors.ATTACHMENT_TYPE),
    "text in another encoding": ("x.txt", "Ü".encode("latin-1"), errors.ATTACHMENT_TYPE),
    "text in UTF-7": ("x.txt", b"+ADw-script+AD4-\x1b", errors.ATTACHMENT_TYPE),
    "nothing": ("x.pdf", b"", errors.ATTACHMENT_EMPTY),
    "a byte too many": ("x.txt", b"a" * (LARGEST + 1), errors.ATTACHMENT_TOO_LARGE),
    "a way up": ("../../x.pdf", PDF, errors.ATTACHMENT_NAME_PATH),
    "a way from the root": ("/etc/x.pdf", PDF, errors.ATTACHMENT_NAME_PATH),
    "a way in Windows": ("..\\x.pdf", PDF, errors.ATTACHMENT_NAME_PATH),
    "a hidden name": (".x.pdf", PDF, errors.ATTACHMENT_NAME_PATH),
    "a name without an end": ("x" * 200 + ".pdf", PDF, errors.ATTACHMENT_NAME_PATH),
    "no name": ("", PDF, errors.ATTACHMENT_NAME_PATH),
}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.ATTACHMENTS = tmp_path / "attachments"
    yield settings.ATTACHMENTS


@pytest.fixture
def drafted(world: AccessWorld) -> Request:
    request: Request = create_request(
        actor=world["scientist"], draft=draft(world.personal, world.purposes["pay"])
    )
    return request


@pytest.mark.parametrize(("name", "content", "kind"), TAKEN.values(), ids=TAKEN)
def test_a_file_is_what_its_content_says(name: str, content: bytes, kind: MediaType) -> None:
    assert check_file(name, content) is kind


@pytest.mark.parametrize(("name", "content", "code"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_what_it_seems_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        check_file(name, content)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["x\u202efdp.txt", "x\n.pdf", "x\0.pdf"])
def test_a_name_that_misleads_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_file(name, PDF)
    assert caught.value.code == NAME_CHARACTER


def test_the_bytes_lie_under_a_name_that_says_nothing(
    world: AccessWorld, drafted: Request, folder: Path
) -> None:
    made = attach_file(actor=world["scientist"], request_id=drafted.uid, name="protocol.pdf", content=PDF)
    stored = folder / made.stored_as
    assert [path.name for path in folder.iterdir()] == [made.stored_as]
    assert "protocol" not in made.stored_as and "." not in made.stored_as
    assert stored.stat().st_mode & 0o777 == 0o600
    assert bytes_of(world["scientist"], drafted.uid, made.uid) == (made, PDF)
    with refused(RuleBroken, errors.ATTACHMENT_TYPE, field="content"):
        attach_file(actor=world["scientist"], request_id=drafted.uid, name="x.pdf", content=b"\0")
    assert len(list(folder.iterdir())) == 1


def test_a_revision_is_sent_with_its_files_and_its_hash_covers_them(
    world: AccessWorld, drafted: Request
) -> None:
    scientist = world["scientist"]
    made = attach_file(actor=scientist, request_id=drafted.uid, name="protocol.pdf", content=PDF)
    submit_request(actor=scientist, request_id=drafted.uid)
    sent = revision_of(drafted)
    assert list(sent.attachments.all()) == [made]
    other = attach_file(actor=scientist, request_id=drafted.uid, name="vote.txt", content=b"Yes.")
    assert list(revision_of(drafted).attachments.all()) == [made]
    amend_request(actor=scientist, request_id=drafted.uid, draft=draft(world.personal, world.purposes["pay"]))
    amended = revision_of(drafted)
    assert set(amended.attachments.all()) == {made, other}
    assert amended.sha256 != sent.sha256
    with pytest.raises(IntegrityError), transaction.atomic():
        sent.attachments.add(other)
    with pytest.raises(IntegrityError), transaction.atomic():
        sent.attachments.remove(made)


def test_who_sees_the_request_reads_what_was_sent_and_nothing_else(
    world: AccessWorld, drafted: Request
) -> None:
    scientist = world["scientist"]
    made = attach_file(actor=scientist, request_id=drafted.uid, name="protocol.pdf", content=PDF)
    with pytest.raises(NotFound):
        bytes_of(world["owner"], drafted.uid, made.uid)
    submit_request(actor=scientist, request_id=drafted.uid)
    waits = attach_file(actor=scientist, request_id=drafted.uid, name="vote.txt", content=b"Yes.")
    for who in ("owner", "officer", "auditor", "dpo"):
        assert list(attachments_of(world[who], drafted)) == [made]
        assert bytes_of(world[who], drafted.uid, made.uid)[1] == PDF
        with pytest.raises(NotFound):
            bytes_of(world[who], drafted.uid, waits.uid)
    assert set(attachments_of(scientist, drafted)) == {made, waits}
    with pytest.raises(NotFound):
        bytes_of(world["colleague"], drafted.uid, made.uid)
    other = asked(scientist, draft(world.personal, world.purposes["pay"]))
    with pytest.raises(NotFound):
        bytes_of(scientist, other.uid, made.uid)


def test_what_was_taken_off_stays_with_what_was_sent(world: AccessWorld, drafted: Request) -> None:
    scientist = world["scientist"]
    made = attach_file(actor=scientist, request_id=drafted.uid, name="protocol.pdf", content=PDF)
    submit_request(actor=scientist, request_id=drafted.uid)
    return_request(actor=world["owner"], reason="Another file, please.", **seen(drafted))
    remove_attachment(actor=scientist, request_id=drafted.uid, attachment_id=made.uid)
    assert bytes_of(world["owner"], drafted.uid, made.uid)[1] == PDF
    with refused(InvalidState, errors.ATTACHMENT_REMOVED):
        remove_attachment(actor=scientist, request_id=drafted.uid, attachment_id=made.uid)
    with refused(NotPermitted, NOT_PERMITTED):
        remove_attachment(actor=world["owner"], request_id=drafted.uid, attachment_id=made.uid)


def test_only_the_requester_attaches_and_only_so_much_and_so_long(
    world: AccessWorld, drafted: Request
) -> None:
    scientist = world["scientist"]
    with refused(NotFound):
        attach_file(actor=world["owner"], request_id=drafted.uid, name="x.pdf", content=PDF)
    for number in range(MOST_FILES):
        attach_file(actor=scientist, request_id=drafted.uid, name=f"{number}.pdf", content=PDF)
    with refused(RuleBroken, errors.ATTACHMENTS_MANY):
        attach_file(actor=scientist, request_id=drafted.uid, name="more.pdf", content=PDF)
    first = Attachment.objects.filter(request=drafted).earliest("pk")
    remove_attachment(actor=scientist, request_id=drafted.uid, attachment_id=first.uid)
    attach_file(actor=scientist, request_id=drafted.uid, name="more.pdf", content=PDF)
    submit_request(actor=scientist, request_id=drafted.uid)
    with refused(NotPermitted, NOT_PERMITTED):
        attach_file(actor=world["owner"], request_id=drafted.uid, name="x.pdf", content=PDF)
    withdraw_request(actor=scientist, request_id=drafted.uid)
    with refused(InvalidState, errors.REQUEST_CLOSED):
        attach_file(actor=scientist, request_id=drafted.uid, name="x.pdf", content=PDF)


def test_bytes_that_are_gone_are_said_to_be_gone(world: AccessWorld, drafted: Request, folder: Path) -> None:
    made = attach_file(actor=world["scientist"], request_id=drafted.uid, name="protocol.pdf", content=PDF)
    (folder / made.stored_as).unlink()
    with pytest.raises(InvalidState) as caught:
        bytes_of(world["scientist"], drafted.uid, made.uid)
    assert caught.value.code == errors.ATTACHMENT_GONE


def test_removing_and_attaching_again_fills_no_disk(
    world: AccessWorld,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.ATTACHMENTS = tmp_path
    monkeypatch.setattr(commands, "MOST_OF_A_PERSON", 3 * len(PDF))
    scientist = world["scientist"]
    wanted = draft(world.personal, world.purposes["pay"])
    request = create_request(actor=scientist, draft=wanted)

    def attach(to: Request) -> Attachment:
        made: Attachment = attach_file(actor=scientist, request_id=to.uid, name="x.pdf", content=PDF)
        return made

    for _ in range(5):
        with django_capture_on_commit_callbacks(execute=True):
            remove_attachment(actor=scientist, request_id=request.uid, attachment_id=attach(request).uid)
        assert list(tmp_path.iterdir()) == []
    sent = attach(request)
    submit_request(actor=scientist, request_id=request.uid)
    with django_capture_on_commit_callbacks(execute=True):
        remove_attachment(actor=scientist, request_id=request.uid, attachment_id=sent.uid)
    assert [path.name for path in tmp_path.iterdir()] == [sent.stored_as]
    another = create_request(actor=scientist, draft=draft(world.harmless, world.purposes["rock"]))
    attach(another)
    attach(another)
    with refused(RuleBroken, errors.ATTACHMENTS_FULL, field="content"):
        attach(another)
