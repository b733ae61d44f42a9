"""Pages for residents: no account, no script, nothing that a GET would change."""

from civic.public.demo import router as demo_router
from civic.public.routes import SHARED, router

__all__ = ["SHARED", "demo_router", "router"]
