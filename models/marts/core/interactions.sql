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
        'crm_needs',
        need_id,
        customer_id,
        need_source,
        noted_date,
        noted_at
    from {{ ref('int_needs__attributed') }}

    union all

    select
        'support_tickets',
        ticket_id,
        customer_id,
        coalesce(ticket_category, 'question'),
        opened_date,
        opened_at
    from {{ ref('int_tickets__attributed') }}

    union all

    select
        'support_nps_responses',
        response_id,
        customer_id,
        'score',
        responded_date,
        responded_at
    from {{ ref('int_nps_responses__attributed') }}

    union all

    select
        'product_events',
        event_id,
        customer_id,
        event_type,
        occurred_date,
        occurred_at
    from {{ ref('int_product_events__attributed') }}

    union all

    select
        'marketing_touches',
        touch_id,
        customer_id,
        touch_type,
        occurred_date,
        occurred_at
    from {{ ref('int_touches__attributed') }}
),

-- What the seed does not list (a need noted in an interview, a page view) is no interaction.
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
