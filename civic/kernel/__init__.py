"""The ground every package stands on: settings, database, errors, clock, texts, files, secrets, queue, logs."""
