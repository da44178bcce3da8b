"""Files that are written whole or not at all, and folders that one process at a time writes to."""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from glob import escape
from pathlib import Path

_TEMPORARY = re.compile(r"(?:^|\.)banmian-(?P<machine>[0-9a-f]{8})-(?P<process>[0-9]{1,9})-")
_WAIT_SECONDS = 60  # three small files take a hundredth of one


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yield a temporary name beside ``path`` and move it there at the end; on any error the old file stays.

    The temporary name is unique, so two processes that write the same file do not mix: the later one wins. A full disk
    or a folder that cannot be written to is a ``ValueError`` that names ``path``. A link is followed; a device or a
    pipe (/dev/null, /dev/stdout) is written to as it is and not replaced.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        yield path
        return
    try:
        path = path.resolve() if path.is_symlink() else path
    except (OSError, RuntimeError) as error:
        raise ValueError(f"{path}: a link that leads to itself; choose another name") from error
    # Named before it is made, so that an interrupt between the two finds it too.
    temporary = path.with_name(_temporary_name(path))
    try:
        try:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, "it is a folder")
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise ValueError(
                f"{path}: cannot be written ({error.strerror}); choose a folder that you may write to"
            ) from error
        yield temporary
        # Made for the owner only until it is whole; a result should be as readable as the one before it, or any file.
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask)
        temporary.replace(path)
    except OSError as error:
        # Reading fails with the input's name; without a name, or with the temporary one, it was the writing.
        if error.filename not in (None, str(temporary)):
            raise
        raise ValueError(f"{path}: cannot be written ({error.strerror or error}); free some space there") from error
    finally:
        with suppress(OSError):  # on a disk that cannot be written to, which the error above says
            temporary.unlink(missing_ok=True)


def remove_leftovers(path: Path) -> None:
    """Delete half written files beside ``path`` that were to become it, of processes of ours that are dead.

    A name says which process of which machine made it; what is not provably of a dead one stays.
    """
    prefix = _temporary_name(path).rpartition(".banmian-")[0]
    for leftover in path.parent.glob(f"{escape(prefix)}.banmian-*.part"):
        if is_leftover(leftover.name):
            leftover.unlink(missing_ok=True)


def is_leftover(name: str) -> bool:
    """Tell whether this is the name of a half written file, or temporary folder, of a dead process of this machine."""
    found = _TEMPORARY.search(name)
    if not found or found["machine"] != _machine():
        return False
    try:
        os.kill(int(found["process"]), 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that is gone at the end, after deleting those that dead processes of ours left."""
    for leftover in Path(tempfile.gettempdir()).glob("banmian-*"):
        with suppress(OSError):
            if is_leftover(leftover.name) and leftover.lstat().st_uid == os.getuid():
                shutil.rmtree(leftover)  # which refuses a link
    with tempfile.TemporaryDirectory(prefix=f"{process_mark()}-") as folder:
        yield Path(folder)


def process_mark() -> str:
    """Return what names of temporary files and folders carry: machine and process."""
    return f"banmian-{_machine()}-{os.getpid()}"


def _temporary_name(path: Path) -> str:
    # A name may have 255 bytes, and a character up to four.
    return f".{path.name[:45]}.{process_mark()}-{secrets.token_hex(6)}.part"


@cache
def _machine() -> str:
    """Eight hexadecimal digits for what process numbers are of: this boot of this machine, in this container."""
    parts = [socket.gethostname()]
    for name in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        with suppress(OSError):
            place = Path(name)
            parts.append(str(place.readlink()) if place.is_symlink() else place.read_text(encoding="ascii"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


@contextmanager
def exclusive_folder(folder: Path) -> Iterator[None]:
    """Make a folder and wait until no other process writes there: files that belong together are all of one run.

    Raises ``ValueError`` if the folder cannot be made, or another holds it for a minute. Where the file system knows no
    locks there is none.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise ValueError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error
    try:
        last = time.monotonic() + _WAIT_SECONDS
        while _is_locked(handle):
            if time.monotonic() > last:
                raise ValueError(f"{folder}: another run is writing there; wait for it or choose another folder")
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _is_locked(handle: int) -> bool:
    """Try to lock an open folder; return whether another process has it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no locks on this file system
        pass
    return False
