"""One file per platform whose account is a job of its own: how it is set up and signed in to, what its refusals mean,
what can be chosen from it, and what people did over there. They know nothing of each other; the file of the same name
in `platforms` says what it is told.
"""
