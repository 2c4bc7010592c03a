"""The visit pane: everything known of one visit, and what the desk can do about it."""
