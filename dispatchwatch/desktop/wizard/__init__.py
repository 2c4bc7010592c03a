"""The first start: from nothing to a board that fills, one question a page."""
