cases = {
    "several authors": (
        [
            "Golub, Gene; Kahan, William (1965)",
            " Cooley, James; Tukey, John (1965) ",
            "Kalman, Rudolf (1960)",
        ],
    ),
    "single authors": (["Runge, Carl (1895)", "Householder, Alston"],),
}
