"""The command line: ``civic …``. One file a group; exit 0 done, 1 checked and refused or failed, 2 wrong use."""

import typer

from civic.cli import ballot, database, demo, model, placement, programme, serving, tally

app = typer.Typer(
    name="civic",
    help="あったらいいな / Attara: from an idea for a public place to the real thing.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(programme.app, name="programme")
app.add_typer(ballot.app, name="ballot")
app.add_typer(model.app, name="model")
app.add_typer(placement.app, name="placement")
app.add_typer(database.app, name="db")
app.command("demo")(demo.demo)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("doctor")(serving.doctor)
app.command("recount")(tally.recount_ballot)
app.command("tally")(tally.tally)
