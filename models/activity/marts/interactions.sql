-- one row per interaction
with interaction_types as (
    select * from {{ ref('interaction_types') }}
),

happenings as (
    select
        'crm_activities' as source_table,
        activity_id as source_record_id,
        customer_id,
        activity_type as source_value,
        occurred_date,
        occurred_at
    from {{ ref('int_activities__attributed') }}

    union all

    select
        'crm_needs' as source_table,
        need_id as source_record_id,
        customer_id,
        need_source as source_value,
        noted_date as occurred_date,
        noted_at as occurred_at
    from {{ ref('int_needs__attributed') }}

    union all

    select
        'support_tickets' as source_table,
        ticket_id as source_record_id,
        customer_id,
        coalesce(ticket_category, 'question') as source_value,
        opened_date as occurred_date,
        opened_at as occurred_at
    from {{ ref('int_tickets__attributed') }}

    union all

    select
        'support_nps_responses' as source_table,
        response_id as source_record_id,
        customer_id,
        'score' as source_value,
        responded_date as occurred_date,
        responded_at as occurred_at
    from {{ ref('int_nps_responses__attributed') }}

    union all

    select
        'product_events' as source_table,
        event_id as source_record_id,
        customer_id,
        event_type as source_value,
        occurred_date,
        occurred_at
    from {{ ref('int_product_events__attributed') }}

    union all

    select
        'marketing_touches' as source_table,
        touch_id as source_record_id,
        customer_id,
        touch_type as source_value,
        occurred_date,
        occurred_at
    from {{ ref('int_touches__attributed') }}
),

-- Types that the seed does not list (a need in an interview, a page view) are no interactions.
typed as (
    select
        happenings.source_table || ':' || happenings.source_record_id as interaction_id,
        happenings.customer_id,
        happenings.source_table,
        interaction_types.interaction_type,
        interaction_types.direction,
        happenings.occurred_date,
        happenings.occurred_at
    from happenings
    inner join interaction_types
        on happenings.source_table = interaction_types.source_table
            and happenings.source_value = interaction_types.source_value
)

select * from typed
