"""Pure biomechanics: a track of landmarks in, angles with their status out."""
