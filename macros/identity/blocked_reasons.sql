{#-
    Which identifier values stand for nobody in particular: those that a pattern of `blocked_values`
    matches. Every value is looked at once, however many records carry it.

    identifiers: CTE with identifier_type and identifier_value; blocked_patterns: CTE with
    identifier_type, pattern and reason. Returns a select of identifier_type, identifier_value and
    blocked_reason, one row per blocked value.
-#}
{% macro blocked_reasons(identifiers, blocked_patterns) -%}
    select
        identifier_values.identifier_type,
        identifier_values.identifier_value,
        min({{ blocked_patterns }}.reason) as blocked_reason
    from (
        select
            identifier_type,
            identifier_value
        from {{ identifiers }}
        group by identifier_type, identifier_value
    ) as identifier_values
    inner join {{ blocked_patterns }}
        on identifier_values.identifier_type = {{ blocked_patterns }}.identifier_type
            and {{ engine('matches_pattern', 'identifier_values.identifier_value', blocked_patterns ~ '.pattern') }}
    group by identifier_values.identifier_type, identifier_values.identifier_value
{%- endmacro %}
