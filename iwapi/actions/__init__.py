"""The API: every action, in the file of its controller."""
