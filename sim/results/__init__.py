"""What happened: events as tables, what is measured from them, and the folder that keeps both."""
