"""The tree is that of RFC 6962: its published roots, and proofs that lead to them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from apps.audit.tree import leaf_hash, proofs_of, root_of

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Of no leaf, one leaf, … eight leaves."""
HASHES = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]


def verifier() -> Any:
    path = Path(__file__).resolve().parents[2] / "docs" / "verify_pack.py"
    spec = importlib.util.spec_from_file_location("verify_pack", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = verifier()


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_root_is_the_published_one(size: int) -> None:
    assert root_of(HASHES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 13, 64, 100])
def test_every_leaf_leads_to_the_root_and_no_other_does(size: int) -> None:
    hashes = [leaf_hash(str(number).encode()) for number in range(size)]
    root = root_of(hashes)
    for index, path in enumerate(proofs_of(hashes)):
        assert VERIFIER.root_from(hashes[index], index, size, list(path)) == root
        assert VERIFIER.root_from(leaf_hash(b"another"), index, size, list(path)) != root
        assert VERIFIER.root_from(hashes[index], index, size, [*path, root]) != root
        if path:
            assert VERIFIER.root_from(hashes[index], index, size, list(path[:-1])) != root


RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_the_verifier_agrees_with_the_vectors_of_rfc_8032(key: str, message: str, signature: str) -> None:
    public, said, signed = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert VERIFIER.is_signed(public, said, signed)
    assert not VERIFIER.is_signed(public, said + b"x", signed)
    assert not VERIFIER.is_signed(public, said, bytes([signed[0] ^ 1]) + signed[1:])
    assert not VERIFIER.is_signed(
        bytes.fromhex(RFC_8032[0][0]) if key != RFC_8032[0][0] else b"\1" * 32, said, signed
    )


def test_a_signature_with_the_order_added_is_none() -> None:
    """RFC 8032, 5.1.7: S is below the order, so that nobody can make a second signature of the first."""
    key, message, signature = RFC_8032[1]
    signed = bytes.fromhex(signature)
    larger = int.from_bytes(signed[32:], "little") + VERIFIER.ORDER
    forged = signed[:32] + larger.to_bytes(32, "little")
    assert not VERIFIER.is_signed(bytes.fromhex(key), bytes.fromhex(message), forged)


def test_the_verifier_agrees_with_the_library_that_signs() -> None:
    from apps.kernel.signatures import public_keys, sign

    for number in range(20):
        message = f"message {number}".encode() * number
        signature = sign(message, use="tests")
        assert VERIFIER.is_signed(bytes.fromhex(signature.key.hex), message, bytes.fromhex(signature.hex))
        assert signature.key == public_keys(use="tests")[0]
        assert signature.key != public_keys(use="other")[0]
