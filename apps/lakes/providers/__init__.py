"""Adapters to the systems that give credentials: one contract, one package per kind of lake."""
