"""The first minute on a strange machine: each thing that may be missing is said in one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELL_TOOLS = ("sh", "dirname", "mkdir", "touch")

FAKE_PYTHON = """#!/bin/sh
case "$*" in
  *version_info*) echo {version} ;;
  *"import venv"*) exit {no_venv} ;;
  "-m venv"*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  *) exit 1 ;;
esac
"""

# Writes down how it was called, and makes a .venv whose Python says it is 3.13.
FAKE_UV = """#!/bin/sh
case "$1" in --version) exit 0 ;; esac
echo "$UV_PYTHON_DOWNLOADS $*" >> uv.calls
case "$*" in {fails}) exit 2 ;; esac
if [ "$1" = venv ]; then
  mkdir -p .venv/bin
  printf '#!/bin/sh\\necho 3.13.1\\n' > .venv/bin/python
  chmod +x .venv/bin/python
fi
"""


class Machine:
    """A checkout in a temporary folder and a PATH on which only chosen commands exist."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.path = folder / "bin"
        self.path.mkdir()
        for tool in (*SHELL_TOOLS, "cp", "chmod"):
            found = shutil.which(tool)
            assert found, tool
            (self.path / tool).symlink_to(found)
        for name in ("scripts", "requirements"):
            shutil.copytree(ROOT / name, self.checkout / name)

    def command(self, name: str, source: str) -> None:
        """Put a shell script on the PATH."""
        script = self.path / name
        script.write_text(source)
        script.chmod(0o755)

    def python(self, version: str, *, venv: bool = True, name: str = "python3") -> None:
        """Put a Python of some version on the PATH, with or without its venv module."""
        self.command(name, FAKE_PYTHON.format(version=version, no_venv=0 if venv else 1))

    def uv(self, fails: str = "nothing") -> None:
        """Put an installer on the PATH that fails when its arguments match the shell pattern."""
        self.command("uv", FAKE_UV.format(fails=fails))

    def bootstrap(self, kind: str = "run", **environment: str) -> tuple[int, list[str]]:
        """Run the bootstrap; returns its exit status and what it said."""
        done = subprocess.run(
            ["sh", "scripts/bootstrap", kind],
            cwd=self.checkout,
            env={"PATH": str(self.path), "HOME": str(self.checkout), **environment},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.stdout == ""
        said = [line for line in done.stderr.splitlines() if not line.startswith("Preparing .venv")]
        return done.returncode, said

    def calls(self) -> list[str]:
        """How the installer was called: the download permission, then the arguments."""
        return (self.checkout / "uv.calls").read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def refused(answer: tuple[int, list[str]]) -> str:
    """The one sentence of a refusal."""
    status, said = answer
    assert status == 1
    assert len(said) == 1, said
    assert said[0].endswith(".")
    return said[0]


def test_no_python(machine):
    sentence = refused(machine.bootstrap())
    assert "no python3 was found" in sentence
    assert "apt install python3 python3-venv" in sentence


@pytest.mark.parametrize("version", ["2.7.18", "3.8.18", "3.10.13"])
def test_an_old_python(machine, version):
    machine.python(version)
    sentence = refused(machine.bootstrap())
    assert f"python3 here is {version}" in sentence
    assert "3.11, 3.12 or 3.13" in sentence


def test_a_supported_python_beside_an_old_one_is_found(machine):
    machine.python("3.9.18")
    machine.python("3.12.1", name="python3.12")
    machine.uv()
    assert machine.bootstrap() == (0, [])
    assert f"--python {machine.path / 'python3.12'} " in machine.calls()[0]


def test_the_python_named_by_hand_is_used(machine):
    machine.python("3.12.1")
    machine.python("3.11.4", name="mine")
    machine.uv()
    assert machine.bootstrap(PYTHON="mine") == (0, [])
    assert f"--python {machine.path / 'mine'} " in machine.calls()[0]


def test_no_venv_module(machine):
    machine.python("3.11.2", venv=False)
    sentence = refused(machine.bootstrap())
    assert "without its venv module" in sentence
    assert "apt install python3-venv" in sentence


def test_the_installer_cannot_be_fetched(machine):
    machine.python("3.11.2")
    sentence = refused(machine.bootstrap())
    assert "check the network" in sentence
    assert "PIP_INDEX_URL" in sentence


def test_offline_with_a_real_python(machine):
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    sentence = refused(machine.bootstrap(PYTHON=sys.executable, **nowhere))
    assert "check the network" in sentence
    assert (machine.checkout / ".tools" / "bootstrap.log").read_text()


def test_the_packages_cannot_be_fetched(machine):
    machine.python("3.13.0")
    machine.uv(fails='"pip sync"*')
    sentence = refused(machine.bootstrap())
    assert "requirements/run.txt could not be installed" in sentence
    assert "UV_DEFAULT_INDEX" in sentence


@pytest.mark.parametrize("version", ["3.14.0", "3.20.1", "4.0.0"])
def test_a_newer_python_lets_uv_fetch_one_and_nothing_else(machine, version):
    machine.python(version)
    machine.uv()
    assert machine.bootstrap() == (0, [])
    permissions = [call.split()[0] for call in machine.calls()]
    assert permissions == ["automatic", "never", "never"]
    assert "--python 3.13 .venv" in machine.calls()[0]


def test_a_newer_python_and_nothing_to_fetch(machine):
    machine.python("3.14.0")
    machine.uv(fails='"venv "*')
    sentence = refused(machine.bootstrap())
    assert "python3 here is 3.14.0" in sentence
    assert "install python3.13" in sentence


def test_a_supported_python_never_downloads_another(machine):
    machine.python("3.11.9")
    machine.uv()
    machine.bootstrap()
    assert {call.split()[0] for call in machine.calls()} == {"never"}


def test_every_package_is_installed_by_hash(machine):
    machine.python("3.12.0")
    machine.uv()
    machine.bootstrap()
    sync, project = machine.calls()[1:]
    assert "pip sync" in sync
    assert "--require-hashes requirements/run.txt" in sync
    assert "--no-deps --no-build-isolation -e ." in project


def test_the_demo_keeps_the_packages_of_the_tests(machine):
    machine.python("3.12.0")
    machine.uv()
    machine.bootstrap("dev")
    assert machine.bootstrap("run") == (0, [])
    syncs = [call for call in machine.calls() if "pip sync" in call]
    assert [call.rsplit("/", 1)[1] for call in syncs] == ["dev.txt", "dev.txt"]
    assert len([call for call in machine.calls() if " venv " in call]) == 1


def older_interpreters() -> list[Path]:
    """Real Pythons below 3.11: on the PATH, or installed beside the running one."""
    named = [shutil.which(f"python3.{minor}") for minor in range(6, 11)]
    beside = Path(sys.base_prefix).parent.glob("*/bin/python3")
    found = [Path(name) for name in named if name] + sorted(beside)
    question = [*("-c", "import sys; sys.exit(not (3, 0) < sys.version_info < (3, 11))")]
    answers = (
        (path, subprocess.run([path, *question], capture_output=True, check=False).returncode) for path in found
    )
    return [path for path, status in answers if status == 0]


def test_real_old_interpreters_are_refused_alike(machine):
    interpreters = older_interpreters()
    if not interpreters:
        pytest.skip("no Python below 3.11 on this machine")
    for path in interpreters:
        sentence = refused(machine.bootstrap(PYTHON=str(path)))
        assert "Python 3.11, 3.12 or 3.13 is needed" in sentence
