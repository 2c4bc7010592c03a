"""How to tell a platform. No storage, no clock, no Qt."""
