"""Benchmarks: the engines held against each other and against peers, side by side."""
