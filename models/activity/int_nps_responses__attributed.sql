-- one row per NPS response
select
    responses.response_id,
    respondents.customer_id,
    responses.nps_score,
    responses.responded_date,
    responses.responded_at
from {{ ref('stg_support__nps_responses') }} as responses
left join {{ ref('int_source_records__attributed') }} as respondents
    on respondents.source_table = 'support_nps_responses'
        and responses.response_id = respondents.source_record_id
