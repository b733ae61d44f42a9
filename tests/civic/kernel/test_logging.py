"""A line of the log that cannot be written costs the line, not the work it tells of."""

import subprocess
import sys

LOGS = (
    "from civic.kernel.logging import configure_logging, logger; "
    "configure_logging(); logger('test').error('lost'); print('went on')"
)


def test_work_goes_on_when_the_log_cannot_be_written():
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, "-c", LOGS], stdout=subprocess.PIPE, stderr=full, text=True, check=False
        )
    assert ended.stdout == "went on\n"
