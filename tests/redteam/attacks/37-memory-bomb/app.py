
blocks = []
for _ in range(300):
    blocks.append(bytearray(10 << 20))
