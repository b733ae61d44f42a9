"""Parametric models of the example proposals, as far as people see them: planks, legs, leaves, books, lamps."""
