#!/usr/bin/env python3
"""Verify an evidence pack with Python alone: no portal, no network, no packages.

    python -I -S verify_pack.py [--key HEX | --fingerprint HEX] evidence.zip

The key comes from the organization, by another way than the pack. Exit code 0: everything holds; 1: something
does not, and every fault is named; 2: it is no pack.

What is looked at: the Ed25519 signature of the manifest (RFC 8032, written out below); that the pack holds
exactly the files of the manifest, each with its hash; that request, facts, rules and records have the hashes
the decision rests on; that every verdict names exactly this request; that every entry of the trail is a leaf
of the tree whose root is signed (RFC 6962); that the texts beside entries are those committed to; and that
every key was issued by a grant of the pack.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile

FORMAT = "lakewarden-evidence/1"
LARGEST = 512 * 1024 * 1024
UNLISTED = ("manifest.json", "manifest.sig", "public-key.txt")

# Ed25519, RFC 8032, section 5.1. Verification handles nothing secret, so it need not take constant time.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _plus(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _plus(found, point)
        point = _plus(point, point)
        number >>= 1
    return found


def _is_same(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % P == 0


def _x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def _point(encoded):
    """The point that 32 bytes stand for, or None."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is one of the message by the owner of the key."""
    if len(key) != 32 or len(signature) != 64:
        return False
    owner, commitment = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if owner is None or commitment is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return _is_same(_times(scalar, BASE), _plus(commitment, _times(challenge, owner)))


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Where a leaf leads by its proof (RFC 9162, 2.1.3.2); None where the proof is none of that size."""
    if not 0 <= index < size:
        return None
    found, last = leaf, size - 1
    for beside in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            found = hashlib.sha256(b"\x01" + beside + found).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + beside).digest()
        index, last = index >> 1, last >> 1
    return found if last == 0 else None


class NoPack(Exception):
    """It is not an evidence pack."""


class Report:
    """What was found, line by line."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def say(self, holds: bool, told: str, fault: str = "") -> bool:
        print(f"  ok     {told}" if holds else f"FAILED   {fault or told}")
        if not holds:
            self.faults.append(fault or told)
        return holds


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_pack(path: str) -> tuple[dict[str, bytes], list[str]]:
    """The files by name, and the names that stand in it twice."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise NoPack("It unpacks to more than a pack may hold.")
            names = [entry.filename for entry in entries]
            files = {entry.filename: archive.read(entry) for entry in entries}
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as fault:
        raise NoPack(f"It cannot be read: {fault}") from fault
    if "manifest.json" not in files or "manifest.sig" not in files:
        raise NoPack("It holds no manifest, or no signature of it.")
    return files, sorted({name for name in names if names.count(name) > 1})


def key_of(files: dict[str, bytes], key: str, fingerprint: str, report: Report) -> bytes:
    """The key to verify with: the one given, or the one in the pack if it has the fingerprint given."""
    held = "".join(files.get("public-key.txt", b"").decode("ascii", "replace").split())
    given = "".join(key.split()).lower()
    try:
        found = bytes.fromhex(given or held)
    except ValueError:
        raise NoPack("The key is no hexadecimal number.") from None
    if given and held:
        report.say(
            given == held.lower(), "the pack names the key you gave", "public-key.txt: another key than yours"
        )
    if fingerprint:
        wanted = "".join(fingerprint.split()).lower()
        fits = len(wanted) >= 16 and sha256(found).startswith(wanted)
        report.say(
            fits, "the key has the fingerprint you gave", "public-key.txt: the key has another fingerprint"
        )
    return found


def check_files(files: dict[str, bytes], manifest: dict, twice: list[str], report: Report) -> None:
    listed = manifest["files"]
    for name in twice:
        report.say(False, "", f"{name}: stands in the pack twice")
    for name in sorted(set(files) - set(listed) - set(UNLISTED)):
        report.say(False, "", f"{name}: is in the pack and not in the manifest")
    for name in sorted(set(listed) - set(files)):
        report.say(False, "", f"{name}: was removed")
    for name in sorted(set(listed) & set(files)):
        report.say(sha256(files[name]) == listed[name]["sha256"], name, f"{name}: was changed")


def check_decision(files: dict[str, bytes], about: dict, report: Report) -> None:
    """The documents are those that the decision names."""
    for name, stated in (
        ("request.json", "revision_sha256"),
        ("facts.json", "facts_sha256"),
        ("rulebook.json", "rulebook_sha256"),
    ):
        told = f"{name} has the hash that the decision rests on"
        report.say(sha256(files[name]) == about[stated], told, f"{name}: is not what the decision rests on")
    decision = json.loads(files["decision.json"])
    other = [
        each["uid"]
        for each in decision["verdicts"]
        if each["decision"] == about["decision_uid"] and each["revision_sha256"] != about["revision_sha256"]
    ]
    report.say(
        not other,
        "every verdict on the decision names this request",
        f"decision.json: verdicts on another request: {other}",
    )
    for record in json.loads(files["records.json"]):
        if record["signed_sha256"]:
            name = record["file"]
            told = f"{name} is what was signed off"
            report.say(
                sha256(files[name]) == record["signed_sha256"], told, f"{name}: is not what was signed off"
            )


def check_trail(files: dict[str, bytes], about: dict, report: Report) -> None:
    proofs = json.loads(files["trail/proofs.json"])
    leaves = files["trail/entries.jsonl"].split(b"\n")[:-1]
    size = len(leaves)
    fits = size == proofs["size"] == about["trail_entries"] == len(proofs["proofs"])
    report.say(
        fits,
        f"{size} entries of the trail, each with a proof",
        "trail: entries and proofs do not match in number",
    )
    report.say(
        proofs["root"] == about["trail_root"],
        "the root of the trail is the signed one",
        "trail/proofs.json: another root",
    )
    root, lost = bytes.fromhex(about["trail_root"]), []
    entries = {}
    for leaf, proof in zip(leaves, proofs["proofs"], strict=False):
        entry = json.loads(leaf)
        entries[entry["uid"]] = entry
        path = [bytes.fromhex(each) for each in proof["path"]]
        found = root_from(hashlib.sha256(b"\x00" + leaf).digest(), proof["index"], size, path)
        if found != root or proof["entry"] != entry["uid"]:
            lost.append(entry["uid"])
    report.say(
        not lost,
        "every entry leads to the root",
        f"trail/entries.jsonl: entries that do not lead to the root: {lost}",
    )
    wrong = []
    for each in json.loads(files["trail/personal.json"]):
        stated = entries.get(each["entry"], {}).get("commitments", {}).get(each["field"])
        if sha256(bytes.fromhex(each["salt"]) + each["value"].encode()) != stated:
            wrong.append(f"{each['field']} of {each['entry']}")
    report.say(
        not wrong,
        "the texts are those that the entries commit to",
        f"trail/personal.json: other texts: {wrong}",
    )


def check_chain(files: dict[str, bytes], report: Report) -> None:
    """No key without a grant, and none in the trail that is not listed."""
    grants = {each["uid"] for each in json.loads(files["grants.json"])}
    keys = json.loads(files["keys.json"])
    loose = [each["lease"] for each in keys if each["grant"] not in grants]
    report.say(
        not loose,
        f"{len(keys)} keys, each by a grant in the pack",
        f"keys.json: keys of no grant in the pack: {loose}",
    )
    listed = {"access.grant.created": grants, "credentials.lease.issued": {each["lease"] for each in keys}}
    entries = [json.loads(leaf) for leaf in files["trail/entries.jsonl"].split(b"\n")[:-1]]
    unlisted = [
        each["subject_uid"]
        for each in entries
        if each["name"] in listed and each["subject_uid"] not in listed[each["name"]]
    ]
    report.say(
        not unlisted,
        "every grant and every key that the trail tells of is listed",
        f"grants.json, keys.json: the trail tells of more: {unlisted}",
    )


def verify(path: str, *, key: str = "", fingerprint: str = "") -> Report:
    """Raises: NoPack."""
    report = Report()
    files, twice = read_pack(path)
    public = key_of(files, key, fingerprint, report)
    try:
        signature = bytes.fromhex(files["manifest.sig"].decode("ascii").strip())
    except ValueError:
        signature = b""
    signed = is_signed(public, files["manifest.json"], signature)
    report.say(
        signed,
        "manifest.json is signed by the key",
        "manifest.json: the signature is not of this key, or the manifest was changed",
    )
    try:
        manifest = json.loads(files["manifest.json"])
        if manifest["format"] != FORMAT:
            raise NoPack(f"This is another format: {manifest['format']}")
        check_files(files, manifest, twice, report)
        if not report.faults:
            check_decision(files, manifest["about"], report)
            check_trail(files, manifest["about"], report)
            check_chain(files, report)
            made = {each["check"]: each["holds"] for each in json.loads(files["checks.json"])["checks"]}
            for check, holds in made.items():
                report.say(
                    holds,
                    f"when it was made: {check}",
                    f"checks.json: did not hold when it was made: {check}",
                )
            about = manifest["about"]
            print(f"\n{about['request']} of {about['organization']}, made at {manifest['made_at']}")
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as fault:
        report.say(False, "", f"manifest.json or a file beside it is not as a pack is written: {fault!r}")
    return report


def main() -> int:
    words = argparse.ArgumentParser(description="Verify an evidence pack.")
    words.add_argument("pack", help="the ZIP file")
    words.add_argument("--key", default="", help="the public key of the organization, in hexadecimal")
    words.add_argument(
        "--fingerprint", default="", help="its SHA-256, or at least 16 digits of its beginning"
    )
    given = words.parse_args()
    try:
        report = verify(given.pack, key=given.key, fingerprint=given.fingerprint)
    except NoPack as fault:
        print(f"This is no evidence pack. {fault}")
        return 2
    if report.faults:
        print(f"\nDo not rely on this pack: {len(report.faults)} of what was looked at do not hold.")
        return 1
    if given.key or given.fingerprint:
        print("Everything holds.")
    else:
        print(
            "Everything fits together. Whose key it is has not been looked at: give --key or --fingerprint."
        )
        print(f"The key in the pack: {''.join(read_pack(given.pack)[0]['public-key.txt'].decode().split())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
