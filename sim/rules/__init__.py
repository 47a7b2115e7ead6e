"""The science: one mechanism a file, scalars in, a scalar out, compiled, with unit and source.

A rule takes the draw, or gives the probability to compare with one; it never makes a draw. All
engines call the same rules, so a mechanism is written once.
"""
