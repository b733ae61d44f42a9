"""Commands with which anybody counts a result again, or draws its lots again. Pure; they are shown, not run."""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from civic.tallies.methods.options import MesOptions, read_mes_options


def tally_command(file: str, law_document: Mapping[str, Any]) -> str:
    """``civic tally`` for a ballot's exported ``.pb``, with the flags that say the same as its ``method_options``.

    Empty for equal shares without a budget: a ``.pb`` has to have one, and everything depends on it.

    Raises:
        TallyInputError: options that the method does not know.
    """
    method = [law_document["method"]]
    if method == ["mes"]:
        if law_document["budget_yen"] is None:
            return ""
        method = _flags(read_mes_options(law_document["method_options"]))
    return shlex.join(["civic", "tally", file, "--method", *method])


def needs_sites(options: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the sites of these options (of a manifest) matter, which other readers of a ``.pb`` do not know."""
    sites = [placement["site"] for option in options for placement in option["placements"]]
    return len(sites) > len(set(sites)) or len(sites) > len(options)


def draw_command(manifest_sha256: str, root: str, value: str, proposals: Sequence[str]) -> str:
    """A line for a shell that prints every proposal's lot, the smallest first; needs nothing but Python."""
    program = (
        "import hashlib, unicodedata; "
        f"fixed = bytes.fromhex({_literal(manifest_sha256 + root)}); "
        f"value = {_literal(value)}; "
        'lot = lambda p: hashlib.sha256(fixed + unicodedata.normalize("NFC", value + p).encode()).hexdigest(); '
        f'print(*sorted(lot(p) + "  " + p for p in {_literal(list(proposals))}), sep="\\n")'
    )
    return shlex.join(["python3", "-c", program])


def _literal(value: str | list[str]) -> str:
    """Texts for Python in double quotes: what JSON writes is Python too, and needs no quoting in the shell."""
    return json.dumps(value, ensure_ascii=False)


def _flags(options: MesOptions) -> list[str]:
    """Equal shares on the command line: ``mes`` with a fixed budget, ``mes_add1`` with raised shares."""
    raised = options.increment != 0
    flags = ["mes_add1" if raised else "mes", "--utility", options.utility]
    if raised and options.increment != "auto":
        flags += ["--increment", str(options.increment)]
    if raised and options.stop == "overspend":
        flags.append("--keep-going")
    if options.completion == "greedy":
        flags.append("--then-greedy")
    return flags
