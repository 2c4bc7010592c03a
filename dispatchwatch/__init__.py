"""DispatchWatch: the program a dispatch office keeps open all day."""

__version__ = "0.1.0"
