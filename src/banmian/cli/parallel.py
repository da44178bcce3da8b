"""The options that turn a command into a run over partitions, and what such a run opens and says."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from banmian.cli.terminal import defer_signals, echo_status

if TYPE_CHECKING:
    from distributed import Client

    from banmian.scale.connection import Certificates

PATH = click.Path(path_type=Path)
# A worker on a busy machine takes half a minute to start; who interrupts that should not wait for all of it.
START_SECONDS = 15


class ClusterOptions(NamedTuple):
    """What a command was asked to run on: so many processes here, or the scheduler at an address."""

    workers: int
    scheduler: str | None
    certificates: "Certificates | None"


@contextmanager
def open_run(output: Path | None, cluster: ClusterOptions) -> Iterator[tuple[Path, "Client | None"]]:
    """Yield the output folder, locked, and a Dask client for a run over partitions."""
    from banmian.scale.cluster import open_cluster
    from banmian.scale.executor import open_folder

    if output is None:
        raise click.UsageError("--workers and --scheduler write a folder: give one with -o")
    with open_folder(output), ExitStack() as opened:
        # Workers half started are not to be stopped in good order; a scheduler elsewhere is not ours to wait for.
        with nullcontext() if cluster.scheduler is not None else defer_signals(START_SECONDS):
            client = opened.enter_context(open_cluster(cluster.scheduler, cluster.workers, cluster.certificates))
        yield output.resolve(), client


def parallel_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that turn a command into a run over partitions; the command gets them as ``cluster``, or None."""

    @wraps(command)
    def filled(
        workers: int | None,
        scheduler: str | None,
        tls_ca: Path | None,
        tls_cert: Path | None,
        tls_key: Path | None,
        **others: Any,
    ) -> None:
        cluster = None
        if workers or scheduler is not None:
            certificates = None
            if tls_ca or tls_cert or tls_key:
                from banmian.scale.connection import Certificates

                if not (tls_ca and tls_cert and tls_key):
                    raise click.UsageError("--tls-ca, --tls-cert and --tls-key go together")
                certificates = Certificates(tls_ca, tls_cert, tls_key)
            cluster = ClusterOptions(workers or 0, scheduler, certificates)
        command(cluster=cluster, **others)

    options = [
        click.option(
            "--workers",
            type=click.IntRange(1),
            help="Run on this many processes, into the folder OUTPUT: Parquet in partitions. Started again after an "
            "interruption, it does only what is missing.",
        ),
        click.option("--scheduler", metavar="tls://…", help="The same on the Dask cluster at this address."),
        click.option("--tls-ca", type=PATH, help="For tls://: the authority that signed the cluster's certificates."),
        click.option("--tls-cert", type=PATH, help="For tls://: this machine's certificate."),
        click.option("--tls-key", type=PATH, help="For tls://: the key of that certificate."),
    ]
    for option in reversed(options):
        filled = option(filled)
    return filled


def echo_manifest(manifest: dict[str, Any], what: str, out: Path) -> None:
    """Say what a run over partitions made; raises ``ValueError`` if some took down their workers."""
    aside = f"; {manifest['set_aside']} rows set aside, see {out}/_set_aside" if manifest["set_aside"] else ""
    echo_status(f"{manifest['rows']} {what} in {len(manifest['parts'])} partitions of {out}{aside}")
    if manifest["lost"]:
        numbers = ", ".join(str(lost["part"]) for lost in manifest["lost"])
        raise ValueError(f"partitions {numbers} took down their workers and are missing; see their rows in the input")
