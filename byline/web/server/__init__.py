"""What a production server adds in front of the app: it takes WSGI requests and answers them from memory, with a line
of log each. It never makes a page itself, and a person's own server does without it.
"""
