"""The error tree: everything that Attara refuses, with a stable code and a sentence for people.

CivicError
├── InvalidInput   422  what was given cannot be used as it is
├── NotFound       404  there is no such thing, or not for this reader
├── Gone           410  it was there, and its time is over
├── Conflict       409  right in itself, but not in the present state
├── NotAllowed     403  this person may not do it
├── Unavailable    503  cannot be done now; the same request may work soon
└── StartRefused    -   the settings or the machine are unsafe to start on
"""

from civic.kernel.i18n import translate


class CivicError(Exception):
    """A refusal. ``code`` is stable; the sentence (Japanese message id) says what to do next."""

    status = 500

    def __init__(self, code: str, message: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.values = values

    def sentence(self, lang: str) -> str:
        """The sentence in the reader's language."""
        return translate(lang, self.message, **self.values)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence('en')}"


class InvalidInput(CivicError):
    """What was given cannot be used as it is."""

    status = 422


class NotFound(CivicError):
    """There is no such thing, or not for this reader."""

    status = 404


class Gone(CivicError):
    """It was there, and its time is over."""

    status = 410


class Conflict(CivicError):
    """Right in itself, but not in the present state."""

    status = 409


class NotAllowed(CivicError):
    """This person may not do it."""

    status = 403


class Unavailable(CivicError):
    """Cannot be done now; the same request may work soon."""

    status = 503


class StartRefused(CivicError):
    """The settings or the machine are unsafe to start on."""
