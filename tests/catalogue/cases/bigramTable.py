cases = {
    "proverb": ("A stitch in time saves nine",),
    "syllables": ("banana, cabana",),
    "alphabet": ("abcdefg",),
}
