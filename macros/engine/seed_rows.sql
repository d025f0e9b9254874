{#-
    The rows of a seed with the line of the file on which each begins, the header being line 1.

    relation: a seed, as `ref('rules')`. Returns a subquery. `strata policy lint` runs the tests in
    tests/data/seeds without dbt, over the files themselves, and brings a `seed_rows` of its own.
-#}
{% macro seed_rows(relation) -%}
    (select *, rowid + 2 as line from {{ relation }})
{%- endmacro %}
