"""Who may talk to a cluster: certificates, and whether a Dask scheduler answers at an address at all.

Dask sends code. Whoever can open a connection to a scheduler or a worker can run any, so a cluster of ours lets in
nobody without the certificate that was made for it.
"""

import socket
import ssl
import struct
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from distributed import Security

# A scheduler on a slow network answers in a second.
ANSWER_SECONDS = 8
# A scheduler's greeting (compression, versions of Python and pickle) has some hundred bytes.
_MAX_GREETING = 100_000


class Certificates(NamedTuple):
    """Files in PEM: the authority that signed every member of the cluster, and this member's certificate and key."""

    authority: Path
    certificate: Path
    key: Path


def run_security() -> "Security":
    """Return certificate and key made for one run, in memory only; both sides of every connection must show them."""
    from distributed import Security

    return Security.temporary()


def client_security(address: str, certificates: Certificates | None) -> "Security | None":
    """Return what a client shows to a scheduler: these certificates, or those of Dask's own configuration.

    Raises ``ValueError``: an address that is neither tcp:// nor tls://, or certificates that lack or cannot be read.
    """
    from distributed import Security

    if address.startswith("tcp://") and certificates is None:
        return None
    if not address.startswith("tls://"):
        wrong = "certificates need tls://" if certificates else "an address begins with tcp:// or tls://"
        raise ValueError(f"{address!r}: {wrong}")
    options = {}
    if certificates is not None:
        for path in certificates:
            if not path.is_file():
                raise ValueError(f"{path}: no such file; a cluster with TLS needs authority, certificate and key")
        authority, certificate, key = map(str, certificates)
        options = {"tls_ca_file": authority, "tls_client_cert": certificate, "tls_client_key": key}
    security = Security(require_encryption=True, **options)
    try:
        context = security.get_connection_args("client").get("ssl_context")
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"{address}: these certificates cannot be used ({error})") from error
    if context is None:
        raise ValueError(f"{address}: give the cluster's certificates with --tls-ca, --tls-cert and --tls-key")
    return security


def check_scheduler(address: str, security: "Security | None") -> None:
    """Raise ``ValueError``, within ten seconds, unless a Dask scheduler answers at the address.

    Asked for in a thread: a look-up of a name cannot be interrupted, and a signal must always end the wait.
    """
    failed: list[str] = ["it does not answer"]

    def ask() -> None:
        failed[:] = _ask(address, security)

    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(ANSWER_SECONDS)
    if failed:
        raise ValueError(f"{address}: no Dask scheduler answers there ({failed[0]}); check address and port")


def _ask(address: str, security: "Security | None") -> list[str]:
    """Return why this is no scheduler; empty if it is one."""
    host, _, port = address.split("://", 1)[1].rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        return ["an address is tcp://HOST:PORT"]
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWER_SECONDS / 2) as plain:
            if security is None:
                return _read_greeting(plain)
            context: ssl.SSLContext = security.get_connection_args("client")["ssl_context"]
            with context.wrap_socket(plain) as secure:
                return _read_greeting(secure)
    except (OSError, UnicodeError) as error:
        return [str(error) or type(error).__name__]


def _read_greeting(connection: socket.socket) -> list[str]:
    """Wait for the greeting of a scheduler: its length in eight bytes, then the message, which names pickle."""
    data = b""
    while len(data) < 8:
        if not (more := connection.recv(8 - len(data))):
            return ["it closes the connection"]
        data += more
    size = struct.unpack("<Q", data)[0]
    if size > _MAX_GREETING:
        return ["it speaks another protocol"]
    data = b""
    while len(data) < size and (more := connection.recv(size - len(data))):
        data += more
    return [] if b"pickle-protocol" in data else ["it speaks another protocol"]
