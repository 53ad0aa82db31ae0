"""The tasks API of OCP (``/api/v2/tasks``): tasks are runs, subtasks are steps."""
