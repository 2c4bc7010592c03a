"""The alert centre: a list like a good inbox."""
