import re

import numpy as np

YEAR = re.compile(r"\((\d{4})\)")


def citeNames(refs):
    names, years = [], []
    for ref in refs:
        ref = ref.strip()
        found = YEAR.search(ref)
        years.append(float(found.group(1)) if found else np.nan)
        body = re.sub(r"\s*\(\d{4}\)\s*", "", ref)
        names.append(re.sub(r"(\w+), (\w+)", r"\2 \1", body).lower())
    return names, np.array(years)
