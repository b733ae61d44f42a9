"""The winner becoming real: one row for each decided proposal and site, and every step it has taken."""
