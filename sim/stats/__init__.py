"""Inference: what a set of runs lets one say, and how many runs it takes to say it."""
