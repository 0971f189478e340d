"""Pictures beside the tables: where somebody was, which ways the limbs took, and the angles over time."""
