# SPDX-License-Identifier: MIT
"""Reads profile.proto with nothing of the program under test, and of no library.

Field numbers: https://github.com/google/pprof/blob/main/proto/profile.proto
"""

import gzip


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields_of(data):
    """Each field of a message as (number, value): an int, or bytes."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        number, wire_type = key >> 3, key & 7
        if wire_type == 0:
            value, at = read_varint(data, at)
        elif wire_type == 2:
            size, at = read_varint(data, at)
            assert at + size <= len(data), "a field ends after its message"
            value, at = data[at : at + size], at + size
        else:
            raise AssertionError(f"wire type {wire_type} is not used by profile.proto")
        yield number, value


def signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def integers(values):
    """A repeated integer, packed or not."""
    result = []
    for value in values:
        if isinstance(value, int):
            result.append(value)
            continue
        at = 0
        while at < len(value):
            number, at = read_varint(value, at)
            result.append(number)
    return result


class Message:
    def __init__(self, data):
        self.values = {}
        for number, value in fields_of(data):
            self.values.setdefault(number, []).append(value)

    def one(self, number, default=0):
        return self.values.get(number, [default])[-1]

    def all(self, number):
        return self.values.get(number, [])

    def messages(self, number):
        return [Message(value) for value in self.all(number)]


class Profile:
    """A profile with its rules checked: what breaks one is an AssertionError."""

    def __init__(self, body):
        assert body[:2] == b"\x1f\x8b", "not gzip"
        top = Message(gzip.decompress(body))
        self.strings = [text.decode() for text in top.all(6)]
        assert self.strings[0] == "", "string_table[0] is not empty"
        self.sample_types = [self.value_type(each) for each in top.messages(1)]
        self.period_type = self.value_type(top.messages(11)[0])
        self.period = signed(top.one(12))
        self.time_nanos = signed(top.one(9))
        self.duration_nanos = signed(top.one(10))
        self.default_sample_type = self.strings[top.one(14)]
        self.comments = [self.strings[i] for i in integers(top.all(13))]
        self.program = self.strings[top.messages(3)[0].one(5)]
        self.mappings = {each.one(1): each for each in top.messages(3)}
        self.functions = {each.one(1): each for each in top.messages(5)}
        self.locations = {each.one(1): each for each in top.messages(4)}
        self.samples = [self.sample(each) for each in top.messages(2)]
        self.check_tables(top)

    def value_type(self, message):
        return self.strings[message.one(1)], self.strings[message.one(2)]

    def sample(self, message):
        locations = integers(message.all(1))
        values = [signed(value) for value in integers(message.all(2))]
        labels = {}
        for label in message.messages(3):
            key = self.strings[label.one(1)]
            assert key not in labels, f"label {key} twice"
            assert label.one(2), f"label {key} has no text: Pyroscope drops such"
            labels[key] = self.strings[label.one(2)]
        return locations, values, labels

    def check_tables(self, top):
        for number, table in ((3, self.mappings), (4, self.locations), (5, self.functions)):
            assert len(table) == len(top.all(number)), "an id is there twice"
            assert 0 not in table, "an id is 0"
        for locations, values, _ in self.samples:
            assert locations, "a sample without a stack"
            assert len(values) == len(self.sample_types)
            assert all(value >= 0 for value in values), "Pyroscope drops negative samples"
            assert any(values), "Pyroscope drops samples that are all 0"
            assert all(each in self.locations for each in locations)
        seen = [(tuple(s[0]), tuple(sorted(s[2].items()))) for s in self.samples]
        assert len(set(seen)) == len(seen), "the same stack and labels twice"
        for location in self.locations.values():
            self.check_location(location)
        addresses = [each.one(3) for each in self.locations.values()]
        assert len(set(addresses)) == len(addresses), "Alloy tells lines apart by addresses"

    def check_location(self, location):
        assert location.one(3), "a location without an address"
        for line in location.messages(4):
            assert line.one(1) in self.functions
        mapping = self.mappings.get(location.one(2))
        if location.one(2) == 0:
            return
        assert mapping.one(2) <= location.one(3) < mapping.one(3), "outside of its mapping"
        if mapping.one(7):
            assert self.frames(location)[0][0], "has_functions, but this one has none"

    def frames(self, location):
        """(function, file, line) of each call at a location, innermost first."""
        return [
            (
                self.strings[self.functions[line.one(1)].one(2)],
                self.strings[self.functions[line.one(1)].one(4)],
                line.one(2),
            )
            for line in location.messages(4)
        ]

    def stacks(self):
        """Each sample as ([(function, file, line)] innermost first, values, labels)."""
        for locations, values, labels in self.samples:
            frames = [frame for id in locations for frame in self.frames(self.locations[id])]
            yield frames, values, labels

    def total(self, column):
        return sum(values[column] for _, values, _ in self.samples)

    def total_through(self, column, function):
        """The value of all stacks that a function of this name is in."""
        return sum(
            values[column]
            for frames, values, _ in self.stacks()
            if any(function in name for name, _, _ in frames)
        )
