"""Heavy or risky work in a process of its own: it cannot hold up requests, and its crash stays its own."""

import asyncio
import os
import sys
from collections.abc import Sequence

from civic.kernel.errors import Unavailable

LOW_PRIORITY = 10
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


async def run_module(module: str, arguments: Sequence[str], stdin: bytes, within_s: float) -> bytes:
    """Run ``python -m module`` with nothing of our environment, at low priority, and return its output.

    Unavailable when it fails or does not end in time; what it wrote to stderr goes to ours. Cancelling kills it.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.environ.get("PATH", ""), **_ONE_THREAD},
    )
    try:
        os.setpriority(os.PRIO_PROCESS, child.pid, LOW_PRIORITY)
        output, _ = await asyncio.wait_for(child.communicate(stdin), within_s)
    except TimeoutError:
        raise _failed(module, "timeout") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise _failed(module, f"exit {child.returncode}")
    return output


def _failed(module: str, reason: str) -> Unavailable:
    return Unavailable(
        "child_failed",
        "計算（{module}）が終わりませんでした（{reason}）。少し待ってから、もう一度ためしてください。",
        module=module,
        reason=reason,
    )
