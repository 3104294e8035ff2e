"""The real blog next to the project on the developers' machines."""

from tests.helpers.paper import ROOT

CORPUS = ROOT.parent / "shared" / "corpus" / "18f"
