"""Places: a polygon on a level with its manager and rules. They outlive the programmes that use them."""
