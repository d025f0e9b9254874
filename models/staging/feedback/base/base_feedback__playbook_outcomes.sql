-- one row per raw row of feedback_playbook_outcomes
{% set raw_columns = [
    'outcome_id', 'action_id', 'outcome', 'occurred_at', 'note', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('outcome_id') }} as outcome_id,
        {{ known_key('action_id') }} as action_id,
        {{ clean_word('outcome') }} as outcome_text,
        {{ iso_timestamp_text('occurred_at') }} as occurred_at_text,
        {{ clean_text('note') }} as note,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('feedback', 'playbook_outcomes') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        outcomes.value as outcome,
        {{ utc_timestamp('cleaned.occurred_at_text') }} as occurred_at,
        {{ business_date('cleaned.occurred_at_text') }} as occurred_date
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as outcomes
        on outcomes.value_kind = 'playbook_outcome'
            and cleaned.outcome_text = outcomes.word
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed') }} as ignored_value,
        coalesce(
            case
                when typed.action_id is null then 'missing_key: action_id'
                when typed.outcome_text is null then 'missing_key: outcome'
            end,
            {{ date_problem('typed.occurred_at_text', 'limits.latest_permitted_date') }},
            case when typed.outcome is null then 'unknown_value: outcome' end
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
),

deduplicated as (
    {{ deduplicate_and_reject(source('feedback', 'playbook_outcomes'), 'checked', raw_columns, [
        'outcome_id', 'action_id', 'outcome', 'note', 'occurred_date', 'occurred_at',
    ]) }}
)

select * from deduplicated
