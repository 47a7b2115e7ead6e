"""Pictures: each a function of a table or of objects, never of a file."""
