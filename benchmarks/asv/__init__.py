"""Benchmarks over time, for airspeed velocity: one file for each question, as `asv` names them."""
