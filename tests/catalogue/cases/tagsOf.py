cases = {
    "one colour": ("border: 1px solid #1e90ff",),
    "short ones": ("color: #fff; background: #09c",),
    "capitals": ("color: #FFA500; outline: #0AF",),
    "none": ("display: none",),
}
