"""Known answers: what the model must give where the answer can be worked out on paper."""
