"""One season of participation: its stages and the sites it uses."""
