"""What a user declares: pairs of functions, cases, conventions. May import `model`."""
