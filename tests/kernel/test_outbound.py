"""The way out leads to the public internet and to what the operator named, and nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from apps.kernel.errors import InvalidInput, LakewardenError, ProviderFailure
from apps.kernel.outbound import Origin, Outbound, client, is_taken
from apps.kernel.outbound.addresses import is_reachable
from tests.listener import NAME, Listener, answering, listening, make_certificate

PUBLIC = "93.184.216.34"
LOOPBACK = "127.0.0.1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "hooks.pem")


@pytest.fixture
def receiver(certificate: Path) -> Iterator[Listener]:
    with listening(Listener(), certificate=certificate) as listener:
        yield listener


class Names:
    """A resolver that gives the next answer each time, and the last one ever after."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, _host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Wire:
    """Notes which addresses were called; the public one leads to the listener."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def __call__(self, address: str, port: int, seconds: float) -> socket.socket:
        self.called.append(address)
        return socket.create_connection((LOOPBACK, port), timeout=seconds)


def through(receiver: Listener, certificate: Path, names: Names, wire: Wire | None = None) -> Outbound:
    return Outbound(
        ports=frozenset({receiver.port}), trust=str(certificate), resolve=names, connect=wire or Wire()
    )


def call(way: Outbound, receiver: Listener, path: str = "/in?x=1", name: str = NAME) -> Any:
    return way.send(f"https://{name}:{receiver.port}{path}", body=b'{"a": 1}', headers={"X-Mark": "m"})


def code_of(fault: pytest.ExceptionInfo[LakewardenError]) -> str:
    return fault.value.code


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "hooks.example",
    ],
)
def test_what_is_not_the_public_internet_is_not_reachable(address: str) -> None:
    assert not is_reachable(address, is_inside=False)


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_the_public_internet_is_reachable_however_it_is_written(address: str) -> None:
    assert is_reachable(address, is_inside=False)


@pytest.mark.parametrize("address", ["10.1.2.3", "127.0.0.1", "fd00::1", "100.64.0.1"])
def test_a_host_the_operator_named_may_be_inside(address: str) -> None:
    assert is_reachable(address, is_inside=True)
    assert not is_reachable(address, is_inside=False)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "fe80::1", "::", "ff02::1"]
)
def test_even_there_nothing_that_hands_out_secrets_is_reachable(address: str) -> None:
    assert not is_reachable(address, is_inside=True)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example/", "URL_NOT_HTTPS"),
        ("ftp://hooks.example/", "URL_MALFORMED"),
        ("file:///etc/passwd", "URL_MALFORMED"),
        ("gopher://hooks.example/", "URL_MALFORMED"),
        ("//hooks.example/", "URL_MALFORMED"),
        ("https:///path", "URL_MALFORMED"),
        ("https://user:word@hooks.example/", "URL_MALFORMED"),
        ("https://hooks.example@127.0.0.1/", "URL_MALFORMED"),
        ("https://hooks.example\\@127.0.0.1/", "URL_MALFORMED"),
        ("https://hooks.example/a\r\nX-Other: 1", "URL_MALFORMED"),
        ("https://hooks.example/a b", "URL_MALFORMED"),
        ("https://hóoks.example/", "URL_MALFORMED"),
        ("https://hooks.example:0/", "URL_MALFORMED"),
        ("https://hooks.example:99999/", "URL_MALFORMED"),
        ("https://[fe80::1%25eth0]/", "URL_MALFORMED"),
        ("https://hooks.example:22/", "URL_PORT"),
        ("https://hooks.example:6379/", "URL_PORT"),
        ("https://127.0.0.1/", "ADDRESS_INSIDE"),
        ("https://[::1]/", "ADDRESS_INSIDE"),
        ("https://[::ffff:7f00:1]/", "ADDRESS_INSIDE"),
        ("https://169.254.169.254/latest/meta-data/", "ADDRESS_INSIDE"),
    ],
)
def test_an_address_is_refused_before_anybody_is_asked(url: str, code: str) -> None:
    names = Names([PUBLIC])
    with pytest.raises(InvalidInput) as fault:
        Outbound(ports=frozenset({443}), resolve=names).send(url, body=b"", headers={})
    assert (code_of(fault), fault.value.reasons[0].field, names.asked) == (code, "url", 0)


def test_a_message_arrives_at_the_checked_address_under_the_name(
    receiver: Listener, certificate: Path
) -> None:
    names, wire = Names([PUBLIC]), Wire()
    answer = call(through(receiver, certificate, names, wire), receiver)
    assert is_taken(answer)
    asked = receiver.asked[0]
    assert (asked.method, asked.target, asked.body) == ("POST", "/in?x=1", b'{"a": 1}')
    assert asked.headers["host"] == f"{NAME}:{receiver.port}"
    assert asked.headers["x-mark"] == "m"
    assert (wire.called, names.asked) == ([PUBLIC], 1)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.5"], [PUBLIC, "127.0.0.1"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]],
)
def test_a_name_that_leads_inside_is_not_called(
    receiver: Listener, certificate: Path, addresses: list[str]
) -> None:
    wire = Wire()
    with pytest.raises(ProviderFailure) as fault:
        call(through(receiver, certificate, Names(addresses), wire), receiver)
    assert (code_of(fault), fault.value.is_transient) == ("ADDRESS_INSIDE", False)
    assert (wire.called, receiver.asked) == ([], [])


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
def test_a_number_in_disguise_is_read_by_the_real_resolver_and_refused(host: str) -> None:
    wire = Wire()
    way = Outbound(ports=frozenset({443}), connect=wire)
    with pytest.raises(LakewardenError):
        way.send(f"https://{host}/", body=b"", headers={})
    assert wire.called == []


def test_without_the_check_the_name_that_leads_inside_would_have_been_called(
    receiver: Listener, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same call, and only the check is gone."""
    monkeypatch.setattr(client, "is_reachable", lambda _address, *, is_inside: True)
    assert is_taken(call(through(receiver, certificate, Names(["127.0.0.1"])), receiver))
    assert len(receiver.asked) == 1


