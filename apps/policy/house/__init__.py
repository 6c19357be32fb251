"""The organization's own rules, as data: they only add to what the law part of a rulebook says.

`text` reads YAML or JSON with the line of every part, `reader` makes rules of it or says what is wrong,
`readings` and `matches` compare facts, `effects` says what a rule adds, `rules` evaluates.
"""
