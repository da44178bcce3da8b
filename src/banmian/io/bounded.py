"""A function run in a process of its own that may take so much time and memory and no more."""

import os
import resource
import subprocess
import sys

_CHILD = """
import resource, sys
from importlib import import_module
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
module, _, name = sys.argv[1].partition(":")
function = getattr(import_module(module), name)
try:
    sys.stdout.buffer.write(function(sys.stdin.buffer.read()).encode("utf-8", "surrogatepass"))
except ValueError as error:
    sys.stderr.write(str(error))
    sys.exit(3)
"""
_REFUSED = 3


def run_bounded(function: str, data: bytes, seconds: float, megabytes: int) -> str:
    """Return the text that a function (``package.module:name``, bytes → text) makes of the data.

    It runs in a child process, whose memory is limited and which is killed when its time is over: a parser that
    allocates or loops in C heeds nothing else.

    Raises ``ValueError``: what the function raises, or that it took more time or memory than this.
    """
    limit = megabytes * 1_000_000
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    command = [sys.executable, "-W", "ignore", "-c", _CHILD, function, str(limit)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, env=environment, check=False)
    except subprocess.TimeoutExpired:
        raise ValueError(f"takes over {seconds:g} s to read; is it a page?") from None
    if done.returncode == _REFUSED:
        raise ValueError(done.stderr.decode("utf-8", "replace"))
    if done.returncode:
        raise ValueError(f"needs over {megabytes} MB to read, or its parser failed; is it a page?")
    return done.stdout.decode("utf-8", "surrogatepass")
