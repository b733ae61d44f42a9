"""What we say in LINE: builders from plain views to message JSON within every limit that LINE sets."""

from webhooks.line.messages.ballots import (
    ballot_announcement,
    ballot_carousels,
    browser_link,
    choose_ballot,
    form_inside_line,
)
from webhooks.line.messages.campaigns import (
    evaluation_request,
    last_chance_notice,
    tester_welcome,
    trial_note,
    with_opt_out,
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
    welcome_back,
)
from webhooks.line.messages.flex import Message
from webhooks.line.messages.limits import MessageLimitError, check_messages
from webhooks.line.messages.lists import EndedView, PlaceView, nearest_places, place_list, result_list
from webhooks.line.messages.outcomes import installation_notice, result_notice
from webhooks.line.messages.receipts import my_votes, receipt
from webhooks.line.messages.views import BallotView, CardView, InstallationView, ReceiptView, ResultView

__all__ = [
    "BallotView",
    "CardView",
    "EndedView",
    "InstallationView",
    "Message",
    "MessageLimitError",
    "PlaceView",
    "ReceiptView",
    "ResultView",
    "ballot_announcement",
    "ballot_carousels",
    "browser_link",
    "check_messages",
    "choose_ballot",
    "come_back_anytime",
    "consent_thanks",
    "evaluation_request",
    "form_inside_line",
    "greeting",
    "group_chat_notice",
    "help_message",
    "installation_notice",
    "language_changed",
    "last_ballot",
    "last_chance_notice",
    "my_votes",
    "nearest_places",
    "no_open_ballot",
    "place_list",
    "receipt",
    "result_list",
    "result_notice",
    "tester_welcome",
    "text_only",
    "trial_note",
    "welcome_back",
    "with_opt_out",
]
