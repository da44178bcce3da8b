"""Scores of a classifier: metrics with intervals, cross-validation by groups, baselines, error analysis."""
