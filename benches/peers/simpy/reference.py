"""The appointment reference with SimPy: a process for every party, a Resource for the officers of every port.

    python reference.py [--seed S] [--scale K] [--days D]

prints the answers as one line of JSON. Time is in days. The midnight of a day interrupts the patience of those who win.
"""

import argparse
import json
import math
import random
from collections import deque

import simpy

ARRIVALS_PER_DAY = 2000.0
PATIENCE_DAYS = 90.0
LEAD_DAYS = 14
NO_SHOW = 0.08
SERVICE_MEAN_DAYS = 45.0 / 1440.0
SERVICE_CV = 0.6
SLOTS = [385, 75, 100, 200, 60, 60, 195, 375]
OFFICERS = [27, 6, 7, 14, 5, 5, 14, 26]


class Party:
    """Somebody in the pool: where in it, and what is won in the end."""

    __slots__ = ("process", "place", "appointment")

    def __init__(self, process):
        self.process = process
        self.place = -1
        self.appointment = None


class Pool:
    """Who waits for a slot: a list to draw from at random, and a queue by registration."""

    def __init__(self):
        self.parties = []
        self.by_registration = deque()

    def __len__(self):
        return len(self.parties)

    def add(self, party):
        party.place = len(self.parties)
        self.parties.append(party)
        self.by_registration.append(party)

    def remove(self, party):
        last = self.parties.pop()
        if last is not party:
            last.place = party.place
            self.parties[party.place] = last
        party.place = -1

    def remove_random(self, rng):
        party = self.parties[int(rng.random() * len(self.parties))]
        self.remove(party)
        return party

    def remove_oldest(self):
        while True:
            party = self.by_registration.popleft()
            if party.place >= 0:
                self.remove(party)
                return party


class Border:
    """The model; its answers are plain counts and sums."""

    def __init__(self, env, seed, scale):
        self.env = env
        self.rng = random.Random(seed)
        self.scale = scale
        self.pool = Pool()
        self.ports = [simpy.Resource(env, capacity=officers * scale) for officers in OFFICERS]
        log_variance = math.log(1.0 + SERVICE_CV**2)
        self.service = (math.log(SERVICE_MEAN_DAYS) - log_variance / 2, math.sqrt(log_variance))
        self.arrived = self.processed = self.no_shows = self.crossings = 0
        self.won = self.served = self.rounds = 0
        self.pool_wait = self.port_wait = self.pool_days = 0.0

    def arrivals(self):
        env, rng = self.env, self.rng
        rate = ARRIVALS_PER_DAY * self.scale
        while True:
            yield env.timeout(rng.expovariate(rate))
            self.arrived += 1
            party = Party(None)
            party.process = env.process(self.party(party))

    def party(self, party):
        env, rng = self.env, self.rng
        registered = env.now
        self.pool.add(party)
        try:
            yield env.timeout(rng.expovariate(1.0 / PATIENCE_DAYS))
            self.pool.remove(party)
            self.crossings += 1
            return
        except simpy.Interrupt:
            self.won += 1
            self.pool_wait += env.now - registered
        due, port = party.appointment
        yield env.timeout(due - env.now)
        if rng.random() < NO_SHOW:
            self.no_shows += 1
            return
        with self.ports[port].request() as officer:
            yield officer
            self.served += 1
            self.port_wait += env.now - due
            yield env.timeout(rng.lognormvariate(*self.service))
        self.processed += 1

    def midnights(self):
        env = self.env
        while True:
            if env.now > 0:
                self.pool_days += len(self.pool)
            self.round()
            yield env.timeout(1)

    def round(self):
        rng, pool = self.rng, self.pool
        self.rounds += 1
        slots = [slots * self.scale for slots in SLOTS]
        count = min(len(pool), sum(slots))
        winners = [pool.remove_random(rng) for _ in range(count // 2)]
        winners += [pool.remove_oldest() for _ in range(count // 2, count)]
        rng.shuffle(winners)
        order = list(range(len(slots)))
        rng.shuffle(order)
        winner = iter(winners)
        for port in order:
            for _, party in zip(range(slots[port]), winner):
                hour = 6 + int(rng.random() * 12)
                party.appointment = (self.env.now + LEAD_DAYS + hour / 24, port)
                party.process.interrupt()

    def answers(self, days):
        return {
            "arrived": self.arrived,
            "processed": self.processed,
            "no_shows": self.no_shows,
            "crossings": self.crossings,
            "pool_end": len(self.pool),
            "pool_mean": (self.pool_days + len(self.pool)) / days,
            "pool_wait_days": self.pool_wait / self.won,
            "port_wait_minutes": self.port_wait / self.served * 1440,
            # Those that happen in the model, counted as the other programs do.
            "events": self.arrived + self.crossings + self.rounds + self.appointments() + self.processed,
        }

    def appointments(self):
        queued = sum(len(port.queue) for port in self.ports)
        return self.no_shows + self.served + queued


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--days", type=int, default=365)
    options = parser.parse_args()
    env = simpy.Environment()
    border = Border(env, options.seed, options.scale)
    env.process(border.arrivals())
    env.process(border.midnights())
    env.run(until=options.days)
    print(json.dumps(border.answers(options.days), separators=(",", ":")))


if __name__ == "__main__":
    main()
