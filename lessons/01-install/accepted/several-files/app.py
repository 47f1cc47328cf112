from report import lines

for line in lines():
    print(line)
