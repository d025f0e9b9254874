-- one row per NPS response
with responses as (
    select * from {{ ref('stg_support__nps_responses') }}
),

ties as (
    select
        source_record_id,
        customer_id
    from {{ ref('int_source_records__attributed') }}
    where source_table = 'support_nps_responses'
),

attributed as (
    select
        responses.response_id,
        ties.customer_id,
        responses.nps_score,
        responses.responded_date,
        responses.responded_at
    from responses
    left join ties
        on responses.response_id = ties.source_record_id
)

select * from attributed
