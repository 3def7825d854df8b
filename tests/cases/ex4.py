"""The case of ex4: one run of the script, every variable that it leaves."""

cases = {"the whole exercise": ()}
