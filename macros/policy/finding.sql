{#-
    The columns of a finding about a seed, for the tests in tests/data/seeds, which dbt and
    `strata policy lint` run alike.

    seed: name of the seed; line: line of the row in its file; policy: null if it is about all;
    subject: what a reader finds the row by; problem: key of scripts/strata/catalogue/lint.yml, whose
    sentences take value, other, other_line and further. All but the seed are SQL expressions.
-#}
{% macro finding(seed, problem, subject, line='line', policy='policy_key', value='null', other='null', other_line='null', further='null') -%}
    '{{ seed }}' as seed,
    {{ line }} as line,
    cast({{ policy }} as varchar) as policy_key,
    {{ subject }} as subject,
    {{ problem }} as problem,
    cast({{ value }} as varchar) as value,
    cast({{ other }} as varchar) as other,
    {{ other_line }} as other_line,
    {{ further }} as further
{%- endmacro %}
