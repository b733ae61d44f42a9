"""What we say in LINE: builders from plain views to message JSON within every limit that LINE sets."""

from webhooks.line.messages.ballots import ballot_announcement, ballot_carousels, choose_ballot
from webhooks.line.messages.chat import (
    come_back_anytime,
    consent_thanks,
    greeting,
    group_chat_notice,
    help_message,
    language_changed,
    no_open_ballot,
    text_only,
)
from webhooks.line.messages.flex import Message
from webhooks.line.messages.limits import MessageLimitError, check_messages
from webhooks.line.messages.receipts import my_votes, receipt
from webhooks.line.messages.views import BallotView, CardView, ReceiptView

__all__ = [
    "BallotView",
    "CardView",
    "Message",
    "MessageLimitError",
    "ReceiptView",
    "ballot_announcement",
    "ballot_carousels",
    "check_messages",
    "choose_ballot",
    "come_back_anytime",
    "consent_thanks",
    "greeting",
    "group_chat_notice",
    "help_message",
    "language_changed",
    "my_votes",
    "no_open_ballot",
    "receipt",
    "text_only",
]
