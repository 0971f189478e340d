"""The whole body: centre of mass, sway, base of support, margin of stability and posture."""
