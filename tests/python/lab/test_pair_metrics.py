"""Pairwise and B-cubed figures of groups that were worked out on paper."""

from __future__ import annotations

import duckdb
import pytest

from strata_lab.pair_metrics import INDIRECT, Figures, measure


def figures(resolved: str, edges: str = "", count: int = 20) -> Figures:
    """Measure `key customer entity` triples, with `left right rule` edges."""
    connection = duckdb.connect()
    connection.execute(
        "create table resolved (record_key varchar, customer_id varchar, true_entity_id varchar);"
        "create table edges (left_record_key varchar, right_record_key varchar, rule_key varchar);"
        "create table rules (rule_key varchar, priority integer);"
        "insert into rules values ('id', 1), ('mail', 2), ('name', 3)"
    )
    for table, lines in (("resolved", resolved), ("edges", edges)):
        for line in lines.split(";"):
            if line.strip():
                connection.execute(f"insert into {table} values (?, ?, ?)", line.split())
    return measure(connection, resolved="resolved", edges="edges", rules="rules", count=count)


def test_figures_of_two_mixed_customers() -> None:
    """Entity A lies in c1 (2) and c2 (1), B in c1 (1) and c2 (1), C alone."""
    found = figures("a1 c1 A; a2 c1 A; b1 c1 B; a3 c2 A; b2 c2 B; c c3 C")
    assert (found.records, found.customers, found.largest_cluster) == (6, 3, 3)
    # Joined: 3 in c1 and 1 in c2. True: 3 of A and 1 of B. Both: a1 and a2.
    assert (found.joined_pairs, found.true_pairs, found.found_pairs) == (4, 4, 1)
    assert found.pairwise.precision == found.pairwise.recall == found.pairwise.f1 == 0.25
    # By record: a1 2/3, a2 2/3, b1 1/3, a3 1/2, b2 1/2, c 1; recall 2/3, 2/3, 1/2, 1/3, 1/2, 1.
    assert found.b_cubed.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 0.5 + 0.5 + 1) / 6)
    assert found.b_cubed.recall == pytest.approx((2 / 3 + 2 / 3 + 0.5 + 1 / 3 + 0.5 + 1) / 6)
    precision, recall = found.b_cubed.precision, found.b_cubed.recall
    assert found.b_cubed.f1 == pytest.approx(2 * precision * recall / (precision + recall))


def test_a_perfect_resolution_and_one_that_joins_nothing() -> None:
    perfect = figures("a1 c1 A; a2 c1 A; b c2 B")
    assert perfect.pairwise.f1 == perfect.b_cubed.f1 == 1
    nothing = figures("a1 c1 A; a2 c2 A; b c3 B")
    assert (nothing.pairwise.precision, nothing.pairwise.recall, nothing.pairwise.f1) == (1, 0, 0)
    assert nothing.b_cubed.recall == pytest.approx(2 / 3)
    alone = figures("a c1 A; b c2 B")
    assert (alone.true_pairs, alone.pairwise.f1) == (0, 1)


def test_false_pairs_are_put_down_to_the_edges_that_join_two_entities() -> None:
    """a1-a2 are right. The strongest edge between two entities takes all pairs between them."""
    found = figures(
        "a1 c1 A; a2 c1 A; b1 c1 B; b2 c1 B; d c2 D; e c2 E; f c3 F; g c3 G; h c4 H",
        "a1 a2 id; b1 b2 id; a1 b1 name; a2 b2 mail; a1 b1 id; f h id; d e name",
    )
    # A and B: four pairs, by the strongest of the edges between them. F and G: nothing joins them.
    assert found.false_pairs_by_rule == {"id": 4, "name": 1, INDIRECT: 1}
    assert sum(found.false_pairs_by_rule.values()) == found.joined_pairs - found.found_pairs
    assert found.first_false == [("a1", "b1", "id"), ("a2", "b2", "mail"), ("d", "e", "name")]
    assert len(figures("a c A; b c B; d c D", "a b id; b d id", count=1).first_false) == 1


def test_pairs_without_an_edge_of_their_own_are_the_weakest_rules() -> None:
    """A-B by id and B-C by name leave A-C, which only stands while both do."""
    found = figures("a c1 A; b c1 B; c c1 C", "a b id; b c name")
    assert found.false_pairs_by_rule == {"name": 2, "id": 1}


def test_one_customer_of_very_many_records_is_measured_at_once() -> None:
    connection = duckdb.connect()
    connection.execute(
        "create table resolved as select 'r' || i as record_key, 'c' as customer_id,"
        " 'e' || i as true_entity_id from range(100000) as t (i);"
        "create table edges as select 'r' || i as left_record_key,"
        " 'r' || (i + 1) as right_record_key, 'id' as rule_key from range(99999) as t (i);"
        "create table rules as select 'id' as rule_key, 1 as priority"
    )
    found = measure(connection, resolved="resolved", edges="edges", rules="rules")
    assert found.false_pairs_by_rule == {"id": 100_000 * 99_999 // 2}
    assert found.b_cubed.precision == pytest.approx(1e-5)
