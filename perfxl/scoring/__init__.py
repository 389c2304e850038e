"""Points by the rules: pure functions of a form and a rule profile."""
