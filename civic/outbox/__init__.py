"""Messages owed to people, written in the transaction of the action that owes them; senders stand elsewhere."""
