cases = {"tea": ("tea", 3.5), "coffee": ("coffee", 12.75)}
