"""One LINE channel put together: the endpoint, the inbox worker and the senders."""

from collections.abc import Callable
from dataclasses import dataclass

from civic.kernel.context import Context
from civic.kernel.db.group_commit import GroupCommit, open_sink
from civic.residents.accounts import Accounts
from webhooks.line.answers.desk import Desk
from webhooks.line.ballots import OpenBallots
from webhooks.line.campaigns import CampaignSender
from webhooks.line.carousels import Carousels
from webhooks.line.client import LineClient
from webhooks.line.conversation import Conversation
from webhooks.line.drain import Drain
from webhooks.line.duty import Duty
from webhooks.line.pace import Pace
from webhooks.line.profiles import PhoneLanguages
from webhooks.line.questions import Questions
from webhooks.line.receipts import Registrar
from webhooks.line.replies import ReplySender
from webhooks.line.richmenu.links import LinkSender
from webhooks.line.richmenu.publishing import MenuKeeper
from webhooks.line.router import Webhook


@dataclass(frozen=True)
class Senders:
    """What speaks to LINE; only there when the channel has an access token."""

    client: LineClient
    replies: ReplySender
    campaigns: CampaignSender
    menus: MenuKeeper
    links: LinkSender


def open_drain(context: Context, client: LineClient | None = None) -> Drain:
    """The inbox worker; with access to LINE it greets new friends in the language of their phones."""
    settings = context.settings
    ballots = OpenBallots(context.database, context.keys, look_again_s=0)
    phones = PhoneLanguages(client)
    questions = Questions(settings.base_url)
    desk = Desk(
        vault=context.vault,
        keys=context.keys,
        carousels=Carousels(),
        questions=questions,
        phones=phones,
        clock=context.clock,
        base_url=settings.base_url,
        organiser=settings.organiser,
        liff_id=settings.liff_id if settings.has_liff else "",
    )
    registrar = Registrar(context.vault, questions)
    return Drain(context.database, context.vault, ballots, Conversation(desk), phones, registrar, context.clock)


def open_webhook(context: Context, after_commit: Callable[[], None]) -> Webhook:
    """The endpoint, with its own group commit (to be run as a task)."""
    secrets = [secret.get_secret_value().encode() for secret in context.settings.line_channel_secret]
    return Webhook(
        secrets=secrets,
        vault=context.vault,
        ballots=OpenBallots(context.database, context.keys),
        commits=GroupCommit(open_sink(context.database, context.clock), after_commit),
        clock=context.clock,
    )


def open_client(context: Context) -> LineClient | None:
    """Access to LINE, or None when the channel has no token."""
    token = context.settings.line_channel_access_token
    settings = context.settings
    return LineClient(settings.line_api_url, token.get_secret_value(), settings.line_timeout_s) if token else None


def open_senders(context: Context) -> Senders | None:
    """The senders, or None when the channel has no token."""
    client = open_client(context)
    if client is None:
        return None
    database, clock = context.database, context.clock
    menus = MenuKeeper(database, client, clock, Duty(database, clock, "line-menus"))
    return Senders(
        client=client,
        replies=ReplySender(database, client, clock, Duty(database, clock, "line-replies")),
        campaigns=CampaignSender(
            database=database,
            client=client,
            accounts=Accounts(context.vault),
            clock=clock,
            duty=Duty(database, clock, "line-campaigns"),
            pace=Pace(context.settings.line_multicasts_per_s),
        ),
        menus=menus,
        links=LinkSender(
            database=database,
            client=client,
            vault=context.vault,
            clock=clock,
            duty=Duty(database, clock, "line-menu-links"),
            keeper=menus,
        ),
    )
