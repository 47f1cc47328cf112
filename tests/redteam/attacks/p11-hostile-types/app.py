
class Fighter(type):
    def __getattribute__(cls, name):
        if name == "__name__":
            raise SystemExit(0)
        return type.__getattribute__(cls, name)


class Wound(Exception, metaclass=Fighter):
    def __str__(self):
        raise SystemExit("no text")

    __repr__ = __str__


raise Wound
