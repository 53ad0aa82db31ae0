"""The seams: Protocols that adapters implement, the records they exchange, and the few errors."""
