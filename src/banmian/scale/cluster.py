"""A Dask cluster here or elsewhere, and waiting for it without waiting for ever."""

import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

from banmian.scale.connection import Certificates, check_scheduler, client_security, run_security

if TYPE_CHECKING:
    from distributed import Client

# Open files of the process that starts a cluster, and of it for each worker; Dask holds fewer, some of them briefly.
HANDLES, HANDLES_A_WORKER = 128, 32
# A task that has taken down this many workers is given up, so that one cursed partition does not eat the cluster.
ALLOWED_FAILURES = 2
# A worker on a busy machine takes half a minute to start; longer than this without any, and none will come.
NO_WORKERS_SECONDS = 300
CLUSTER = {
    "distributed.scheduler.allowed-failures": ALLOWED_FAILURES,
    # As many tasks on a worker as it has threads: one that only waits there would be blamed for the worker's death too.
    "distributed.scheduler.worker-saturation": 1.0,
    # A killed worker is started anew by its nanny. Dask looks again 15 s after each death and, if the worker is down or
    # still starting at that moment, sends the nanny away for good: a slow machine ends up without any worker.
    "distributed.deploy.lost-worker-timeout": "1000 days",
    # Dask would have memory given back to the system piece by piece, and the network asks for much and often: labelling
    # on two threads of a worker took twice the time.
    "distributed.nanny.pre-spawn-environ": {},
}
# Pages and lists of what the workers do, open to every program on the machine.
NO_STATUS_PAGE: dict[str, list[str]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}


@contextmanager
def open_cluster(
    scheduler: str | None = None, workers: int = 0, certificates: Certificates | None = None
) -> "Iterator[Client | None]":
    """Yield a Dask client of the cluster at ``scheduler``, or of ``workers`` processes here; None if neither is given.

    The local cluster listens on loopback alone, lets in only who shows the certificate made for this run, and serves no
    status page. Dask sends pickles: join only clusters whose every member you trust.

    Raises ``ValueError`` if no scheduler answers at the address within ten seconds, or the workers cannot be started.
    """
    if scheduler is not None:
        with _join_cluster(scheduler, certificates) as client:
            yield client
    elif workers:
        with _start_cluster(workers) as client:
            yield client
    else:
        yield None


@contextmanager
def _join_cluster(scheduler: str, certificates: Certificates | None) -> "Iterator[Client]":
    import dask
    from distributed import Client

    security = client_security(scheduler, certificates)
    check_scheduler(scheduler, security)
    with dask.config.set(CLUSTER):
        try:
            client = Client(scheduler, timeout=10, security=security)
        except (OSError, ValueError) as error:
            raise ValueError(f"{scheduler}: no Dask scheduler answers there; check address and port") from error
        with client:
            client.run(_use_own_threads)
            yield client


@contextmanager
def _start_cluster(workers: int) -> "Iterator[Client]":
    import dask
    from distributed import Client, LocalCluster

    _check_handles(workers)
    # Each worker embeds on threads of its own; together they should not ask for more cores than there are.
    threads = str(max(1, (os.cpu_count() or 1) // workers))
    # A terminal sends Ctrl-C to every process it started. Workers inherit what is blocked here and leave it to us;
    # else each would end in a traceback while we put them away.
    resource_tracker.ensure_running()  # it would unblock the signal in the thread that starts it
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    with dask.config.set(CLUSTER | NO_STATUS_PAGE), ExitStack() as opened:
        opened.callback(signal.pthread_sigmask, signal.SIG_SETMASK, mask)
        try:
            security = run_security()
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                protocol="tls://",
                security=security,
                dashboard_address="127.0.0.1:0",  # None would serve on every interface
                memory_limit=0,
                silence_logs=50,
                env={"LOKY_MAX_CPU_COUNT": threads, "OMP_NUM_THREADS": "1"},
            )
            opened.enter_context(cluster)
            client = opened.enter_context(Client(cluster, security=security))
        except RuntimeError as error:
            raise ValueError(f"{workers} workers cannot be started ({error}); try fewer") from error
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        yield client


def _check_handles(workers: int) -> None:
    """Raise the limit of open files as far as allowed; ``ValueError`` if it is too low: Dask would wait for ever."""
    needed = HANDLES + workers * HANDLES_A_WORKER
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY != soft < needed:
        if resource.RLIM_INFINITY != hard < needed:
            raise ValueError(f"{workers} workers need {needed} open files, and {hard} are allowed; see ulimit -n")
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _use_own_threads(dask_worker: Any) -> None:
    """Let a worker embed on as many threads as it was given, not on as many as its machine has cores.

    Workers that join later ask for all cores: slower where several share a machine, and no less right.
    """
    os.environ.setdefault("LOKY_MAX_CPU_COUNT", str(dask_worker.state.nthreads))


def as_completed(client: Any, futures: list[Any]) -> Iterator[Any]:
    """Yield Dask futures as they are done and empty the list; what still waits at the end is cancelled.

    Raises ``ValueError`` when the cluster has had no worker for `NO_WORKERS_SECONDS`; Dask itself would wait for ever.
    """
    from distributed import as_completed

    waiting = as_completed(futures)
    futures.clear()  # as_completed holds them, and lets each go when it is done
    seen = looked = time.monotonic()
    try:
        while waiting.count():
            for future in waiting.next_batch(block=False):
                yield future
                future.release()  # an error's traceback holds the future; Dask would make its result again and again
            now = time.monotonic()
            if now - looked > 1:
                looked = now
                seen = now if client.nthreads() else seen
                if now - seen > NO_WORKERS_SECONDS:
                    raise ValueError(f"the cluster has had no workers for {NO_WORKERS_SECONDS} seconds; see its logs")
            time.sleep(0.02)
    finally:
        if waiting.futures:
            client.cancel(list(waiting.futures))


def map_jobs(client: Any, function: Any, jobs: list[Any]) -> list[Any]:
    """Return function(job) for each job in order, on the cluster if there is a client.

    Raises ``ValueError`` if a job took down its workers or none is left; else whatever the function raises.
    """
    if client is None:
        return [function(job) for job in jobs]
    from distributed import KilledWorker

    futures = client.map(function, jobs, pure=False)
    number_of = {future.key: number for number, future in enumerate(futures)}
    results: dict[int, Any] = {}
    try:
        for future in as_completed(client, futures):
            results[number_of[future.key]] = future.result()
    except KilledWorker as error:
        raise ValueError(f"a part of the work took down {ALLOWED_FAILURES + 1} workers ({error})") from error
    return [results[number] for number in range(len(jobs))]
