import re

COLOUR = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


def tagsOf(line):
    tags = COLOUR.findall(line)
    return tags, float(len(tags))
