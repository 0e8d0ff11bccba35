"""The training loop, compiled once per machine: the one home of Numba.

Every sum has a written order and every function is made of additions, multiplications, divisions
and square roots, which all processors round alike; nothing is reordered or fused. So weights and
losses are equal to the last bit everywhere, with any number of threads.
"""
