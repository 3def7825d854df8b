"""Inputs made up after the cases of a pair, to find one on which the two sides disagree.

`places` takes arguments apart, `relations` says how their sizes hang together, `profiles` what
their values are like; `strategies` draws new ones, `search` tries them and makes a failing one
small. May import `runner` and all before it.
"""
