import re

COLOUR = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})")


def tagsOf(line):
    tags = COLOUR.findall(line)
    return tags, float(len(tags))
