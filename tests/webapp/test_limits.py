from webapp.limits import BUCKETS_KEPT, Limiter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_taken_and_then_the_rate_counts() -> None:
    clock = Clock()
    limiter = Limiter(rate=2, burst=3, clock=clock)
    assert [limiter.allows("me") for _ in range(4)] == [True, True, True, False]
    assert limiter.wait("me") == 0.5
    clock.now = 0.5
    assert limiter.allows("me")
    assert not limiter.allows("me")


def test_one_key_does_not_use_up_anothers() -> None:
    limiter = Limiter(rate=1, burst=1, clock=Clock())
    assert limiter.allows("flood")
    assert not limiter.allows("flood")
    assert limiter.allows("neighbour")


def test_a_long_rest_gives_no_more_than_a_burst() -> None:
    clock = Clock()
    limiter = Limiter(rate=1, burst=2, clock=clock)
    clock.now = 1000.0
    assert [limiter.allows("me") for _ in range(3)] == [True, True, False]


def test_buckets_are_bounded_and_can_be_forgotten() -> None:
    limiter = Limiter(rate=1, burst=1, clock=Clock())
    assert limiter.allows("first")
    for key in range(BUCKETS_KEPT):
        limiter.allows(key)
    assert limiter.allows("first")
    limiter.forget("first")
    assert limiter.allows("first")
