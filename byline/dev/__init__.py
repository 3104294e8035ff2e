"""What the writer's own server adds: live reload, errors with their lines, the desk. It takes a development app and
gives it routes below `/-/`; it never runs for readers.
"""
