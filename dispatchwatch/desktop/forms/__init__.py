"""Forms drawn from descriptions of the configuration's keys, and what they are filled in with."""
