"""Connecting a feed, one question a page, with the own data beside it."""
