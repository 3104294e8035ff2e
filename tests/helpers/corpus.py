"""The real blog that lies beside the project where it is developed."""

from tests.helpers.paper import ROOT

CORPUS = ROOT.parent / "shared" / "corpus" / "18f"
