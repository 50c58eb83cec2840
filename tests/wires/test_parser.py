"""The parser: what strangers send does not stay in memory, and what it made stays whole."""

from pathlib import Path

from iwapi.wires.parser import RENEW_AFTER, parse


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def test_names_that_strangers_send_do_not_stay_in_memory():
    def call(number: int) -> bytes:
        return b"<a>" + b"".join(b"<n%d_%d_%b/>" % (number, i, b"x" * 180) for i in range(4_900)) + b"</a>"

    for number in range(4):
        parse(call(number))
    before = resident()
    for number in range(4, 64):  # 57 MB of names
        parse(call(number))
    assert resident() - before < 16 * RENEW_AFTER


def test_a_tree_outlives_the_parser_that_made_it():
    trees = [parse(b"<a><b>x</b>" + b" " * (RENEW_AFTER // 3) + b"</a>") for _ in range(10)]
    assert [tree[0].tag + str(tree[0].text) for tree in trees] == ["bx"] * 10
