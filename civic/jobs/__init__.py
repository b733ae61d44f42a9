"""What happens by itself: ballots open, close and are sealed at their times, and sealed ones are counted."""
