"""How steps reach executors."""
