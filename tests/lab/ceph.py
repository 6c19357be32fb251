"""A real Ceph object gateway on the loopback for the suites: `python -m tests.lab.ceph DIRECTORY` keeps it.

One monitor, one store in memory and two gateways: the house's own, which also speaks STS and IAM, and the
edge, which speaks S3 only and is what users are handed. All ports are free ones, all files lie in one private
directory. A keeper process of its own starts and ends the daemons, so that they and the directory go away
even when the test run is killed; and where the keeper itself is killed, the kernel ends the daemons.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import ConnectionSpec, Flavor
from apps.lakes.providers.keyring import EnvironmentSecrets
from apps.lakes.providers.s3 import S3Provider
from portal.supervisor import process
from portal.supervisor.wakeup import StopWanted, Wakeup
from tests.eventually import eventually
from tests.lab.clients import plain_client

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
PACKAGES = "ceph-mon ceph-osd radosgw ceph-common"
STORE = ("ceph-osd", "-i", "0", "-f")
STORE_MAY_FALL = 3
READY = "ready.json"
FAULT = "fault"
UP_WITHIN = 120
REF = "RIVER"
ROLE = "lakewarden-river"
ROLE_ARN = f"arn:aws:iam:::role/{ROLE}"
ISSUER_ARN = "arn:aws:iam:::user/issuer"

# `rgw sts min session duration`: expiry is tried with keys of a second. One placement group a pool and no
# replicas: it is one process. The gateway answers STS in 2 ms with tcp_nodelay, and in 44 without.
CONFIGURATION = """\
[global]
fsid = {fsid}
mon host = v1:127.0.0.1:{mon_port}
ms bind ipv6 = false
ms bind msgr2 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
auth allow insecure global id reclaim = true
mon allow pool size one = true
mon pg warn min per osd = 0
mon max pg per osd = 2000
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
admin socket = {directory}/$name.asok
pid file = {directory}/$name.pid
log file = {directory}/$name.log
run dir = {directory}
crash dir = {directory}
setuser match path =
[mon]
mon data = {directory}/mon
mon data avail crit = 1
mon data avail warn = 2
[osd]
osd data = {directory}/osd
osd objectstore = memstore
memstore device bytes = 1073741824
osd max object name len = 256
osd max object namespace len = 64
osd class update on start = false
[client]
rgw data = {directory}/rgw
rgw frontends = beast endpoint=127.0.0.1:{gateway_port} tcp_nodelay=1
rgw sts key = {sts_key}
rgw s3 auth use sts = true
rgw sts min session duration = 1
rgw enable ops log = true
rgw ops log rados = false
rgw ops log socket path = {directory}/$name.ops
rgw enable usage log = false
rgw thread pool size = 16
rgw gc max objs = 4
rgw lc max objs = 4
rgw override bucket index max shards = 1
rgw dns name = 127.0.0.1
"""


@dataclass(frozen=True, kw_only=True)
class Ceph:
    """A running lake of Ceph. `environment` holds the keys of its two duties and nothing else."""

    directory: Path
    gateway: str
    edge: str
    environment: Mapping[str, str] = field(repr=False)
    external_id: str
    _kept: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def secrets(self) -> EnvironmentSecrets:
        return EnvironmentSecrets(self.environment)

    def provider(self) -> S3Provider:
        return S3Provider(self.secrets)

    def connection(self, *roots: StorageRoot, **changes: Any) -> ConnectionSpec:
        values: dict[str, Any] = {
            "flavor": Flavor.CEPH,
            "endpoint": self.edge,
            "sts_endpoint": self.gateway,
            "iam_endpoint": self.gateway,
            "region": "us-east-1",
            "role_arn": ROLE_ARN,
            "external_id": self.external_id,
            "secret_ref": REF,
            "roots": roots or tuple(StorageRoot(bucket=BucketName(text=name)) for name in self.buckets()),
        }
        return ConnectionSpec(**{**values, **changes})

    def entered(self, **changes: Any) -> dict[str, Any]:
        """The connection as an administrator enters it, who leaves open how long keys live."""
        addresses = {"endpoint": self.edge, "sts_endpoint": self.gateway, "iam_endpoint": self.gateway}
        rest = {"flavor": "ceph", "role_arn": ROLE_ARN, "secret_ref": REF, "roots": list(self.buckets())}
        return {**addresses, **rest, **changes}

    def client(self, service: str, duty: str) -> Any:
        """A plain boto3 client at the house's gateway with one of the standing keys."""
        if (service, duty) not in self._kept:
            names = (f"LAKEWARDEN_LAKE_{REF}_{duty}_{part}" for part in ("KEY", "SECRET"))
            key, secret = (self.environment[name] for name in names)
            self._kept[service, duty] = plain_client(service, self.gateway, key, secret)
        return self._kept[service, duty]

    def session_client(self, parts: Mapping[str, str], service: str = "s3", *, at: str = "") -> Any:
        """A plain boto3 client with a key that was issued, at the edge unless told otherwise."""
        return plain_client(
            service,
            at or self.edge,
            parts["access_key_id"],
            parts["secret_access_key"],
            parts["session_token"],
        )

    def buckets(self) -> list[str]:
        return [bucket["Name"] for bucket in self.client("s3", "LOADER").list_buckets()["Buckets"]]

    def make_bucket(self, name: str) -> None:
        if name not in self.buckets():
            self.client("s3", "LOADER").create_bucket(Bucket=name)

    def put(self, bucket: str, key: str, body: bytes) -> None:
        self.client("s3", "LOADER").put_object(Bucket=bucket, Key=key, Body=body)

    def prepare_role(self, connection: ConnectionSpec) -> None:
        self.provider().prepare_role(connection, issuer_arn=ISSUER_ARN)

    @property
    def log(self) -> Path:
        """The socket into which the edge writes what was asked of it, also while nobody reads."""
        return self.directory / "client.rgw.edge.ops"

    def answers(self) -> bool:
        """Whether both gateways still do: a request that crashed one would be seen here."""
        return all(_listens(address) for address in (self.gateway, self.edge))


