"""The buildings of the city: what a proposal stands beside, shades, and must keep clear of."""
