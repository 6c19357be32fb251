"""Which addresses may be spoken to: those of the public internet, whatever way they are written."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Resolver = Callable[[str, int], Sequence[str]]

PUBLIC_V6 = IPv6Network("2000::/3")
"""All of IPv6 that is given out (RFC 4291, IANA)."""
NOT_PUBLIC = tuple(
    ip_network(block)
    for block in (
        "192.0.0.0/24",  # protocol assignments, RFC 6890: not the same in every Python
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "2001::/23",  # protocol assignments, Teredo among them, RFC 2928
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: any IPv4 address in disguise
        "3fff::/20",  # documentation, RFC 9637
    )
)
TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("::ffff:0:0/96"))
"""NAT64 (RFC 6052) and mapped IPv4: the last four bytes are the address that is reached."""
TELLS_SECRETS = frozenset(
    ip_address(address)
    for address in (
        "169.254.169.254",  # metadata of most clouds
        "169.254.170.2",  # of containers
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",  # an address of the internet that is the host of the machine
    )
)


def addresses_of(host: str, port: int) -> list[str]:
    """What the resolver of the system says now.  Raises: OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_reachable(address: str, *, is_inside: bool) -> bool:
    """Whether the portal may connect to the address.

    `is_inside`: the operator named the host as one of their own. Then private networks and the machine itself
    may be reached, but never what hands secrets to whoever asks.
    """
    try:
        meant = _meant(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if meant in TELLS_SECRETS or meant.is_link_local or meant.is_multicast or meant.is_unspecified:
        return False
    return is_inside or _is_public(meant)


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address where an IPv6 address stands for one."""
    if isinstance(address, IPv6Address) and any(address in block for block in TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address not in PUBLIC_V6:
        return False
    return address.is_global and not any(address in block for block in NOT_PUBLIC)
