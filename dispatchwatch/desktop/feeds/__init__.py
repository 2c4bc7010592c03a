"""The page of where the schedule comes from."""
