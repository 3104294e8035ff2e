"""The site in this folder as a Flask app: `byline run`, `byline freeze` and servers find `app` here."""

from flask import Flask

from byline import Byline

app = Flask(__name__)
byline = Byline(app)
