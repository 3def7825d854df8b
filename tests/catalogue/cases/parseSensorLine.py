cases = {
    "padded": ("thiel4;12.75;;13.5;;;9.125;bad;10.0",),
    "plain": ("hx2;1.5;2.25;err;7.75\n",),
}
