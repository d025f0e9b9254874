-- one row per raw row of model_lifetime_values
{% set counts = [
    'expected_purchase_count_3m', 'expected_purchase_count_6m', 'expected_purchase_count_12m',
] %}
{% set amounts = [
    'expected_value_amount_3m', 'expected_value_amount_6m', 'expected_value_amount_12m',
] %}
{% set numbers = ['probability_alive'] + counts + amounts %}
{% set raw_columns = ['customer_id', 'as_of_date'] + numbers + [
    'method_version', 'fitted_at', 'updated_at',
] %}
with cleaned as (
    select
        {{ clean_key('customer_id') }} as customer_id,
        {{ iso_timestamp_text('as_of_date') }} as as_of_date_text,
        {% for number in numbers -%}
        {{ clean_key(number) }} as {{ number }}_text,
        {% endfor -%}
        {{ clean_text('method_version') }} as method_version,
        {{ iso_timestamp_text('fitted_at') }} as fitted_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('model', 'lifetime_values') }}
),

-- Decimals, which know no infinity and nothing that is not a number.
typed as (
    select
        cleaned.*,
        {{ business_date('cleaned.as_of_date_text') }} as as_of_date,
        {% for number in numbers -%}
        {{ dbt.safe_cast(
            'cleaned.' ~ number ~ '_text', 'decimal(18, 4)' if number in amounts else 'decimal(18, 6)'
        ) }} as {{ number }},
        {% endfor -%}
        {{ utc_timestamp('cleaned.fitted_at_text') }} as fitted_at
    from cleaned
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed') }} as ignored_value,
        coalesce(
            {{ date_problem('typed.as_of_date_text', 'limits.latest_permitted_date') }},
            {% for number in numbers -%}
            {{ number_problem('typed.' ~ number ~ '_text') }},
            {% endfor -%}
            case
                {% for count in counts -%}
                when typed.{{ count }} is null then 'missing_amount: {{ count }}'
                {% endfor -%}
                when typed.probability_alive > 1 then 'out_of_range: probability_alive'
            end,
            {{ date_problem('typed.fitted_at_text', required=false, date='typed.fitted_at') }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
),

deduplicated as (
    {{ deduplicate_and_reject(source('model', 'lifetime_values'), 'checked', raw_columns,
        ['customer_id', 'as_of_date'] + numbers + ['method_version', 'fitted_at']) }}
)

select * from deduplicated
