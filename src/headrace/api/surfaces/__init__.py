"""API families of other products over the same runs: they translate words and envelopes, and decide nothing."""
