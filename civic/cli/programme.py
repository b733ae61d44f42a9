"""``civic programme``: programme files into the database and back."""

from pathlib import Path
from typing import Annotated

import typer

from civic.cli.output import print_json, say, tell
from civic.cli.running import ACTOR, with_context
from civic.kernel.context import Context
from civic.kernel.i18n import STAFF_LANGUAGES
from civic.programme_files.checking import check_document
from civic.programme_files.exporting import export_programme, write_folder
from civic.programme_files.loading import Loaded, Loader
from civic.programme_files.placing import Placing
from civic.programme_files.reading import ProgrammeFileError, read_document
from civic.programme_files.suiting import unsuitable_methods
from civic.web.explanations import unsuitable_in_words

app = typer.Typer(help="事業ファイル / programme files", no_args_is_help=True)


@app.command("load")
def load(
    path: Annotated[Path, typer.Argument(help="YAML file or its folder")],
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """事業ファイルを読み込みます。まちがいがあれば何も変えません / load a programme file, all or nothing."""
    loaded = with_context(lambda context: _load(context, path))
    if as_json:
        print_json(vars(loaded))
    tell(
        "「{programme}」を読み込みました"
        "（場所 {sites}、提案 {proposals}、うち新しい版 {new_versions}、投票 {ballots}）。",
        **vars(loaded),
    )


@app.command("export")
def export(slug: str, folder: Path) -> None:
    """事業をファイルに書き出します / write a programme back into a folder."""
    files = with_context(lambda context: _export(context, slug))
    folder.mkdir(parents=True, exist_ok=True)
    write_folder(folder, files)
    tell("{number} 個のファイルを {folder} に書き出しました。", number=len(files), folder=str(folder))


async def _load(context: Context, path: Path) -> Loaded:
    try:
        checked = check_document(read_document(path), context.settings.gate_limits)
    except ProgrammeFileError as error:
        for problem in error.problems:
            for language in STAFF_LANGUAGES:
                say(problem.sentence(language))
        raise typer.Exit(1) from None
    async with context.database.reading() as session:
        reports = await Placing(session, checked, context.store, context.clock()).reports()
    async with context.database.writing() as session:
        loaded = await Loader(session, ACTOR, checked, reports, context.store, context.clock()).load()
    for (proposal, _), report in reports.items():
        for check in report.checks:
            if check.verdict == "fail":
                say(f"{proposal}: {check.reason_ja}")
                say(f"{proposal}: {check.reason_en}")
    for ballot, code in unsuitable_methods(checked.content):
        for language in STAFF_LANGUAGES:
            say(f"{ballot}: {unsuitable_in_words(code, language)}")
    return loaded


async def _export(context: Context, slug: str) -> dict[str, bytes]:
    async with context.database.reading() as session:
        return await export_programme(session, slug, context.store)
