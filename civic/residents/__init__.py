"""The LINE friends: a sealed link to their account, language and consent. Only here can a person be reached."""
