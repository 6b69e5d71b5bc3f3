"""Use cases: commands with undo, jobs, the consent gate and the workspace; no Qt."""
