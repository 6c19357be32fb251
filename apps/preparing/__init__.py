"""Prepared views: masked and filtered copies of versions, where no key can open less than whole files."""