def missing_programs() -> tuple[str, ...]:
    return tuple(name for name in PROGRAMS if shutil.which(name) is None)


@contextmanager
def running_ceph() -> Iterator[Ceph]:
    """Call it from the main thread. The daemons and their files end with the block."""
    directory = Path(tempfile.mkdtemp(prefix="lakewarden-ceph-"))
    keeper = process.spawn(
        [sys.executable, "-m", "tests.lab.ceph", str(directory)],
        environment=os.environ,
        output=subprocess.DEVNULL,
        directory=str(ROOT),
    )
    try:
        yield _when_up(keeper, directory)
    finally:
        process.stop(keeper, number=signal.SIGTERM, patience=15)


def _when_up(keeper: subprocess.Popen[bytes], directory: Path) -> Ceph:
    ready, fault = directory / READY, directory / FAULT

    def has_settled() -> bool:
        return ready.exists() or fault.exists() or keeper.poll() is not None

    eventually(has_settled, within=UP_WITHIN, every=0.1)
    if not ready.exists():
        said = fault.read_text() if fault.exists() else "its keeper ended"
        raise AssertionError(f"The Ceph gateway did not start: {said}")
    return Ceph(directory=directory, **json.loads(ready.read_text()))


class Keeper:
    """Starts the daemons, one after the other, and ends them with itself."""

    def __init__(self, directory: Path, wakeup: Wakeup) -> None:
        self._directory = directory
        self._wakeup = wakeup
        self._configuration = directory / "ceph.conf"
        self._ports = dict(zip(("mon", "gateway", "edge"), _free_ports(3), strict=True))
        self._daemons: dict[str, subprocess.Popen[bytes]] = {}
        self._falls = 0

    def run(self) -> None:
        self._write_configuration()
        with ExitStack() as daemons:
            daemons.callback(self._stop)
            self._start_monitor()
            self._start_store()
            self._start_gateways()
            self._write_ready()
            while all(child.poll() is None for child in self._daemons.values()):
                self._wakeup.wait(None)

    def _write_configuration(self) -> None:
        for name in ("mon", "osd", "rgw"):
            (self._directory / name).mkdir(mode=0o700)
        content = CONFIGURATION.format(
            fsid=uuid.uuid4(),
            mon_port=self._ports["mon"],
            gateway_port=self._ports["gateway"],
            directory=self._directory,
            sts_key=secrets.token_hex(8),
        )
        self._configuration.touch(mode=0o600)
        self._configuration.write_text(content)

    def _start_monitor(self) -> None:
        monmap = str(self._directory / "monmap")
        fsid = self._configuration.read_text().partition("fsid = ")[2].split()[0]
        address = f"[v1:127.0.0.1:{self._ports['mon']}]"
        self._do("monmaptool", "--create", "--addv", "a", address, "--fsid", fsid, monmap)
        self._do("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, configured=True)
        self._start("mon", "ceph-mon", "-i", "a", "-f")
        self._wait("mon", self._has_quorum)

    def _has_quorum(self) -> bool:
        """A monitor listens before it answers: asked too early it says that nobody may ask (EPERM)."""
        command = ["ceph", "-c", str(self._configuration), "--connect-timeout", "5", "quorum_status"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def _start_store(self) -> None:
        """The first answer of the monitor is the number of the store, which is nought."""
        identity = str(uuid.uuid4())
        self._do("ceph", "--connect-timeout", "20", "osd", "new", identity, configured=True)
        self._do("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", identity, configured=True)
        self._start("osd", *STORE)

    def _start_gateways(self) -> None:
        self._start("gateway", "radosgw", "-n", "client.rgw.house", "-f")
        self._wait("gateway", lambda: _listens(f"http://127.0.0.1:{self._ports['gateway']}"))
        endpoint = f"--rgw-frontends=beast endpoint=127.0.0.1:{self._ports['edge']} tcp_nodelay=1"
        self._start("edge", "radosgw", "-n", "client.rgw.edge", endpoint, "--rgw-enable-apis=s3", "-f")

    def _write_ready(self) -> None:
        environment = {
            f"LAKEWARDEN_LAKE_{REF}_{duty}_{part}": value
            for duty, caps in (("ISSUER", ""), ("ADMIN", "roles=*"), ("LOADER", ""))
            for part, value in self._make_user(duty.lower(), caps).items()
        }
        self._wait("edge", lambda: _listens(f"http://127.0.0.1:{self._ports['edge']}"))
        values = {
            "gateway": f"http://127.0.0.1:{self._ports['gateway']}",
            "edge": f"http://127.0.0.1:{self._ports['edge']}",
            "environment": environment,
            "external_id": secrets.token_hex(8),
        }
        draft = self._directory / "draft.json"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(values))
        draft.rename(self._directory / READY)

    def _make_user(self, name: str, caps: str) -> dict[str, str]:
        parts = {"KEY": "AKIA" + secrets.token_hex(8).upper(), "SECRET": secrets.token_hex(20)}
        keys = [f"--access-key={parts['KEY']}", f"--secret-key={parts['SECRET']}"]
        allowed = [f"--caps={caps}"] if caps else []
        command = ["user", "create", f"--uid={name}", f"--display-name={name}", *keys, *allowed]
        self._do("radosgw-admin", *command, configured=True)
        return parts

    def _do(self, program: str, *arguments: str, configured: bool = False) -> None:
        own = ["-c", str(self._configuration)] if configured else []
        done = subprocess.run([program, *own, *arguments], capture_output=True, text=True, check=False)
        self._wakeup.raise_if_stop_wanted()
        if done.returncode:
            raise AssertionError(f"{program}: {done.stderr[-2000:]}")

    def _start(self, name: str, program: str, *arguments: str) -> None:
        with process.open_log(self._directory / f"{name}.out") as log:
            self._daemons[name] = process.spawn(
                [program, "-c", str(self._configuration), *arguments],
                environment=os.environ,
                output=log,
                death_signal=signal.SIGKILL,
            )

    def _wait(self, name: str, condition: Any) -> None:
        deadline = monotonic() + UP_WITHIN
        while not condition():
            self._look_after_store()
            if self._daemons[name].poll() is not None or monotonic() > deadline:
                said = (self._directory / f"{name}.out").read_text()
                raise AssertionError(f"{name} did not come up: {said[-2000:]}")
            self._wakeup.wait(0.1)

    def _look_after_store(self) -> None:
        """About one store in ten falls without a word while it joins the monitor; the next attempt stands."""
        store = self._daemons.get("osd")
        if store is not None and store.poll() is not None and self._falls < STORE_MAY_FALL:
            self._falls += 1
            self._start("osd", *STORE)

    def _stop(self) -> None:
        """Nothing is kept, so nothing needs to be put in order."""
        for child in reversed(self._daemons.values()):
            process.stop(child, number=signal.SIGKILL, patience=5)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _listens(address: str) -> bool:
    port = int(address.rsplit(":", 1)[1])
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex(("127.0.0.1", port)) == 0


def main(directory: Path) -> None:
    wakeup = Wakeup()
    try:
        Keeper(directory, wakeup).run()
    except AssertionError as fault:
        (directory / FAULT).write_text(str(fault))
        while True:
            wakeup.wait(None)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except StopWanted:
        sys.exit(0)
