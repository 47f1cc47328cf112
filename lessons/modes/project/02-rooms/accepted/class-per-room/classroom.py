from dataclasses import dataclass, field


@dataclass
class Classroom:
    name: str
    votes: dict = field(default_factory=lambda: {"yes": 0, "no": 0})

    @property
    def poll(self):
        return {"question": "Ready?", "options": list(self.votes), "votes": self.votes}

    def takes(self, option):
        return option in list(self.votes)

    def count(self, option):
        self.votes[option] += 1
        return {"votes": self.votes}
