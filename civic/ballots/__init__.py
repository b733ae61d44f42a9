"""The question: frozen proposal versions, method, limits, window and audience, and the states it goes through."""
