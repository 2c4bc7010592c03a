"""The board: every visit of the day, the most urgent first."""
