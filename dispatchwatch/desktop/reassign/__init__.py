"""“Who can take it?”: who could go instead, what it costs, and giving the visit to somebody."""
