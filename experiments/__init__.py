"""The command line: one question a file."""
