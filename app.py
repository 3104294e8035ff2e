"""The site in this folder as a Flask app: `flask run`, `flask freeze` and servers find `app` here."""

from flask import Flask

from byline import Byline

app = Flask(__name__)
byline = Byline(app)
