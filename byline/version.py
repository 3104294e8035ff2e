"""The version of Byline, which /healthz tells."""

VERSION = "0.1.0"
