-- Fails if a current table and its history at the current date have different rows.
{% set pairs = [
    (ref('customer_metrics'), ref('customer_metrics_history')),
    (ref('customer_segments'), ref('customer_segments_history')),
    (ref('customer_segments'), ref('customer_metrics_history')),
] %}
{% for current, history in pairs -%}
{% set history_columns = adapter.get_columns_in_relation(history) | map(attribute='name') | list -%}
{% set columns = adapter.get_columns_in_relation(current) | map(attribute='name')
    | select('in', history_columns) | join(', ') or 'customer_id' -%}
(
    select
        '{{ current.identifier }}' as only_in,
        '{{ history.identifier }}' as compared_with,
        missing_in_history.customer_id
    from (
        select {{ columns }} from {{ current }}
        except
        select {{ columns }} from {{ history }} where is_current
    ) as missing_in_history
)
union all
(
    select
        '{{ history.identifier }}' as only_in,
        '{{ current.identifier }}' as compared_with,
        missing_in_current.customer_id
    from (
        select {{ columns }} from {{ history }} where is_current
        except
        select {{ columns }} from {{ current }}
    ) as missing_in_current
)
{{ 'union all' if not loop.last }}
{% endfor %}
