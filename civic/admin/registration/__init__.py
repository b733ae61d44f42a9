"""A facilitator registers a proposal with a model from outside, and sees the server's answers before saving."""

from civic.admin.registration.routes import Registration

__all__ = ["Registration"]
