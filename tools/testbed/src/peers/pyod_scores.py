"""Scores of PyOD's detectors on a table of features, each as it comes, by default parameters.

Usage: pyod_scores.py FEATURES OUT
FEATURES is CSV without header, one row an entity. OUT gets one JSON document: {detector: {"scores": [...], "flagged": [0 or 1, ...]}}, in
the order of the rows; flagged is by the default contamination of 0.1.
"""
import json
import sys

import numpy
from pyod.models.copod import COPOD
from pyod.models.ecod import ECOD
from pyod.models.hbos import HBOS
from pyod.models.iforest import IForest

DETECTORS = {"ECOD": ECOD, "COPOD": COPOD, "HBOS": HBOS, "IForest": lambda: IForest(random_state=0)}


def judged(make, features):
    detector = make().fit(features)
    return {"scores": detector.decision_scores_.tolist(), "flagged": detector.labels_.tolist()}


if __name__ == "__main__":
    features, out = sys.argv[1:]
    table = numpy.loadtxt(features, delimiter=",", ndmin=2)
    with open(out, "w", encoding="utf-8") as file:
        json.dump({name: judged(make, table) for name, make in DETECTORS.items()}, file)
