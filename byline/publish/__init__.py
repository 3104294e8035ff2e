"""Publish: takes a frozen site and brings it to where readers are, sending what differs. It never renders anything, and
touches only what its own ledger, which is kept beside the site, says it sent."""
