"""Servers that come with the portal: what to run and with which arguments. Running them is the supervisor's."""
