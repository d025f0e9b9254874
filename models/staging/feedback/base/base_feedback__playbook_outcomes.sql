-- one row per raw row of feedback_playbook_outcomes
{% set raw_columns = [
    'outcome_id', 'action_id', 'outcome', 'occurred_at', 'note', 'updated_at',
] %}
with source_rows as (
    select * from {{ source('feedback', 'playbook_outcomes') }}
),

placeholders as (
    {{ placeholder_words() }}
),

limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

outcomes as (
    select
        {{ clean_word('alias') }} as alias,
        value
    from {{ ref('value_aliases') }}
    where value_kind = 'playbook_outcome'
),

cleaned as (
    select
        {{ known_key('outcome_id') }} as outcome_id,
        {{ known_key('action_id') }} as action_id,
        {{ clean_word('outcome') }} as outcome_text,
        {{ iso_timestamp_text('occurred_at') }} as occurred_at_text,
        {{ clean_text('note') }} as note,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        outcomes.value as outcome,
        {{ utc_timestamp('cleaned.occurred_at_text') }} as occurred_at,
        {{ business_date('cleaned.occurred_at_text') }} as occurred_date,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join outcomes
        on cleaned.outcome_text = outcomes.alias
),

checked as (
    select
        typed.*,
        typed.outcome_id as source_key,
        {{ ignored_value('typed', {}) }} as ignored_value,
        coalesce(
            case
                when typed.outcome_id is null then 'missing_key: outcome_id'
                when typed.action_id is null then 'missing_key: action_id'
                when typed.outcome_text is null then 'missing_key: outcome'
            end,
            {{ date_problem(
                'typed.occurred_at_text', 'typed.occurred_date', 'limits.latest_permitted_date'
            ) }},
            case when typed.outcome is null then 'unknown_value: outcome' end,
            {{ date_problem('typed.updated_at_text', 'typed.updated_at', required=false) }}
        ) as problem
    from typed
    cross join limits
),

fated as (
    {{ deduplicate_and_reject(source('feedback', 'playbook_outcomes'), 'checked', raw_columns, [
        'outcome_id', 'action_id', 'outcome', 'note', 'occurred_date', 'occurred_at',
    ]) }}
)

select * from fated
