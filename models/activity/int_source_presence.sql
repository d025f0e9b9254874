-- one row: which source tables have any row that is tied to a customer
with tied as (
    select * from {{ ref('int_sources__link_counts') }}
),

product_lines as (
    select
        count(product_category) as category_line_count,
        count(product_cost_amount) as cost_line_count
    from {{ ref('int_order_lines__valued') }}
    where customer_id is not null
),

presence as (
    select
        {% for source_table in [
            'erp_order_lines', 'crm_contacts', 'crm_opportunities', 'crm_activities',
            'crm_needs', 'billing_contracts', 'product_events', 'support_tickets',
            'support_nps_responses', 'marketing_touches',
        ] -%}
        max(case when tied.source_table = '{{ source_table }}' then tied.tied_count else 0 end) > 0
            as has_{{ source_table }},
        {% endfor -%}
        max(
            case
                when tied.source_table in (
                    'crm_activities', 'crm_needs', 'product_events', 'support_tickets',
                    'support_nps_responses', 'marketing_touches'
                )
                    then tied.tied_count
                else 0
            end
        ) > 0 as has_interactions,
        max(product_lines.category_line_count) > 0 as has_product_categories,
        max(product_lines.cost_line_count) > 0 as has_product_costs
    from tied
    cross join product_lines
)

select * from presence
