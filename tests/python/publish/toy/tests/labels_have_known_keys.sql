-- Fails if a label is neither a nor b; its rows are findings about a seed, safe to print.
{{ config(meta={'finding_column': 'finding'}) }}
select 'seeds/policy/labels.csv: unknown outcome_key ' || outcome_key as finding
from {{ ref('labels') }} where outcome_key not in ('a', 'b')
