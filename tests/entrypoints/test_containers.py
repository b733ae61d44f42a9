"""What the container files name exists: no engine is needed to know that."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from support import containers
from support.line import post
from support.requirements import require
from support.source import ROOT

from civic.kernel.settings import Settings

NODE_FOLDER = Path("tests/support/node")
ONE_SHOT = {"migrate"}


def civic_variables() -> set[str]:
    return {f"CIVIC_{name.upper()}" for name in Settings.model_fields}


def example_variables() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", containers.read(".env.example"), flags=re.MULTILINE))


@pytest.fixture(scope="module")
def dclint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Compose schema linter, installed from its lock into a temporary folder."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        require("node", "no node and npm on this machine (Node.js 20 or newer is needed)")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / NODE_FOLDER / name, folder)
    installed = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if installed.returncode:
        require("node", f"npm ci failed: {installed.stderr[-300:]}")
    return folder / "node_modules" / ".bin" / "dclint"


def lint(dclint: Path, compose: Path) -> dict[str, int]:
    done = subprocess.run([dclint, "--formatter", "json", compose], capture_output=True, text=True, check=False)
    (report,) = json.loads(done.stdout)
    return {"errors": report["errorCount"], "warnings": report["warningCount"]}


@pytest.mark.node
def test_compose_follows_its_schema(dclint, tmp_path):
    assert lint(dclint, ROOT / "compose.yaml") == {"errors": 0, "warnings": 0}
    misspelt = tmp_path / "compose.yaml"
    misspelt.write_text(containers.read("compose.yaml").replace("healthcheck:", "healtcheck:", 1))
    assert lint(dclint, misspelt)["errors"] > 0


def test_the_npm_lock_names_no_address():
    lock = json.loads(containers.read(f"{NODE_FOLDER}/package-lock.json"))
    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert all("resolved" not in package and package["integrity"] for package in packages)


def subcommand(words: list[str]) -> tuple[Any, list[str]]:
    """The civic command that the words name, and the words left over as its arguments."""
    from civic.cli import app

    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "list_commands") and words[0] in command.list_commands(None):
        command, words = command.get_command(None, words[0]), words[1:]
    return command, words


def test_every_civic_command_and_option_exists():
    named = [words[1:] for words in containers.commands() if words[0] == "civic"]
    assert len(named) >= 5
    for words in named:
        command, rest = subcommand(words)
        assert not hasattr(command, "list_commands"), f"civic {' '.join(words)} is a group, not a command"
        command.make_context("civic", list(rest), resilient_parsing=False).close()


def test_every_variable_of_compose_is_explained():
    named = set(containers.VARIABLE.findall(containers.read("compose.yaml")))
    assert named == example_variables()


def test_every_civic_variable_is_a_setting():
    given = {name for service in containers.services().values() for name in service.get("environment", {})}
    image = {name for _, line in containers.instructions("ENV") for name in re.findall(r"(CIVIC_\w+)=", line)}
    named = {name for name in given | image | example_variables() if name.startswith("CIVIC_")}
    assert named <= civic_variables()


def test_every_variable_of_caddy_is_given_to_it():
    named = set(re.findall(r"\{\$([A-Z_]+)", containers.read("deploy/Caddyfile")))
    assert named
    assert named <= set(containers.services()["caddy"]["environment"])


def test_everyone_means_the_same_port():
    """The port `serve` listens on is the one the proxy, the health check and the image name."""
    app = containers.services()["app"]
    serve = containers.words(app["command"])
    port = serve[serve.index("--port") + 1]
    assert re.findall(r"reverse_proxy (\w+):(\d+)", containers.read("deploy/Caddyfile")) == [("app", port)]
    assert f"http://127.0.0.1:{port}/" in app["healthcheck"]["test"][-1]
    assert [argument for _, argument in containers.instructions("EXPOSE")] == [port]
    assert [json.loads(argument) for _, argument in containers.instructions("CMD")] == [serve]


def test_the_database_is_the_one_that_is_started():
    services = containers.services()
    postgres = services["postgres"]["environment"]
    url = services["app"]["environment"]["CIVIC_DATABASE_URL"]
    user, name = postgres["POSTGRES_USER"], postgres["POSTGRES_DB"]
    assert re.fullmatch(rf"postgresql\+psycopg://{user}:\$\{{POSTGRES_PASSWORD:.+\}}@postgres:5432/{name}", url)
    assert {f"--username={user}", f"--dbname={name}"} <= set(services["postgres"]["healthcheck"]["test"])


async def test_health_and_webhook_paths_are_served(tmp_path):
    from civic.main import create_app

    app = create_app(Settings(mode="development", data_dir=tmp_path))
    paths = {getattr(route, "path", "") for route in app.routes}
    checked = re.findall(r"127\.0\.0\.1:\d+(/\w+)", containers.read("compose.yaml"))
    assert checked
    assert {*checked, "/healthz", "/readyz"} <= paths
    assert (await post(app, b"{}", [])).status == 401


def test_every_file_that_is_mounted_or_copied_exists():
    binds = [
        volume.split(":")[0]
        for service in containers.services().values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert binds == ["./deploy/Caddyfile"]
    copied = [line.split()[:-1] for _, line in containers.instructions("COPY") if "--from" not in line]
    named = [*binds, *(name for names in copied for name in names)]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_build_context_holds_what_is_copied():
    kept = set(re.findall(r"^!(.+?)/?$", containers.read(".dockerignore"), flags=re.MULTILINE))
    copied = [line.split()[:-1] for _, line in containers.instructions("COPY") if "--from" not in line]
    assert {name.split("/")[0] for names in copied for name in names} == kept


def test_every_named_volume_and_network_is_declared():
    compose = yaml.safe_load(containers.read("compose.yaml"))
    for service in compose["services"].values():
        named = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert {name for name in named if not name.startswith((".", "/"))} <= set(compose["volumes"])
        assert set(service["networks"]) <= set(compose["networks"])


@pytest.mark.parametrize("name", sorted(containers.services()))
def test_every_service_is_fenced_in(name):
    service = containers.services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert "healthcheck" in service or name in ONE_SHOT


def test_only_the_proxy_is_reachable_and_the_database_reaches_nobody():
    services = containers.services()
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert services["postgres"]["networks"] == ["inside"]
    assert "inside" not in services["caddy"]["networks"]
    assert yaml.safe_load(containers.read("compose.yaml"))["networks"]["inside"] == {"internal": True}


def test_the_image_does_not_run_as_root():
    assert [user for _, user in containers.instructions("USER")] == ["attara"]


def test_the_proxy_ends_slow_and_large_requests():
    caddyfile = containers.read("deploy/Caddyfile")
    for line in ("read_header 5s", "read_body 10s", "max_size 1MB", "max_size 21MB"):
        assert line in caddyfile
    assert re.search(r"@inside path .*?/demo\b.*\n\s*respond @inside 404", caddyfile)


def test_caddy_accepts_its_file():
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("no caddy on this machine (Debian: apt install caddy)")
    done = subprocess.run(
        [caddy, "validate", "--adapter", "caddyfile", "--config", str(ROOT / "deploy/Caddyfile")],
        env={"CIVIC_BASE_URL": "https://vote.example.jp"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
