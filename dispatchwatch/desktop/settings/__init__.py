"""The settings: every key of the configuration, and what this computer remembers, each with a field of its own."""
