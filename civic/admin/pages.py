"""What several staff pages show."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    """Why an action was refused; ``form`` names the form it came from."""

    form: str
    sentence: str
