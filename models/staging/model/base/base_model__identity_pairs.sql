-- one row per raw row of model_identity_pairs
{% set raw_columns = [
    'pair_id', 'left_record_key', 'right_record_key', 'match_probability', 'accepted_from',
    'method_version', 'fitted_at', 'updated_at',
] %}
with cleaned as (
    select
        {{ clean_key('pair_id') }} as pair_id,
        {{ clean_key('left_record_key') }} as left_record_key,
        {{ clean_key('right_record_key') }} as right_record_key,
        {{ clean_key('match_probability') }} as match_probability_text,
        {{ clean_key('accepted_from') }} as accepted_from_text,
        {{ clean_text('method_version') }} as method_version,
        {{ iso_timestamp_text('fitted_at') }} as fitted_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('model', 'identity_pairs') }}
),

typed as (
    select
        cleaned.*,
        {{ dbt.safe_cast('cleaned.match_probability_text', 'double') }} as match_probability,
        {{ dbt.safe_cast('cleaned.accepted_from_text', 'double') }} as accepted_from,
        {{ utc_timestamp('cleaned.fitted_at_text') }} as fitted_at
    from cleaned
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed') }} as ignored_value,
        coalesce(
            case
                when typed.left_record_key is null then 'missing_key: left_record_key'
                when typed.right_record_key is null then 'missing_key: right_record_key'
            end,
            case
                when typed.match_probability_text is null then 'missing_amount: match_probability'
                when typed.match_probability is null then 'unreadable_amount: match_probability'
                when not (typed.match_probability >= 0 and typed.match_probability <= 1)
                    then 'out_of_range: match_probability'
            end,
            case
                when typed.accepted_from_text is not null and typed.accepted_from is null
                    then 'unreadable_amount: accepted_from'
                when not (typed.accepted_from >= 0 and typed.accepted_from <= 1)
                    then 'out_of_range: accepted_from'
            end,
            {{ date_problem('typed.fitted_at_text', required=false, date='typed.fitted_at') }}
        ) as problem
    from typed
),

deduplicated as (
    {{ deduplicate_and_reject(source('model', 'identity_pairs'), 'checked', raw_columns, [
        'pair_id', 'left_record_key', 'right_record_key', 'match_probability', 'accepted_from',
        'method_version', 'fitted_at',
    ]) }}
)

select * from deduplicated
