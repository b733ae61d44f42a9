"""The front end on a strange machine: Node.js from wherever it is; what is missing is said in one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from support.source import ROOT

SHELL_TOOLS = ("sh", "dirname", "mkdir", "touch", "find", "rm", "mv", "tail", "cp", "chmod")

# Says how old it is; as Vite it makes the build, unless a source says `broken`.
FAKE_NODE = """#!/bin/sh
case "$*" in
  -e*) exit {too_old} ;;
  *vite.js\\ build*) echo "$0" >> ../calls; grep -q broken src/a.ts && echo "a.ts is broken" && exit 1
     for folder in "$@"; do :; done; mkdir -p "$folder"; echo built > "$folder/manifest.json" ;;
  *) echo "${{0##*/}} $*" >> ../calls ;;
esac
"""
FAKE_NPM = """#!/bin/sh
echo "npm $*" >> ../calls
mkdir -p node_modules
exit {fails}
"""
# In the place of uv: makes an environment whose Python stands for node and npm too.
FAKE_UV = """#!/bin/sh
case "$1 $2" in
  "venv --quiet") for folder in "$@"; do :; done; mkdir -p "$folder/bin"
     cp "$(dirname "$0")/wheel-python" "$folder/bin/python" ;;
  "pip sync") echo "uv $*" >> calls; exit {fails} ;;
esac
"""
WHEEL_PYTHON = """#!/bin/sh
case "$*" in
  *"import npm"*) exec "$(dirname "$0")/../../../../bin/wheel-npm" ci ;;
  *) shift 2; exec "$(dirname "$0")/../../../../bin/wheel-node" "$@" ;;
esac
"""


class Machine:
    """A checkout with a small front end, and a PATH on which only chosen commands exist."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.path = folder / "bin"
        self.path.mkdir()
        for tool in (*SHELL_TOOLS, "grep"):
            found = shutil.which(tool)
            assert found, tool
            (self.path / tool).symlink_to(found)
        shutil.copytree(ROOT / "scripts", self.checkout / "scripts")
        for name in ("src/a.ts", "styles/a.css", "package-lock.json", "tsconfig.json", "vite.config.ts"):
            self.write(f"frontend/{name}", "")
        self.write("requirements/node.txt", "")

    def write(self, name: str, text: str) -> None:
        path = self.checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def command(self, name: str, source: str) -> None:
        """Put a shell script on the PATH."""
        (self.path / name).write_text(source)
        (self.path / name).chmod(0o755)

    def node(self, *, too_old: bool = False, npm_fails: bool = False) -> None:
        self.command("node", FAKE_NODE.format(too_old=int(too_old)))
        self.command("npm", FAKE_NPM.format(fails=int(npm_fails)))

    def package_index(self, *, fails: bool = False) -> None:
        self.command("uv", FAKE_UV.format(fails=int(fails)))
        self.command("wheel-python", WHEEL_PYTHON)
        self.command("wheel-node", FAKE_NODE.format(too_old=0))
        self.command("wheel-npm", FAKE_NPM.format(fails=0))

    def frontend(self, *words: str) -> tuple[int, list[str]]:
        """Run the script; its exit status, and what it said beside its progress."""
        done = subprocess.run(
            ["sh", "scripts/frontend", *words],
            cwd=self.checkout,
            env={"PATH": str(self.path), "HOME": str(self.checkout)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout == ""
        said = [line for line in done.stderr.splitlines() if not line.endswith("…")]
        return done.returncode, said

    def is_built(self) -> bool:
        return (self.checkout / "frontend" / "static" / "manifest.json").is_file()

    def calls(self) -> list[str]:
        path = self.checkout / "calls"
        return path.read_text().splitlines() if path.is_file() else []


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


def test_the_machine_s_own_node_builds(machine):
    machine.node()
    assert machine.frontend("build") == (0, [])
    assert machine.is_built()
    assert [Path(call.split()[0]).name for call in machine.calls()] == ["npm", "node"]


@pytest.mark.parametrize("too_old", [True, None], ids=["an old one", "none"])
def test_without_a_good_node_it_comes_from_the_package_index(machine, too_old):
    if too_old:
        machine.node(too_old=True)
    machine.package_index()
    assert machine.frontend("build") == (0, [])
    assert machine.is_built()
    sync, *rest = machine.calls()
    assert "--require-hashes requirements/node.txt" in sync
    assert [Path(call.split()[0]).name for call in rest] == ["npm", "wheel-node"]


def test_no_node_and_nothing_to_fetch(machine):
    machine.package_index(fails=True)
    sentence = refused(machine.frontend("build"))
    assert "no Node.js 20.19 or newer" in sentence
    assert "the pages work without it" in sentence


def test_the_packages_cannot_be_fetched(machine):
    machine.node(npm_fails=True)
    sentence = refused(machine.frontend("build"))
    assert "npm registry" in sentence
    assert "the pages work without it" in sentence


def test_nothing_is_built_twice(machine):
    machine.node()
    machine.frontend("build")
    before = machine.calls()
    assert machine.frontend("build") == (0, [])
    assert machine.calls() == before


@pytest.mark.parametrize("changed", ["src/b.ts", "styles/a.css", "package-lock.json"])
def test_a_changed_source_is_built_anew(machine, changed):
    machine.node()
    machine.frontend("build")
    later = time.time() + 5
    machine.write(f"frontend/{changed}", "new")
    os.utime(machine.checkout / "frontend" / changed, (later, later))
    machine.frontend("build")
    builds = [call for call in machine.calls() if call.endswith("node")]
    installs = [call for call in machine.calls() if call.startswith("npm")]
    assert (len(builds), len(installs)) == (2, 2 if changed == "package-lock.json" else 1)


def test_a_source_that_was_taken_away_is_noticed(machine):
    machine.node()
    machine.frontend("build")
    (machine.checkout / "frontend" / "styles" / "a.css").unlink()
    later = time.time() + 5
    os.utime(machine.checkout / "frontend" / "styles", (later, later))
    machine.frontend("build")
    assert len([call for call in machine.calls() if call.endswith("node")]) == 2


def test_a_failed_build_leaves_the_old_one_and_says_why(machine):
    machine.node()
    machine.frontend("build")
    machine.write("frontend/src/a.ts", "broken")
    later = time.time() + 5
    os.utime(machine.checkout / "frontend" / "src" / "a.ts", (later, later))
    status, said = machine.frontend("build")
    assert status == 1
    assert said[-2:] == ["a.ts is broken", "The front end could not be built; the reason stands above."]
    assert machine.is_built()
    assert [path.name for path in (machine.checkout / "frontend").glob("static*")] == ["static"]


def test_lint_runs_every_checker_and_test_passes_its_options(machine):
    machine.node()
    assert machine.frontend("lint") == (0, [])
    assert machine.frontend("test", "--reporter=json") == (0, [])
    called = " ".join(machine.calls())
    for tool in ("tsc", "eslint.js", "prettier.cjs", "vitest.mjs run --reporter=json"):
        assert tool in called


def test_another_word_is_refused(machine):
    machine.node()
    assert "knows build, lint and test" in refused(machine.frontend("bild"))
