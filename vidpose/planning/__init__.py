"""How a video is cut into segments and parts, how segments are joined again, and the keys of finished work."""
