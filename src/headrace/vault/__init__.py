"""The vault: encryption with a key of this installation, and names turned into values for the work."""
