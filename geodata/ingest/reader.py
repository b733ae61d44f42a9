"""The limited reader: a forked process that reads one foreign file and ends, whatever the file does to it."""

import os
import resource
import select
import signal
import traceback
from pathlib import Path
from typing import NoReturn

from geodata.ingest.answers import read_job, write_model, write_refusal
from geodata.ingest.errors import ModelRejected
from geodata.ingest.glb import read_model
from geodata.ingest.limits import Limits

ANSWERED, OUT_OF_MEMORY, BROKEN = 0, 3, 4
_MIB = 2**20


def read_apart(folder: Path, wall_s: float) -> str:
    """Have a forked process do the job of a folder.

    Returns `answered`, or the code of a refusal: `reader_out_of_memory`, `reader_too_slow` or `reader_died`.
    """
    ended, alive = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ended)
        _read(folder)
    os.close(alive)  # now only the reader holds it: its end, of whatever kind, can be seen on the other side
    in_time = bool(select.select([ended], [], [], wall_s)[0])
    os.close(ended)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return _outcome(os.waitstatus_to_exitcode(status)) if in_time else "reader_too_slow"


def _outcome(exit_code: int) -> str:
    if exit_code == -signal.SIGXCPU:
        return "reader_too_slow"
    return {ANSWERED: "answered", OUT_OF_MEMORY: "reader_out_of_memory"}.get(exit_code, "reader_died")


def _read(folder: Path) -> NoReturn:
    """Read the folder's input under the job's limits and leave the process, never the function."""
    try:
        _detach()
        data, name, units, limits = read_job(folder)
        os.chdir(folder)
        restrict(limits)
        write_model(Path(), read_model(data, name, units, limits))
        os._exit(ANSWERED)
    except ModelRejected as refusal:
        write_refusal(folder, refusal)
        os._exit(ANSWERED)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException:  # whatever it is, it must not go on as a second gatekeeper
        traceback.print_exc()
        os._exit(BROKEN)
    finally:
        os._exit(BROKEN)


def _detach() -> None:
    """Let go of the gatekeeper's own input and output: a line from here would pass for its answer."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)


def restrict(limits: Limits) -> None:
    """Set this process's own limits for good.

    Memory does not bind on macOS, and the number of processes does not bind for root: there the wall clock and the
    counts of the gate remain.
    """
    wanted = {
        resource.RLIMIT_AS: limits.memory_mb * _MIB,
        resource.RLIMIT_CPU: limits.cpu_s,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_FSIZE: limits.written_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in wanted.items():
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        last = (
            most + 1 if kind == resource.RLIMIT_CPU else most
        )  # at the first the kernel says why, at the last not
        try:
            resource.setrlimit(kind, (most, last))
        except (OSError, ValueError):
            continue
