"""What LINE calls: signed webhooks in, messages out."""
