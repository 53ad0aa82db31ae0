"""How steps are carried out: the base class, the built-ins, and the keepers that own processes."""
