"""What we say in LINE: builders from plain views to message JSON within every limit that LINE sets."""

from webhooks.line.messages.ballots import (
    ballot_announcement,
    ballot_carousels,
    browser_link,
    choose_ballot,
)
from webhooks.line.messages.chat import (
    come_back_anytime,
    consent_thanks,
    greeting,
    group_chat_notice,
    help_message,
    language_changed,
    last_ballot,
    no_open_ballot,
    text_only,
)
from webhooks.line.messages.flex import Message
from webhooks.line.messages.limits import MessageLimitError, check_messages
from webhooks.line.messages.outcomes import installation_notice, result_notice
from webhooks.line.messages.receipts import my_votes, receipt
from webhooks.line.messages.views import BallotView, CardView, InstallationView, ReceiptView, ResultView

__all__ = [
    "BallotView",
    "CardView",
    "InstallationView",
    "Message",
    "MessageLimitError",
    "ReceiptView",
    "ResultView",
    "ballot_announcement",
    "ballot_carousels",
    "browser_link",
    "check_messages",
    "choose_ballot",
    "come_back_anytime",
    "consent_thanks",
    "greeting",
    "group_chat_notice",
    "help_message",
    "installation_notice",
    "language_changed",
    "last_ballot",
    "my_votes",
    "no_open_ballot",
    "receipt",
    "result_notice",
    "text_only",
]
