"""The settings of a scenario: one dataclass a group, one group a file."""
