"""Assigning, grading and exporting: what instructors and graders use."""
