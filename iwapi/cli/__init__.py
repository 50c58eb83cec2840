"""The `iwapi` command: it runs the server, looks after its state, and calls every action from a console.

What does the work is handed to it as `Tools`; it imports none of it, and so its help is there at once.
"""
