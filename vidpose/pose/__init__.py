"""Pose estimators behind one small protocol."""