def test_a_name_that_changes_its_mind_after_the_check_changes_nothing(
    receiver: Listener, certificate: Path
) -> None:
    names, wire = Names([PUBLIC], ["127.0.0.1"]), Wire()
    call(through(receiver, certificate, names, wire), receiver)
    assert (wire.called, names.asked) == ([PUBLIC], 1)


def test_a_redirection_is_an_answer_and_is_not_followed(receiver: Listener, certificate: Path) -> None:
    with listening(Listener()) as inside:
        receiver.behaviours = [answering(302, Location=f"http://127.0.0.1:{inside.port}/latest/meta-data/")]
        answer = call(through(receiver, certificate, Names([PUBLIC])), receiver)
        assert (answer.status, is_taken(answer)) == (302, False)
        assert inside.asked == []


def test_proxies_of_the_environment_are_not_asked(
    receiver: Listener, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(Listener()) as proxy:
        for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert is_taken(call(through(receiver, certificate, Names([PUBLIC])), receiver))
        assert proxy.asked == []


def test_a_certificate_of_another_name_is_refused(receiver: Listener, certificate: Path) -> None:
    with pytest.raises(ProviderFailure) as fault:
        call(through(receiver, certificate, Names([PUBLIC])), receiver, name="other.example")
    assert (code_of(fault), receiver.asked) == ("NO_ANSWER", [])


def test_a_certificate_nobody_vouches_for_is_refused(receiver: Listener, certificate: Path) -> None:
    way = replace(through(receiver, certificate, Names([PUBLIC])), trust=None)
    with pytest.raises(ProviderFailure):
        call(way, receiver)
    assert receiver.asked == []


@pytest.mark.parametrize(
    "head",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"],
    ids=["nothing", "headers", "body"],
)
@pytest.mark.parametrize("is_dripping", [False, True], ids=["silent", "dripping"])
def test_an_answer_that_takes_too_long_is_cut_off(
    receiver: Listener, certificate: Path, head: bytes, is_dripping: bool
) -> None:
    """Dripping beats every timeout that begins anew with each byte."""

    def slowly(wire: Any) -> None:
        wire.write(head)
        wire.flush()
        while not receiver.let_go.wait(0.02):
            if is_dripping:
                wire.write(b"a")
                wire.flush()

    receiver.behaviours = [slowly]
    way = replace(through(receiver, certificate, Names([PUBLIC])), seconds=0.3)
    began = monotonic()
    with pytest.raises(ProviderFailure) as fault:
        call(way, receiver)
    assert (code_of(fault), fault.value.is_transient) == ("ANSWER_TOO_LATE", True)
    assert monotonic() - began < 3


def test_a_handshake_that_never_ends_is_cut_off(certificate: Path) -> None:
    with listening(Listener()) as deaf:  # reads a line of plain HTTP, which a handshake is not
        way = replace(through(deaf, certificate, Names([PUBLIC])), seconds=0.3)
        with pytest.raises(ProviderFailure):
            call(way, deaf)


def test_a_resolver_that_takes_too_long_is_left_alone(receiver: Listener, certificate: Path) -> None:
    def slow(_host: str, _port: int) -> Sequence[str]:
        receiver.let_go.wait(5)
        return [PUBLIC]

    way = replace(through(receiver, certificate, Names([PUBLIC])), resolve=slow, seconds=0.1)
    with pytest.raises(ProviderFailure) as fault:
        call(way, receiver)
    assert code_of(fault) == "ANSWER_TOO_LATE"


@pytest.mark.parametrize("size", [64 * 1024, 64 * 1024 + 1])
def test_an_answer_of_more_than_64_kb_is_not_read(receiver: Listener, certificate: Path, size: int) -> None:
    receiver.behaviours = [answering(body=b"a" * size)]
    way = through(receiver, certificate, Names([PUBLIC]))
    if size <= way.most_bytes:
        assert len(call(way, receiver).body) == size
        return
    with pytest.raises(ProviderFailure) as fault:
        call(way, receiver)
    assert code_of(fault) == "ANSWER_TOO_LONG"


def test_an_answer_that_claims_to_unpack_to_more_is_not_unpacked(
    receiver: Listener, certificate: Path
) -> None:
    receiver.behaviours = [answering(body=b"not gzip", Content_Encoding="gzip")]
    assert call(through(receiver, certificate, Names([PUBLIC])), receiver).body == b"not gzip"


def test_what_the_operator_named_is_reached_inside_and_in_plain_http() -> None:
    with listening(Listener()) as inside:
        url = f"http://127.0.0.1:{inside.port}/in"
        named = Outbound(ports=frozenset({443}), inside=frozenset({Origin.read(url)}))
        assert is_taken(named.send(url, body=b"", headers={}))
        with pytest.raises(InvalidInput):
            replace(named, inside=frozenset()).send(url, body=b"", headers={})
        assert len(inside.asked) == 1


def test_a_host_that_nobody_knows_or_answers_at_may_be_tried_again(certificate: Path) -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    def refused(_address: str, _port: int, _seconds: float) -> socket.socket:
        raise ConnectionRefusedError

    for way, code in (
        (Outbound(ports=frozenset({443}), resolve=unknown), "HOST_UNKNOWN"),
        (Outbound(ports=frozenset({443}), resolve=Names([])), "HOST_UNKNOWN"),
        (Outbound(ports=frozenset({443}), resolve=Names([PUBLIC]), connect=refused), "NO_ANSWER"),
    ):
        with pytest.raises(ProviderFailure) as fault:
            way.send("https://hooks.example/", body=b"", headers={})
        assert (code_of(fault), fault.value.is_transient) == (code, True)
