cases = {
    "microsatellite": ("atatatatggagagagacccccat", ["gag", "at", "ccc", "tata", "x"]),
    "apart": ("acgtaacgttacg", ["acg", "gt"]),
}
