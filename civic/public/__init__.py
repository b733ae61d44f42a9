"""Pages for residents: no account, no script, nothing that a GET would change."""

from civic.public.routes import router

__all__ = ["router"]
