"""Staff: accounts with a role, one-time sign-in links, sessions that can be ended. Residents have no account."""
