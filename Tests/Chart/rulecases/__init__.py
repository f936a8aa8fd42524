"""What the rules must say about which input; `test_rules.py` runs it through promtool."""
