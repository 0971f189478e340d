"""One file per format that training programs read: rows in, plain JSON values out, and the format's own rules."""
