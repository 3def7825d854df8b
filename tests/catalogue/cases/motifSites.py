cases = {
    "promoter": ("gcTATAATgcgtataatccatTATAATg", "tataat"),
    "overlapping": ("cacacaca", "aca"),
    "none": ("ggggcc", "tata"),
}
