"""Where other services call us. Each service has its own folder."""
