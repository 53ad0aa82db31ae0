"""What is stored beside runs, one subject a file: its table, its statements, its reference in memory."""
