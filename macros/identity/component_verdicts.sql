{#-
    Why a group of connected records cannot be one customer: too_large (more than 60 records, or
    more than `connected_components` reaches) or different_strong_ids (official numbers that are
    clearly different, the smallest and the largest of them); null if it can.

    members: CTE with component_key, is_unfinished, tax_id and national_id, one row per record.
    Returns a select of component_key and fallback_reason.
-#}
{% macro component_verdicts(members) -%}
    select
        component_key,
        case
            when count(*) > 60 or max(case when is_unfinished then 1 else 0 end) = 1 then 'too_large'
            when {{ numbers_differ('min(tax_id)', 'max(tax_id)') }}
                or {{ numbers_differ('min(national_id)', 'max(national_id)') }}
                then 'different_strong_ids'
        end as fallback_reason
    from {{ members }}
    group by component_key
{%- endmacro %}
