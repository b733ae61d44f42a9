"""What the account answers, one file a subject; each gives the messages of a reply, or none for silence."""
