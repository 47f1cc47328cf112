"""My notes about Flask."""
