"""Addresses that are no scheduler: one line within ten seconds, whatever listens there."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from banmian.scale import connection
from banmian.scale.connection import Certificates, check_scheduler, client_security


@contextmanager
def listener(greeting: bytes | None) -> Iterator[str]:
    """A server on loopback that greets each connection with these bytes, or says nothing; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []

        def accept() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return
                if greeting is not None:
                    held[-1].sendall(greeting)

        Thread(target=accept, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("greeting", "fact"),
    [
        (None, "timed out"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "another protocol"),
        (b"\x05\0\0\0\0\0\0\0hello", "another protocol"),
    ],
)
def test_what_is_no_scheduler_is_one_line(monkeypatch: pytest.MonkeyPatch, greeting: bytes | None, fact: str) -> None:
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 2)
    with listener(greeting) as address, pytest.raises(ValueError, match=f"no Dask scheduler answers there.*{fact}"):
        check_scheduler(address, None)


@pytest.mark.parametrize(
    ("address", "fact"),
    [
        ("tcp://127.0.0.1:1", "no Dask scheduler answers"),
        ("tcp://127.0.0.1", "tcp://HOST:PORT"),
        ("tcp://127.0.0.1:99999", "tcp://HOST:PORT"),
        ("", "begins with tcp:// or tls://"),
        ("127.0.0.1:8786", "begins with tcp:// or tls://"),
        ("ws://127.0.0.1:8786", "begins with tcp:// or tls://"),
        ("tls://127.0.0.1:1", "give the cluster's certificates"),
    ],
)
def test_a_wrong_address_is_one_line(address: str, fact: str) -> None:
    with pytest.raises(ValueError, match=fact):
        check_scheduler(address, client_security(address, None))


def test_certificates_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    files = Certificates(tmp_path / "ca.pem", tmp_path / "cert.pem", tmp_path / "key.pem")
    with pytest.raises(ValueError, match=r"ca\.pem: no such file"):
        client_security("tls://127.0.0.1:1", files)
    for file in files:
        file.write_text("no certificate", encoding="ascii")
    with pytest.raises(ValueError, match="cannot be used"):
        client_security("tls://127.0.0.1:1", files)
    with pytest.raises(ValueError, match="certificates need tls://"):
        client_security("tcp://127.0.0.1:1", files)


def test_a_signal_ends_the_wait_for_a_mute_scheduler(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": 1, "text": "茶"}', encoding="utf-8")
    with listener(None) as address:
        command = [sys.executable, "-c", "from banmian.cli import main; main()", "topics", str(rows)]
        command += ["-o", str(tmp_path / "out"), "--scheduler", address]
        process = subprocess.Popen(command, stderr=subprocess.PIPE)
        lock = tmp_path / "out" / "_lock"
        while not lock.exists():
            assert process.poll() is None
        process.terminate()
        assert process.wait(timeout=60) == 143
        assert process.stderr is not None and b"Traceback" not in process.stderr.read()
        process.stderr.close()
